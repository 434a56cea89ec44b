"""What is said at once of answers is what the whole validation says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.compile import compile_form
from forms.validate import validate

QUESTIONS: dict[str, Any] = {
    "name": {"type": "string", "title": "Name", "minLength": 2, "maxLength": 5},
    "kind": {"enum": ["a", "b", 1]},
    "count": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
    "share": {"type": "number", "exclusiveMinimum": 0},
    "agreed": {"type": "boolean"},
    "ico": {"type": "string", "pattern": "^[0-9]+$"},
    "any": {"title": "Anything"},
}
SCHEMA = {"type": "object", "required": ["name"], "properties": QUESTIONS}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.floats(-1, 12),
    st.text(alphabet="ab1\x00 ", max_size=6),
    st.lists(st.text(max_size=1), max_size=1),
    st.dictionaries(st.just("x"), st.just("\x00"), max_size=1),
)
ANSWERS = st.dictionaries(st.sampled_from([*QUESTIONS, "stranger"]), VALUES)
DRAFTS = ["https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-04/schema#"]


@pytest.mark.parametrize("draft", DRAFTS)
@given(answers=ANSWERS)
def test_what_is_right_at_once_is_right(draft: str, answers: dict[str, Any]) -> None:
    form = compile_form({"$schema": draft, **_in(draft)})
    assert form.plain is not None
    if form.plain.is_right(answers):
        assert validate(replace(form, plain=None), answers) == []


@pytest.mark.parametrize("draft", DRAFTS)
def test_plain_answers_are_right_at_once(draft: str) -> None:
    form = compile_form({"$schema": draft, "additionalProperties": False, **_in(draft)})
    answers = {"name": "Anna", "kind": "b", "count": 4, "share": 0.5, "agreed": True, "ico": "123", "any": "x"}
    assert form.plain is not None and form.plain.is_right(answers)
    for wrong in ({"name": ""}, {"count": 5}, {"ico": "x"}, {"kind": "c"}, {"stranger": 1}, {"any": "\x00"}):
        assert not form.plain.is_right({**answers, **wrong})
        assert validate(form, {**answers, **wrong})


@pytest.mark.parametrize(
    "more",
    [
        {"if": {"required": ["kind"]}, "then": {"required": ["count"]}},
        {"dependentRequired": {"kind": ["count"]}},
        {"minProperties": 3},
        {"x-rules": [{"check": "count > 1", "message": {"cs": "Málo"}}]},
        {"properties": {"seat": {"type": "object", "properties": {"town": {"type": "string"}}}}},
        {"properties": {"name": {"type": "string", "x-rules": [{"check": "name", "message": {"cs": "Ne"}}]}}},
    ],
)
def test_a_form_that_looks_at_more_than_one_answer_is_not_plain(more: dict[str, Any]) -> None:
    assert compile_form({**SCHEMA, **more}).plain is None


def _in(draft: str) -> dict[str, Any]:
    """The schema as a draft writes it: in draft 4 an exclusive limit is a word beside the limit."""
    if "draft-04" not in draft:
        return SCHEMA
    return {**SCHEMA, "properties": {**QUESTIONS, "share": {"type": "number", "minimum": 0, "exclusiveMinimum": True}}}
