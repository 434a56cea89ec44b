"""What an author is told about a form that can be asked all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.expressions import problem_in
from engine.said import in_language
from forms.compile import compile_form
from forms.problems import problems


def unreadable(text: str) -> tuple[str, str] | None:
    why = problem_in(text)
    return None if why is None else (in_language(why, "cs"), why)


FORMS = sorted((Path(__file__).parents[3] / "processes").glob("*/forms/*.json"))


def told(schema: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.rule, one.pointer) for one in problems(compile_form({"type": "object", **schema}), unreadable)]


def test_a_condition_that_holds_for_no_answer_is_pointed_out() -> None:
    condition = {"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": {}}}}
    assert told({"properties": {"a": {}}, **condition}) == [("form-condition", "/if")]
    assert told({"properties": {"a": {}}, "required": ["a"], **condition}) == []


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"properties": {"a": {"format": "iço"}}}, ("form-format", "/properties/a/format")),
        ({"properties": {"a": {"$ref": "#/$defs/x"}}}, ("form-reference", "/properties/a")),
        ({"properties": {"a": {"x-computed": "1 +"}}}, ("form-expression", "/properties/a/x-computed")),
        ({"properties": {"a": {"x-visible": 3}}}, ("form-expression", "/properties/a/x-visible")),
        ({"x-rules": [{"message": "x"}]}, ("form-expression", "/x-rules/0/check")),
        ({"properties": {"a": {}}, "x-steps": [{"fields": ["/a", "/b"]}]}, ("form-steps", "/x-steps/0/fields")),
        ({"x-translations": {"en": {"/titel": "x"}}}, ("form-translation", "/x-translations/en")),
        ({"properties": {"a": {}}, "x-prefill": {"by": "/a", "map": {"/b/c": "d"}}}, ("form-prefill", "/x-prefill")),
    ],
)
def test_what_leads_nowhere_is_said_with_its_place(schema: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in told(schema)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_the_forms_of_our_agendas_have_no_errors(path: Path) -> None:
    found = problems(compile_form(json.loads(path.read_text("utf-8"))), unreadable)
    assert [one for one in found if one.severity == "error"] == []
