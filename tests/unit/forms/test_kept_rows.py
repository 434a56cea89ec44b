"""Rows: those that came with the task are only answered, new ones begin with what their author filled in."""

from __future__ import annotations

from typing import Any

from engine.expressions import evaluate_value
from forms.actions import act
from forms.compile import compile_form
from forms.decode import decode
from forms.view import view

CAME = {"scores": [{"criterion": "Soulad", "points": None}, {"criterion": "Přínos", "points": None}]}
ROW = {
    "type": "object",
    "properties": {"criterion": {"type": "string", "readOnly": True}, "points": {"type": ["number", "null"]}},
}


def scoring(**more: Any) -> Any:
    scores = {"type": "array", "title": "Kritéria", "items": ROW, "x-widget": "table", **more}
    return compile_form({"type": "object", "properties": {"scores": scores}})


def test_rows_that_are_kept_have_no_buttons() -> None:
    (kept,) = view(scoring(**{"x-rows-kept": True}), CAME, evaluate=evaluate_value).parts
    (free,) = view(scoring(), CAME, evaluate=evaluate_value).parts
    assert kept.add is None and not any(row.remove for row in kept.rows)
    assert free.add and all(row.remove for row in free.rows)


def test_a_forged_post_neither_adds_nor_drops_a_kept_row() -> None:
    form = scoring(**{"x-rows-kept": True})
    posted = [("/scores/1/points", "9"), ("/scores/2/points", "100"), ("/scores/1/criterion", "Jiné")]
    read = decode(form, posted, {}, CAME)
    assert read["scores"] == [{"criterion": "Soulad", "points": None}, {"criterion": "Přínos", "points": 9}]
    for button in ("add:/scores", "remove:/scores/0"):
        acted = act(form, [("/scores/0/points", "4"), ("_do", button)], current=CAME, evaluate=evaluate_value)
        assert [row["criterion"] for row in acted.data["scores"]] == ["Soulad", "Přínos"]
        assert acted.data["scores"][0]["points"] == 4


def test_rows_that_are_not_kept_are_those_that_were_posted() -> None:
    read = decode(scoring(), [("/scores/1/points", "9")], {}, CAME)
    assert len(read["scores"]) == 1


def test_a_new_row_begins_with_the_defaults_of_its_questions() -> None:
    asked = {"what": {"type": "string"}, "count": {"type": "integer", "default": 1}}
    asked |= {"sure": {"type": "boolean", "default": True, "const": True}}
    rows = {"type": "array", "items": {"type": "object", "properties": asked}}
    form = compile_form({"type": "object", "properties": {"items": rows}, "required": ["items"]})
    acted = act(form, [("/items/0/what", "pes"), ("/items/0/count", "3"), ("_do", "add:/items")], current={})
    assert acted.data["items"] == [{"what": "pes", "count": 3}, {"count": 1}]
    (first,) = view(form, {}, evaluate=evaluate_value).parts
    assert [part.text for part in first.rows[0].parts if part.pointer.endswith("/count")] == ["1"]
