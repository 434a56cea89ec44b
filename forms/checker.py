"""The one validator: python jsonschema with our formats, and with errors that know their field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from jsonschema import Draft4Validator, Draft6Validator, Draft7Validator, Draft202012Validator, validators
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from forms.formats import is_right
from forms.patterns import matches

Json = Any
#: `dependencies` is read in newer drafts too; the exclusive limits belong to `minimum` and `maximum` in draft 4.
_ANYWHERE = ("dependencies", "additionalItems", "exclusiveMinimum", "exclusiveMaximum")
DRAFTS: tuple[type[Validator], ...] = (Draft4Validator, Draft6Validator, Draft7Validator, Draft202012Validator)
Errors = Iterator[ValidationError]
Check = Callable[[Any, Any, Json, Any], Errors | None]
#: What a value surely is, by its type in Python.
_TYPES: dict[type, tuple[str, ...]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    dict: ("object",),
    list: ("array",),
}
#: What judges one value by itself. Most questions are asked with nothing else.
ALONE = frozenset(
    [
        *("type", "enum", "const", "pattern", "format", "minLength", "maxLength"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    ]
)
#: Says that a value meets a keyword, in every draft; what it doesn't say is left to the keyword's own check.
PLAIN: Mapping[str, Callable[[Any, Json], bool]] = {
    "type": lambda types, value: types in _TYPES.get(type(value), ()),
    "maxLength": lambda most, value: type(value) is str and len(value) <= most,
    "minLength": lambda least, value: type(value) is str and len(value) >= least,
    "minimum": lambda least, value: type(value) in (int, float) and value > least,
    "maximum": lambda most, value: type(value) in (int, float) and value < most,
}

#: What a branch of a choice may say besides.
_CHOICE = frozenset({"const", "title", "description"})


def checker_for(draft: type[Validator], root: Any) -> Validator:
    """Make a validator for the followed schema; it needs no registry and can't reach the network."""
    own = {keyword: check for keyword, check in _KEYWORDS.items() if keyword in known_keywords(draft)}
    own["type"] = _type_by(draft.VALIDATORS["type"])
    extended = validators.extend(draft, own)  # type: ignore[no-untyped-call]
    checker: Validator = extended(root)
    return checker


def known_keywords(draft: type[Validator]) -> frozenset[str]:
    """Give the keywords that mean something in a draft; those of _ANYWHERE do in all of them."""
    return frozenset({*_ANYWHERE, *draft.VALIDATORS, *(("then", "else") if "if" in draft.VALIDATORS else ())})


def foreign_keywords(draft: type[Validator]) -> frozenset[str]:
    """Give the keywords of other drafts, which this one leaves alone."""
    everywhere = frozenset(name for other in DRAFTS for name in known_keywords(other))
    return everywhere - known_keywords(draft)


def _properties(checker: Validator, properties: Any, instance: Json, schema: Any) -> Errors:
    if not isinstance(instance, dict):
        return
    for name, question in properties.items():
        if name in instance and not _is_surely_right(checker, question, instance[name]):
            yield from checker.descend(instance[name], question, path=name, schema_path=name)  # type: ignore[attr-defined]


def _is_surely_right(checker: Validator, question: Any, value: Json) -> bool:
    """Say whether a value meets a schema that looks only at it; to descend costs several times as much."""
    if not isinstance(question, dict):
        return False
    for keyword, meant in question.items():
        plain = PLAIN.get(keyword)
        if plain is not None and plain(meant, value):
            continue
        if keyword == "oneOf" and "const" in checker.VALIDATORS and _is_chosen(meant, value):
            continue
        check = checker.VALIDATORS.get(keyword)
        if check is None:
            continue
        if keyword not in ALONE or next(iter(check(checker, meant, value, question) or ()), None) is not None:
            return False
    return True


def _is_chosen(branches: Any, value: Json) -> bool:
    """Say whether a text is surely exactly one of the choices, each of which is a text."""
    if type(value) is not str or type(branches) is not list:
        return False
    meant = 0
    for branch in branches:
        if type(branch) is not dict or type(branch.get("const")) is not str or not branch.keys() <= _CHOICE:
            return False
        meant += branch["const"] == value
    return meant == 1


def _type_by(check: Check) -> Check:
    """Judge a type as the draft does, but at once where Python's own says as much in every draft."""

    def typed(checker: Validator, types: Any, instance: Json, schema: Any) -> Errors | None:
        return None if types in _TYPES.get(type(instance), ()) else check(checker, types, instance, schema)

    return typed


def _required(checker: Validator, names: Any, instance: Json, schema: Any) -> Errors:
    if isinstance(instance, dict) and isinstance(names, list):
        for name in names:
            if name not in instance:
                yield ValidationError("missing", validator="required", path=(name,))


def _dependent_required(checker: Validator, dependent: Any, instance: Json, schema: Any) -> Errors:
    if isinstance(instance, dict):
        for name, names in dependent.items():
            if name in instance:
                yield from _required(checker, names, instance, schema)


