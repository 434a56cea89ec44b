"""Rules across answers as a clerk says them, and the expressions they become."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import evaluate_value
from forms.compile import compile_form
from forms.edit import EditRefused, fields, rules
from forms.edit.details import rename
from forms.edit.rules import OPERATORS, Answer, Comparison, Recorded, Today, Value, read, written
from forms.edit.tree import every, tree
from forms.pointers import join, put
from forms.validate import validate

NAMES = st.one_of(
    st.sampled_from(["vek", "a b", 'x"y', "a/b", "č", "None", ' == "', "\\", " or "]), st.text(min_size=1)
)
ANSWERS = st.builds(lambda names: Answer(pointer=join("", *names)), st.lists(NAMES, min_size=1, max_size=5))
VALUES = st.builds(
    lambda value: Value(value=value), st.one_of(st.integers(-9999, 9999), st.text("ab\"' č", max_size=5))
)
RECORDED = st.builds(lambda key, name, by: Recorded(register=key, field=name, by=by), NAMES, NAMES, ANSWERS)
SIDES = st.one_of(ANSWERS, VALUES, RECORDED, st.just(Today()))
FORM: dict[str, Any] = {
    "type": "object",
    "title": "Dotace",
    "properties": {
        "cost": {"type": "string", "format": "money", "title": "Náklady"},
        "wanted": {"type": "string", "format": "money", "title": "Dotace"},
        "from": {"type": "string", "format": "date", "title": "Od"},
        "to": {"type": "string", "format": "date", "title": "Do"},
        "owner": {"type": "object", "properties": {"age": {"type": "integer", "title": "Věk"}}},
    },
}


@given(SIDES, st.sampled_from(sorted(OPERATORS)), SIDES, st.sampled_from(["", "to_halere"]))
def test_a_comparison_is_read_back_as_it_was_said(left: Any, operator: str, right: Any, measure: str) -> None:
    said = Comparison(left=left, operator=operator, right=right, measure=measure)
    assert read(written(said)) == said


@pytest.mark.parametrize(
    ("left", "operator", "right", "measure", "right_answers", "wrong_answers"),
    [
        (
            Answer(pointer="/wanted"), "at-most", Answer(pointer="/cost"), "to_halere",
            {"wanted": "900.00", "cost": "1000.00"}, {"wanted": "1000.10", "cost": "1000.00"},
        ),
        (
            Answer(pointer="/to"), "at-least", Answer(pointer="/from"), "",
            {"from": "2026-01-01", "to": "2026-01-01"}, {"from": "2026-01-02", "to": "2026-01-01"},
        ),
        (
            Answer(pointer="/owner/age"), "at-least", Value(value=18), "",
            {"owner": {"age": 18}}, {"owner": {"age": 17}},
        ),
    ],
)  # fmt: skip
def test_a_rule_is_checked_once_both_sides_are_known(
    left: Any, operator: str, right: Any, measure: str, right_answers: Any, wrong_answers: Any
) -> None:
    begun = rules.add(FORM, "Takhle ne.")
    check = written(Comparison(left=left, operator=operator, right=right, measure=measure))
    form = compile_form(rules.set_check(begun.schema, begun.place, check, left.pointer).schema)
    assert not validate(form, right_answers, evaluate=evaluate_value)
    found = validate(form, wrong_answers, evaluate=evaluate_value)
    assert [(one.pointer, one.message) for one in found] == [(left.pointer, "Takhle ne.")]
    assert not validate(form, {}, evaluate=evaluate_value), "an unanswered question breaks no rule"


def test_a_rule_that_asks_a_register_declares_it_once() -> None:
    side = Recorded(register="prices", field="most", by=Answer(pointer="/kind"))
    check = written(Comparison(left=Answer(pointer="/cost"), operator="at-most", right=side))
    begun = rules.add(FORM, "")
    once = rules.set_check(begun.schema, begun.place, check, "").schema
    assert once["x-registers"] == ["prices"]
    assert rules.set_check(once, begun.place, check, "").schema == once


def test_removing_a_rule_leaves_the_others_with_their_translations() -> None:
    two = rules.add(rules.add(FORM, "první").schema, "druhá").schema
    two = put(two, "/x-translations", {"en": {"/x-rules/0/message": "first", "/x-rules/1/message": "second"}})
    one = rules.remove(two, "/x-rules/0").schema
    assert [rule["message"] for rule in one["x-rules"]] == ["druhá"]
    assert one["x-translations"]["en"] == {"/x-rules/0/message": "second"}
    assert "x-rules" not in rules.remove(one, "/x-rules/0").schema
    for place in ("/x-rules/5", "/properties/cost", "/x-rules", "/x-rules/-1"):
        with pytest.raises(EditRefused):
            rules.remove(one, place)


def test_what_is_no_comparison_is_left_as_an_expression() -> None:
    for text in ("True", "cost == 1", "", None, 'value_of("a", None) <= 5', "sum(x) <= sum(y)"):
        assert read(text) is None


TABLE: dict[str, Any] = {
    "type": "object",
    "title": "Zábor",
    "properties": {
        "to": {"type": "string", "format": "date", "title": "Nejpozději do"},
        "places": {
            "type": "array",
            "title": "Místa",
            "items": {
                "type": "object",
                "properties": {
                    "from": {"type": "string", "format": "date", "title": "Od"},
                    "to": {"type": "string", "format": "date", "title": "Do"},
                },
            },
        },
        "owner": {"type": "object", "title": "Žadatel", "properties": {"age": {"type": "integer", "title": "Věk"}}},
    },
}
ROWS, OWNER = "/properties/places/items", "/properties/owner"


def test_a_rule_in_a_repeated_group_is_checked_in_each_row_and_told_there() -> None:
    begun = rules.add(TABLE, "Konec je před začátkem.", ROWS)
    assert begun.place == f"{ROWS}/x-rules/0"
    check = written(Comparison(left=Answer(pointer="/to"), operator="at-least", right=Answer(pointer="/from")))
    made = rules.set_check(begun.schema, begun.place, check, "/to").schema
    line = next(one for one in every(tree(made)) if one.kind == "rule")
    assert (line.pointer, line.title) == (begun.place, "Konec je před začátkem.")
    rows = [{"from": "2027-01-02", "to": "2027-01-03"}, {"from": "2027-01-02", "to": "2027-01-01"}]
    found = validate(compile_form(made), {"places": rows}, evaluate=evaluate_value)
    assert [(one.pointer, one.message) for one in found] == [("/places/1/to", "Konec je před začátkem.")]
    unanswered = {"to": "2026-01-01", "places": [{"from": "2027-01-02"}]}
    assert not validate(compile_form(made), unanswered, evaluate=evaluate_value), "an answer outside is no stand-in"


def test_rules_of_a_group_go_with_it_and_leave_rules_of_the_form_alone() -> None:
    both = rules.add(rules.add(TABLE, "první", OWNER).schema, "formuláře").schema
    both = put(both, "/x-translations", {"en": {f"{OWNER}/x-rules/0/message": "first", "/x-rules/0/message": "form"}})
    copied = fields.duplicate(both, OWNER)
    assert copied.schema["x-translations"]["en"][f"{copied.place}/x-rules/0/message"] == "first"
    removed = rules.remove(both, f"{OWNER}/x-rules/0")
    assert removed.place == OWNER and "x-rules" not in removed.schema["properties"]["owner"]
    assert removed.schema["x-rules"] == [{"check": "True", "message": "formuláře"}]
    assert removed.schema["x-translations"]["en"] == {"/x-rules/0/message": "form"}


def test_another_name_follows_into_the_rules_of_its_group() -> None:
    check = written(Comparison(left=Answer(pointer="/age"), operator="at-least", right=Value(value=18)))
    begun = rules.add(TABLE, "Jen dospělí.", OWNER)
    made = rules.set_check(begun.schema, begun.place, check, "/age").schema
    renamed = rename(made, f"{OWNER}/properties/age", "vek").schema
    rule = renamed["properties"]["owner"]["x-rules"][0]
    assert rule["at"] == "/vek" and read(rule["check"]) == Comparison(
        left=Answer(pointer="/vek"), operator="at-least", right=Value(value=18)
    )


@pytest.mark.parametrize("place", ["/properties/x-rules/0", "/x-rules/a", "/x-rules", ""])
def test_only_an_item_of_rules_is_a_rule(place: str) -> None:
    assert not rules.is_rule(place)
