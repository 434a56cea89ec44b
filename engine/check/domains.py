"""Which values a variable may have, as the forms that set it tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from engine.check.subject import Subject
from engine.check.texts import assigned_names
from engine.model import Json

#: A text that no condition names.
SOMETHING_ELSE = "…"


def schemas_of(subject: Subject, name: str) -> list[Mapping[str, Json]]:
    """Give the schemas under which forms set a variable; [] when something else than a form may set it, too."""
    forms = subject.surroundings.forms or {}
    found = [facts.properties[name] for facts in forms.values() if name in facts.properties]
    return [] if found and name in assigned_names(subject) else found


def allowed_values(schemas: list[Mapping[str, Json]]) -> list[Json] | None:
    """Give all values a variable may have; None when they can't be listed."""
    values: list[Json] = []
    for schema in schemas:
        listed = _listed(schema)
        if listed is None:
            return None
        values += [value for value in listed if value not in values]
    return values or None


def _listed(schema: Mapping[str, Json]) -> list[Json] | None:
    if schema.get("type") == "boolean":
        return [True, False]
    if "const" in schema:
        return [schema["const"]]
    if isinstance(schema.get("enum"), list):
        return list(schema["enum"])
    choices = schema.get("oneOf")
    if isinstance(choices, list) and choices and all(isinstance(c, dict) and "const" in c for c in choices):
        return [c["const"] for c in choices]
    return None


def probes(subject: Subject, name: str, conditions: list[ast.expr]) -> tuple[list[Json], bool]:
    """Give values worth trying for a variable, and whether they are all that a form lets through."""
    schemas = schemas_of(subject, name)
    allowed = allowed_values(schemas)
    if allowed is not None:
        return allowed, True
    literals = [value for condition in conditions for value in _compared_with(condition, name)]
    numbers = sorted({v for v in literals if isinstance(v, (int, float)) and not isinstance(v, bool)})
    texts = list(dict.fromkeys(v for v in literals if isinstance(v, str)))
    if numbers and not texts:
        return _within(schemas, [x for n in numbers for x in (n - 1, n, n + 1)]), bool(schemas)
    if texts and not numbers:
        return [*texts, SOMETHING_ELSE], False
    return ([True, False], False) if not literals or all(isinstance(v, bool) for v in literals) else ([], False)


def _within(schemas: list[Mapping[str, Json]], numbers: list[Json]) -> list[Json]:
    """Keep the numbers that the form's range lets through."""
    low = min((s.get("minimum", float("-inf")) for s in schemas), default=float("-inf"))
    high = max((s.get("maximum", float("inf")) for s in schemas), default=float("inf"))
    return [n for n in dict.fromkeys(numbers) if low <= n <= high]


def _compared_with(condition: ast.expr, name: str) -> Iterator[Json]:
    for node in ast.walk(condition):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Name) and side.id == name for side in sides):
                for side in sides:
                    yield from _constants(side)


def _constants(node: ast.expr) -> Iterator[Json]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant):
            yield part.value
