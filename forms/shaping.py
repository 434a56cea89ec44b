"""What a place in the form looks like for the present answer: schemas that apply there, put together.

`allOf` is joined, of `if` the branch that applies, of `oneOf` the branch whose discriminator matches. Where branches
can't be told apart by one property, all their properties are offered and the validator decides.
"""

from __future__ import annotations

from typing import Any

from forms.compile import Form
from forms.conditions import Opener, opener_of, same, tested
from forms.graph import Schema
from forms.making import joined, offering, union, without
from forms.pointers import MISSING
from forms.shape import Choice, Member, Shape

Json = Any


#: Keywords that the collector puts together itself.
_STRUCTURE = frozenset(
    ("properties", "required", "allOf", "anyOf", "oneOf", "if", "then", "else", "not", "type", "enum", "const")
) | {"dependentSchemas", "dependentRequired", "dependencies"}
_CONDITIONAL = ("if", "oneOf", "anyOf", "dependentSchemas", "dependentRequired", "dependencies")


def shape_of(form: Form, schema: Any, value: Json) -> Shape:
    """Put together what applies at a place with this value."""
    if not isinstance(schema, dict):
        schema = {}
    known = form.memory.get(("shape", id(schema)))
    if known is not None:
        return known[0]  # type: ignore[no-any-return]
    collector = _Collector(form, value)
    collector.add(schema, None)
    shape = collector.shape()
    if not collector.depends:
        form.memory["shape", id(schema)] = (shape, (schema,))
    return shape


class _Collector:
    def __init__(self, form: Form, value: Json) -> None:
        self._form = form
        self._value = value
        self._keywords: Schema = {}
        self._sources: dict[str, Schema] = {}
        self._types: frozenset[str] | None = None
        self._choices: list[Choice] | None = None
        self._schemas: dict[str, list[Schema]] = {}
        self._openers: dict[str, Opener | None] = {}
        self._required: set[str] = set()
        self._offered: dict[str, list[Choice]] = {}
        #: The result holds for this value only.
        self.depends = False

    def add(self, schema: Any, opener: Opener | None) -> None:
        if not isinstance(schema, dict):
            return
        self._add_own(schema)
        self._add_properties(schema, opener)
        for part in schema.get("allOf", ()):
            self.add(part, opener)
        if any(keyword in schema for keyword in _CONDITIONAL):
            self._add_dependent(schema)
            self._add_conditional(schema)
            for keyword in ("oneOf", "anyOf"):
                self._add_alternatives(schema.get(keyword, []))

    def _add_own(self, schema: Schema) -> None:
        for keyword, value in schema.items():
            if keyword not in _STRUCTURE and keyword not in self._keywords:
                self._keywords[keyword] = value
                self._sources[keyword] = schema
        if "type" in schema:
            types = frozenset([schema["type"]] if isinstance(schema["type"], str) else schema["type"])
            self._types = types if self._types is None else _common(self._types, types)
        if "const" in schema:
            self._narrow([Choice(value=schema["const"], title="", source=schema)])
        elif "enum" in schema:
            self._narrow([Choice(value=value, title="", source=schema) for value in schema["enum"]])

    def _narrow(self, choices: list[Choice]) -> None:
        if self._choices is None:
            self._choices = choices
        else:
            self._choices = [c for c in self._choices if any(same(c.value, other.value) for other in choices)]

    def _add_properties(self, schema: Schema, opener: Opener | None) -> None:
        for name, part in schema.get("properties", {}).items():
            if part is False:
                continue
            if name not in self._schemas:
                self._openers[name] = opener
            listed = self._schemas.setdefault(name, [])
            if isinstance(part, dict) and all(part is not other for other in listed):
                listed.append(part)
        names = schema.get("required")
        if isinstance(names, list):
            self._required.update(names)

    def _add_dependent(self, schema: Schema) -> None:
        present = self._value if isinstance(self._value, dict) else {}
        for keyword in ("dependentSchemas", "dependentRequired", "dependencies"):
            for name, needed in schema.get(keyword, {}).items():
                self.depends = True
                if name in present and isinstance(needed, list):
                    self._required.update(needed)
                elif name in present:
                    self.add(needed, Opener(name=name))

    def _add_conditional(self, schema: Schema) -> None:
        if "if" not in schema:
            return
        self.depends = True
        value = {} if self._value is MISSING else self._value
        holds = self._form.checker.evolve(schema=schema["if"]).is_valid(value)
        branch = schema.get("then" if holds else "else")
        opener = opener_of(schema["if"], holds=holds)
        self.add(branch, opener)

    def _add_alternatives(self, branches: list[Any]) -> None:
        real = [branch for branch in branches if isinstance(branch, dict) and branch.get("type") != "null"]
        if len(real) < len(branches) and any(isinstance(b, dict) for b in branches):
            self._keywords.setdefault("x-nullable", True)
        if len(real) == 1:
            self.add(real[0], None)
        elif real and all(_is_value(branch) for branch in real):
            self._narrow([choice for branch in real for choice in _values(branch)])
        elif real:
            self._add_branches(real)

    def _add_branches(self, branches: list[Schema]) -> None:
        flat = [shape_of(self._form, branch, self._value) for branch in branches]
        told = _discriminator(flat)
        if told is None:
            self.add(self._either(branches, flat), None)
            return
        self.depends = True
        offered = [choice for shape in flat for choice in _choices_of(shape, told, self._form)]
        self._offered[told] = offered
        self._schemas.setdefault(told, []).extend([] if told in self._schemas else [_member(flat[0], told).schema])
        self._openers.setdefault(told, None)
        if all(told in _needed(branch) for branch in flat):
            self._required.add(told)
        answer = self._value.get(told, MISSING) if isinstance(self._value, dict) else MISSING
        for branch, shape in zip(branches, flat, strict=True):
            values = [choice.value for choice in _choices_of(shape, told, self._form)]
            if any(same(value, answer) for value in values):
                self.add(without(branch, told, self._form), Opener(name=told, value=answer))

    def _either(self, branches: list[Schema], flat: list[Shape]) -> Schema:
        """Make a schema of what branches have in common, with the properties of all."""
        form, key = self._form, ("either", *(id(branch) for branch in branches))
        made: Schema = form.remember(key, lambda: form.graph.adopt(union(form, flat), branches[0]), *branches)
        return made

    def shape(self) -> Shape:
        members = tuple(self._member(name, schemas) for name, schemas in self._schemas.items())
        types = self._types if self._types is not None else _guessed(self._keywords, members, self._choices)
        return Shape(
            keywords=self._keywords,
            sources=self._sources,
            types=types - {"null"},
            choices=tuple(choice for choice in self._choices or () if choice.value is not None),
            members=members,
            required=frozenset(self._required),
            nullable="null" in types or bool(self._keywords.pop("x-nullable", False)),
        )

    def _member(self, name: str, schemas: list[Schema]) -> Member:
        schema = joined(self._form, schemas)
        if name in self._offered:
            schema = offering(self._form, schema, self._offered[name])
        return Member(name=name, schema=schema, required=name in self._required, opener=self._openers.get(name))