def _dependencies(checker: Validator, dependent: Any, instance: Json, schema: Any) -> Errors:
    if not isinstance(instance, dict):
        return
    for name, needed in dependent.items():
        if name not in instance:
            continue
        if isinstance(needed, list | str):
            yield from _required(checker, [needed] if isinstance(needed, str) else needed, instance, schema)
        else:
            yield from checker.descend(instance, needed, schema_path=name)  # type: ignore[attr-defined]


def _pattern(checker: Validator, pattern: str, instance: Json, schema: Any) -> Errors:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError("does not match", validator="pattern")


def _format(checker: Validator, name: Any, instance: Json, schema: Any) -> Errors:
    if isinstance(instance, str) and isinstance(name, str) and not is_right(name, instance):
        yield ValidationError("wrong format", validator="format")


def _multiple_of(checker: Validator, step: Any, instance: Json, schema: Any) -> Errors:
    """Reckon in what was written: 0.29 is a multiple of 0.01, although neither is exact in binary."""
    numbers = [value for value in (instance, step) if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == 2 and Fraction(repr(instance)) % Fraction(repr(step)):
        yield ValidationError("no multiple", validator="multipleOf")


def _additional(checker: Validator, allowed: Any, instance: Json, schema: Any) -> Errors:
    if not isinstance(instance, dict):
        return
    for name in instance:
        if name in schema.get("properties", {}) or any(matches(p, name) for p in schema.get("patternProperties", {})):
            continue
        if allowed is False:
            yield ValidationError("unknown", validator="additionalProperties", path=(name,))
        elif isinstance(allowed, dict):
            yield from checker.descend(instance[name], allowed, path=name)  # type: ignore[attr-defined]


def _one_of(checker: Validator, branches: list[Any], instance: Json, schema: Any) -> Errors:
    right = [branch for branch in branches if checker.evolve(schema=branch).is_valid(instance)]
    if not right:
        yield from _nearest(checker, branches, instance, "oneOf")
    elif len(right) > 1:
        names = [name for branch in right for name in _required_by(branch)]
        yield ValidationError("more than one", validator="oneOf", validator_value=names, path=names[:1])


def _any_of(checker: Validator, branches: list[Any], instance: Json, schema: Any) -> Errors:
    if not any(checker.evolve(schema=branch).is_valid(instance) for branch in branches):
        yield from _nearest(checker, branches, instance, "anyOf")


def _nearest(checker: Validator, branches: list[Any], instance: Json, keyword: str) -> Errors:
    """Give the errors of the branch that the answer meant; where only names are missing, say which would do."""
    if not isinstance(instance, dict | list):
        yield ValidationError("none fits", validator=keyword)
        return
    tries = [list(checker.descend(instance, branch, schema_path=at)) for at, branch in enumerate(branches)]  # type: ignore[attr-defined]
    meant = [errors for errors in tries if not any(_rules_out(error) for error in errors)] or tries
    missing = [[str(e.path[0]) for e in errors if e.validator == "required" and len(e.path) == 1] for errors in meant]
    if len(meant) > 1 and all(len(names) == len(errors) for names, errors in zip(missing, meant, strict=True)):
        yield from _which_is_missing(missing)
    else:
        yield from min(meant, key=_distance)


def _distance(errors: list[ValidationError]) -> tuple[int, int, int]:
    """Say how far an answer is from a branch: it names another value, lacks questions of it, has other faults."""
    others = sum(error.validator in ("const", "enum", "not") and len(error.path) <= 1 for error in errors)
    return others, sum(error.validator == "required" for error in errors), len(errors)


def _which_is_missing(missing: list[list[str]]) -> Errors:
    """Say what every branch needs; where they need different things, that one of them has to be there."""
    common = [name for name in missing[0] if all(name in names for names in missing)]
    if common:
        yield from (ValidationError("missing", validator="required", path=(name,)) for name in common)
    else:
        names = [name for listed in missing for name in listed]
        yield ValidationError("one of these", validator="anyOf", validator_value=names, path=names[:1])


def _rules_out(error: ValidationError) -> bool:
    """Say whether this error means that another branch was meant: the value that tells branches apart differs."""
    most = {"const": 1, "enum": 1, "not": 1, "type": 0}
    return len(error.path) <= most.get(str(error.validator), -1)


def _not(checker: Validator, forbidden: Any, instance: Json, schema: Any) -> Errors:
    if checker.evolve(schema=forbidden).is_valid(instance):
        names = [name for name in _required_by(forbidden) if isinstance(instance, dict) and name in instance]
        yield ValidationError("forbidden", validator="not", validator_value=names, path=names[:1])


def _required_by(schema: Any) -> list[str]:
    names = schema.get("required", []) if isinstance(schema, Mapping) else []
    return list(names) if isinstance(names, list) else []


_KEYWORDS = {
    "properties": _properties,
    "required": _required,
    "dependentRequired": _dependent_required,
    "dependencies": _dependencies,
    "pattern": _pattern,
    "format": _format,
    "additionalProperties": _additional,
    "multipleOf": _multiple_of,
    "oneOf": _one_of,
    "anyOf": _any_of,
    "not": _not,
}
