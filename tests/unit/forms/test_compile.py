"""What can't be a form is refused with its place; what looks odd and is right is taken."""

from __future__ import annotations

from typing import Any

import pytest

from forms.compile import compile_form
from forms.errors import FormSchemaError
from forms.patterns import matches, refuse_unsafe
from forms.validate import validate
from forms.view import view
from tests.counting import calls_in

ODD = ["typename", "__proto__", "class", "a.b", "a/b", "a[0]", "🏛", "$ref", "", "~1"]


def refused(schema: Any) -> FormSchemaError:
    with pytest.raises(FormSchemaError) as caught:
        compile_form(schema)
    return caught.value


@pytest.mark.parametrize(
    "reference",
    ["https://example.com/person.json", "file:///etc/passwd", "other.json#/a", "library:nobody", "//host/x"],
)
def test_a_reference_that_leads_outside_is_refused(reference: str) -> None:
    error = refused({"type": "object", "properties": {"a": {"$ref": reference}}})
    assert reference in str(error)
    assert error.pointer == "/properties/a"


def test_a_reference_that_leads_nowhere_in_the_file_is_warned_of_and_asked_as_anything() -> None:
    form = compile_form({"type": "object", "properties": {"a": {"$ref": "#/$defs/nobody"}}})
    assert form.graph.warnings[0][0] == "/properties/a"
    assert view(form, {}).parts[0].widget == "json"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"type": "object", "allOf": [{"$ref": "#"}]},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"$ref": "#/$defs/x"}}},
        {"type": "object", "anyOf": [{"$ref": "#/$defs/x"}], "$defs": {"x": {"not": {"$ref": "#/$defs/x"}}}},
    ],
)
def test_a_schema_that_applies_itself_for_ever_is_refused(schema: Any) -> None:
    refused(schema)


def test_references_that_double_with_every_step_are_refused() -> None:
    twice = {f"d{at}": {"allOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 2} for at in range(20)}
    error = refused({"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": {**twice, "d20": {}}})
    assert "Too many" in str(error)


@pytest.mark.parametrize("types", ["object", ["object"], ["object", "null"]])
def test_the_top_may_be_an_object_among_other_things(types: Any) -> None:
    form = compile_form({"type": types, "properties": {"a": {"type": "string"}}, "required": ["a"]})
    assert [part.pointer for part in view(form, {}).parts] == ["/a"]
    assert [error.pointer for error in validate(form, {})] == ["/a"]
    assert "object" in str(refused({"type": ["array", "null"]}))


def test_counts_written_with_a_decimal_point_are_counts() -> None:
    rows = {"type": "array", "minItems": 2.0, "maxItems": 3.0, "items": {"type": "object", "properties": {"a": {}}}}
    form = compile_form({"type": "object", "required": ["r"], "properties": {"r": rows}})
    assert len(view(form, {}).parts[0].rows) == 2  # type: ignore[attr-defined]


def test_a_schema_nested_too_deep_is_refused() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(3000):
        schema = {"type": "object", "properties": {"a": schema}}
    refused(schema)


@pytest.mark.parametrize("schema", [{"type": "array"}, {"type": "string"}, [], "x", None, {"type": "objekt"}])
def test_what_is_no_object_at_the_top_is_refused(schema: Any) -> None:
    refused(schema)


def test_an_invalid_schema_says_where() -> None:
    assert refused({"$schema": "http://json-schema.org/draft-04/schema#", "required": []}).pointer == "/required"


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(a|a)*$", r"^(.*)*$", r"(x+x+)+y", r"^(a?){25}a{25}$"])
def test_a_pattern_that_could_explode_takes_work_that_grows_with_the_text_only(pattern: str) -> None:
    def work(length: int) -> int:
        return calls_in(lambda: matches(pattern, "a" * length + "!"))[1]

    refuse_unsafe(pattern, "")
    work(10)
    assert work(400) < 6 * work(100)


def test_a_pattern_that_cannot_be_bounded_or_read_is_refused() -> None:
    for pattern in (r"^(a+)+\1$", r"(?<=(a+)+)b+c+", "(", "[z-a]"):
        refused({"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}})


@pytest.mark.parametrize("name", ODD)
def test_a_field_may_be_called_anything(name: str) -> None:
    form = compile_form({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]})
    assert [error.keyword for error in validate(form, {})] == ["required"]
    assert validate(form, {name: "x"}) == []


def test_drafts_4_and_7_are_read_in_their_own_meaning() -> None:
    four = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 1, "exclusiveMinimum": True}},
    }
    assert [e.keyword for e in validate(compile_form(four), {"n": 1})] == ["minimum"]
    seven = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {"short": {"type": "string", "maxLength": 3}},
        "type": "object",
        "properties": {"a": {"$ref": "#/definitions/short", "maxLength": 1}},
        "dependencies": {"a": ["b"]},
    }
    assert [(e.pointer, e.keyword) for e in validate(compile_form(seven), {"a": "abc"})] == [("/b", "required")]


def test_the_shared_library_is_there_and_every_part_of_it_is_a_form_part() -> None:
    for name in ("person", "address", "organisation", "bank_account", "contact", "consent"):
        form = compile_form({"type": "object", "properties": {"a": {"$ref": f"library:{name}"}}})
        assert view(form, {}, lang="en").parts[0].label


def test_a_step_that_names_a_field_twice_is_refused() -> None:
    steps = [{"key": "a", "fields": ["/x"]}, {"key": "b", "fields": ["/x"]}]
    assert "twice" in str(refused({"type": "object", "properties": {"x": {}}, "x-steps": steps}))
