"""A read-only part is so with everything in it: shown as text, without buttons, never changed by a post."""

from __future__ import annotations

import pytest

from forms.actions import act, revealed
from forms.compile import compile_form
from forms.decode import decode
from forms.parts import Group, Rows
from forms.view import view

FORM = compile_form(
    {
        "type": "object",
        "properties": {
            "finding": {
                "type": "object",
                "readOnly": True,
                "properties": {
                    "host": {"type": "string"},
                    "places": {"type": "array", "items": {"type": "string"}},
                    "proof": {"type": "array", "items": {"type": "string", "format": "file"}},
                },
            },
            "verdict": {"type": "string", "title": "Verdict"},
        },
        "required": ["verdict"],
    }
)
KNOWN = {"finding": {"host": "a.example", "places": ["/x", "/y"], "proof": ["f1"]}}


def test_it_is_shown_without_anything_to_press_or_write() -> None:
    group = next(part for part in view(FORM, KNOWN).parts if part.pointer == "/finding")
    assert isinstance(group, Group)
    host, places, *_ = group.parts
    assert (host.widget, host.text) == ("read", "a.example")  # type: ignore[union-attr]
    assert isinstance(places, Rows)
    assert places.add is None
    assert [row.remove for row in places.rows] == [None, None]


@pytest.mark.parametrize(
    "pressed",
    ["add:/finding/places", "remove:/finding/places/0", "remove-file:/finding/proof?f1", "prefill:/finding/host"],
)
def test_a_button_that_was_never_shown_changes_nothing(pressed: str) -> None:
    acted = act(FORM, [("/verdict", "yes"), ("_do", pressed)], current=KNOWN)
    assert acted.data == {**KNOWN, "verdict": "yes"}


def test_what_is_written_into_it_anyway_is_not_taken_and_the_form_is_accepted() -> None:
    pairs = [("/finding/host", "evil.example"), ("/finding/places/0", "/z"), ("/verdict", "yes")]
    data = decode(FORM, pairs, current=KNOWN)
    assert data == {**KNOWN, "verdict": "yes"}
    assert revealed(FORM, data, [("/verdict", "yes")]) == []


def test_a_group_whose_every_question_is_only_shown_stays_as_it_is() -> None:
    shown = {"type": "string", "readOnly": True}
    movement = {"type": "object", "properties": {"amount": shown, "from": shown}}
    form = compile_form({"type": "object", "properties": {"movement": movement, "what": {"type": "string"}}})
    known = {"movement": {"amount": "300,00 Kč", "from": "OBEC PLATCE"}}
    assert decode(form, [("/what", "assign")], {}, known) == {**known, "what": "assign"}
