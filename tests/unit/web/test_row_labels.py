"""Sheets of labels."""

from __future__ import annotations

from web.label_sheets import ON_SHEET, Label, sheets


def test_labels_come_on_sheets_of_three_by_eight_and_names_are_only_text() -> None:
    made = [
        Label(caption=f"E-{n} <b>", address="https://mesto.example/m/x", lines=["OM <i>"], contact="Město & spol.")
        for n in range(ON_SHEET + 1)
    ]
    page = sheets(made)
    assert page.count('class="sheet"') == 2
    assert page.count('class="label"') == ON_SHEET + 1
    assert "<b>" not in page and "<i>" not in page
    assert "Město &amp; spol." in page
