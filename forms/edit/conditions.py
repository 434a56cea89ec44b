"""When a question is asked, as a clerk says it: field, operator, value; written into `if` and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.edit.places import Schema
from forms.pointers import join, split

Json = Any

#: Operator → the schema that a value has to satisfy. The rest is about whether there is an answer at all.
_TESTS: Mapping[str, Callable[[Json], Schema]] = {
    "is": lambda value: {"const": value},
    "is-not": lambda value: {"not": {"const": value}},
    "one-of": lambda value: {"enum": value},
    "at-least": lambda value: {"minimum": value},
    "at-most": lambda value: {"maximum": value},
    "over": lambda value: {"exclusiveMinimum": value},
    "under": lambda value: {"exclusiveMaximum": value},
    "contains": lambda value: {"contains": {"const": value}},
}
_KEYWORDS = {
    "const": "is",
    "enum": "one-of",
    "minimum": "at-least",
    "maximum": "at-most",
    "exclusiveMinimum": "over",
    "exclusiveMaximum": "under",
}
ANSWERED, UNANSWERED = "answered", "unanswered"
OPERATORS = (*_TESTS, ANSWERED, UNANSWERED)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One answer that is looked at: where it stands among the siblings, how, and against what."""

    #: Pointer into the answers of the container: `/exempt`, `/owner/age`.
    pointer: str
    operator: str
    value: Json = None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Several tests together: all of them, or any."""

    clauses: tuple[Clause, ...]
    any: bool = False


def written(condition: Condition) -> Schema:
    """Give the schema for `if`."""
    parts = [_written(test) for test in condition.clauses]
    if len(parts) == 1:
        return parts[0]
    if condition.any:
        return {"anyOf": parts}
    names = [name for one in parts for name in one.get("required", ["?"])]
    if "?" in names or len(set(names)) < len(names):
        return {"allOf": parts}
    looked_at = {name: schema for one in parts for name, schema in one.get("properties", {}).items()}
    return {**({"properties": looked_at} if looked_at else {}), "required": names}


def _written(test: Clause) -> Schema:
    names = split(test.pointer)
    if test.operator == ANSWERED:
        made: Schema = {"required": [names[-1]]}
    elif test.operator == UNANSWERED:
        made = {"not": {"required": [names[-1]]}}
    else:
        made = {"properties": {names[-1]: _TESTS[test.operator](test.value)}, "required": [names[-1]]}
    for name in reversed(names[:-1]):
        made = {"properties": {name: made}, "required": [name]}
    return made


def read(schema: Json) -> Condition | None:
    """Read an `if` as tests; None when it says something that tests can't."""
    if not isinstance(schema, dict):
        return None
    for keyword in ("anyOf", "allOf"):
        if schema.keys() == {keyword} and isinstance(schema[keyword], list):
            read_parts = [_tests(part, ()) for part in schema[keyword]]
            single = [tests[0] for tests in read_parts if tests is not None and len(tests) == 1]
            if len(single) < len(read_parts) or len(single) < 2:
                return None
            return _exactly(Condition(clauses=tuple(single), any=keyword == "anyOf"), schema)
    tests = _tests(schema, ())
    return _exactly(Condition(clauses=tuple(tests)), schema) if tests else None


def _exactly(condition: Condition, schema: Schema) -> Condition | None:
    """Keep a reading only when it would be written as the very same schema, up to order."""
    return condition if written(condition) == schema or _loose(schema) == _loose(written(condition)) else None


def _loose(schema: Json) -> Json:
    """Forget the order of required names, and `type` beside a value that has it anyway."""
    if isinstance(schema, list):
        return [_loose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _loose(value) for key, value in schema.items()}
    if isinstance(made.get("required"), list):
        made["required"] = sorted(map(str, made["required"]))
    return made


def _tests(schema: Json, above: tuple[str, ...]) -> list[Clause] | None:
    if not isinstance(schema, dict):
        return None
    unanswered = schema.get("not")
    if schema.keys() == {"not"} and isinstance(unanswered, dict) and unanswered.keys() == {"required"}:
        names = unanswered["required"]
        return [Clause(pointer=join("", *above, names[0]), operator=UNANSWERED)] if len(names) == 1 else None
    if not schema.keys() <= {"properties", "required"} or not isinstance(schema.get("required"), list):
        return None
    looked_at = schema.get("properties", {})
    if not isinstance(looked_at, dict) or not looked_at.keys() <= set(schema["required"]):
        return None
    found: list[Clause] = []
    for name in schema["required"]:
        tests = _of_property(name, looked_at, above)
        if tests is None:
            return None
        found += tests
    return found


def _of_property(name: Json, looked_at: Schema, above: tuple[str, ...]) -> list[Clause] | None:
    if not isinstance(name, str):
        return None
    if name not in looked_at:
        return [Clause(pointer=join("", *above, name), operator=ANSWERED)]
    found = _operator(looked_at[name])
    if found:
        return [Clause(pointer=join("", *above, name), operator=found[0], value=found[1])]
    tests = _tests(looked_at[name], (*above, name))
    return tests if tests and len(tests) == 1 else None


def _operator(schema: Json) -> tuple[str, Json] | None:
    if not isinstance(schema, dict) or len(schema) != 1:
        return None
    keyword, value = next(iter(schema.items()))
    if keyword in _KEYWORDS:
        return _KEYWORDS[keyword], value
    inner = isinstance(value, dict) and value.keys() == {"const"}
    if inner and keyword == "not":
        return "is-not", value["const"]
    if inner and keyword == "contains":
        return "contains", value["const"]
    return None
