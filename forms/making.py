"""Schemas made of others, each made once, so that what is known about it can be kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forms.compile import Form
from forms.conditions import same
from forms.graph import Schema
from forms.pointers import MISSING
from forms.shape import Choice, Shape

Json = Any


def joined(form: Form, schemas: list[Schema]) -> Schema:
    """Give one schema for several that apply together; the same dict each time."""
    if len(schemas) == 1:
        return schemas[0]
    key = ("joined", *(id(schema) for schema in schemas))
    made: Schema = form.remember(key, lambda: _all_of(form, schemas), *schemas)
    return made


def _all_of(form: Form, schemas: list[Schema]) -> Schema:
    return form.graph.adopt({"allOf": list(schemas)}, schemas[0]) if schemas else {}


def offering(form: Form, schema: Schema, choices: list[Choice]) -> Schema:
    """Give the schema with these choices in place of its own."""

    def make() -> Schema:
        parts = [_as_choice(form, choice) for choice in choices]
        words = {key: value for key, value in schema.items() if key not in ("const", "enum", "oneOf", "anyOf")}
        return form.graph.adopt({**words, "oneOf": parts}, schema)

    sources = [choice.source for choice in choices]
    made: Schema = form.remember(("offering", id(schema), *map(id, sources)), make, schema, *sources)
    return made


def _as_choice(form: Form, choice: Choice) -> Schema:
    hint = choice.source.get("description") if {"const", "properties"} & choice.source.keys() else None
    words = {"title": choice.title or str(choice.value), **({"description": hint} if hint else {})}
    return form.graph.adopt({"const": choice.value, **words}, choice.source)


def without(branch: Schema, name: str, form: Form) -> Schema:
    """Give the branch without the property that tells branches apart."""

    def make() -> Schema:
        made = {keyword: value for keyword, value in branch.items() if keyword not in ("title", "description")}
        if "properties" in made:
            made["properties"] = {other: part for other, part in made["properties"].items() if other != name}
        if "allOf" in made:
            made["allOf"] = [without(part, name, form) for part in made["allOf"] if isinstance(part, dict)]
        return form.graph.adopt(made, branch)

    made: Schema = form.remember(("without", id(branch), name), make, branch)
    return made


def union(form: Form, shapes: list[Shape]) -> Schema:
    made: Schema = {
        keyword: value
        for keyword, value in shapes[0].keywords.items()
        if all(shape.keywords.get(keyword, MISSING) == value for shape in shapes)
    }
    properties: dict[str, list[Schema]] = {}
    for shape in shapes:
        for member in shape.members:
            listed = properties.setdefault(member.name, [])
            if all(member.schema is not other for other in listed):
                listed.append(member.schema)
    if properties:
        made["properties"] = {name: _one_or_any(form, parts) for name, parts in properties.items()}
    types = frozenset(name for shape in shapes for name in shape.types)
    if types and all(shape.types for shape in shapes):
        made["type"] = sorted(types)
    if all(shape.choices for shape in shapes):
        made["enum"] = _distinct(choice.value for shape in shapes for choice in shape.choices)
    return made


def _one_or_any(form: Form, parts: list[Schema]) -> Schema:
    return parts[0] if len(parts) == 1 else form.graph.adopt({"anyOf": parts}, parts[0])


def _distinct(values: Iterable[Json]) -> list[Json]:
    kept: list[Json] = []
    for value in values:
        if not any(same(value, other) for other in kept):
            kept.append(value)
    return kept