def _common(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    both = one & other
    if ("integer" in one and "number" in other) or ("number" in one and "integer" in other):
        both |= {"integer"}
    return both


def _is_value(branch: Schema) -> bool:
    return ("const" in branch or "enum" in branch) and "properties" not in branch


def _values(branch: Schema) -> list[Choice]:
    title = str(branch.get("title", ""))
    return [Choice(value=value, title=title, source=branch) for value in tested(branch)]


def _member(shape: Shape, name: str) -> Member:
    return next(member for member in shape.members if member.name == name)


def _needed(shape: Shape) -> set[str]:
    return {member.name for member in shape.members if member.required}


def _choices_of(shape: Shape, name: str, form: Form) -> tuple[Choice, ...]:
    member = _member(shape, name)
    choices = shape_of(form, member.schema, MISSING).choices
    title = str(shape.get("title", "")) if len(choices) == 1 else ""
    return tuple(
        Choice(
            value=c.value, title=c.title or title, source=shape.sources.get("title", c.source) if title else c.source
        )
        for c in choices
    )


def _discriminator(shapes: list[Shape]) -> str | None:
    """Find the property that has its own values in every branch."""
    names = [member.name for member in shapes[0].members]
    return next((name for name in names if _tells_apart(shapes, name)), None)


def _tells_apart(shapes: list[Shape], name: str) -> bool:
    seen: list[Json] = []
    for shape in shapes:
        schema = next((member.schema for member in shape.members if member.name == name), {})
        values = tested(schema)
        if not values or any(same(value, other) for value in values for other in seen):
            return False
        seen += values
    return True


def _guessed(keywords: Schema, members: tuple[Member, ...], choices: list[Choice] | None) -> frozenset[str]:
    """Guess the types of a schema that names none."""
    if members:
        return frozenset({"object"})
    if "items" in keywords or "prefixItems" in keywords:
        return frozenset({"array"})
    if choices:
        return frozenset(_type_of(choice.value) for choice in choices)
    if keywords.keys() & {"format", "pattern", "minLength", "maxLength"}:
        return frozenset({"string"})
    if keywords.keys() & {"minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"}:
        return frozenset({"number"})
    return frozenset()


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "number", float: "number", dict: "object", list: "array", type(None): "null"}
    return names.get(type(value), "string")
