"""Choices that are written: matched without accents, offered where the text isn't the whole of one name."""

from __future__ import annotations

from typing import Any

import pytest

from forms.compile import compile_form
from forms.decode import decode
from forms.validate import validate
from forms.view import view
from tests.unit.forms.browser import Page
from web.ui.forms import render_page

TOWNS = [("1", "Říčany"), ("2", "Praha"), ("3", "Praha 1"), ("4", "Lhota"), ("5", "Lhota"), ("6", "Nová Říše")]
CHOICES = [{"const": value, "title": title} for value, title in TOWNS]
FORM = compile_form(
    {
        "type": "object",
        "required": ["town"],
        "properties": {"town": {"oneOf": CHOICES, "title": "Obec", "x-widget": "autocomplete"}},
    }
)


def read(*typed: str) -> Any:
    return decode(FORM, [("/town", text) for text in typed]).get("town")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("Říčany", "1"), ("  ricany ", "1"), ("PRAHA", "2"), ("praha 1", "3"), ("lhota (5)", "5"), ("nova  rise", "6")],
)
def test_a_typed_name_is_its_value(typed: str, value: str) -> None:
    assert read(typed) == value
    assert validate(FORM, {"town": value}) == []


@pytest.mark.parametrize(
    ("typed", "sentence", "offered"),
    [
        ("prah", "Obec: vyberte pod polem, co jste měli na mysli", ["2", "3"]),
        ("lhota", "Obec: vyberte pod polem, co jste měli na mysli", ["4", "5"]),
        ("rise", "Obec: vyberte pod polem, co jste měli na mysli", ["6"]),
        ("Brno", "Obec: „Brno“ v seznamu není, zkuste jen část názvu", []),
    ],
)
def test_what_is_no_whole_name_is_kept_and_offered(typed: str, sentence: str, offered: list[str]) -> None:
    data = {"town": read(typed)}
    assert data == {"town": typed}
    errors = validate(FORM, data)
    assert [error.message for error in errors] == [sentence]
    html = render_page(view(FORM, data, errors=errors))
    radios = [one["value"] for one in Page(html).controls if one.get("type") == "radio"]
    assert radios == offered
    assert f'value="{typed}"' in html


def test_a_radio_under_the_text_decides_and_the_name_stands_in_the_control() -> None:
    assert read("lhota", "5") == "5"
    assert 'value="Lhota (5)"' in render_page(view(FORM, {"town": "5"}))
    assert read("", "") is None
    assert [error.keyword for error in validate(FORM, {})] == ["required"]
