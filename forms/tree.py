"""The form unfolded over an answer: every field that is asked now, with its place, value and shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.compile import Form
from forms.conditions import Opener
from forms.controls import widget_of
from forms.graph import Schema, properties_in_place
from forms.making import joined
from forms.patterns import matches
from forms.pointers import MISSING, join
from forms.shape import Member, Shape
from forms.shaping import shape_of
from forms.steps import after_openers, by_steps

Json = Any
#: Controls that hold others.
PARTED = ("group", "rows")
#: Evaluates an author's expression over variables; given by who has the language.
Evaluate = Callable[[str, Mapping[str, Json]], Json]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One place of the form as it stands: a question, a group of them, or repeated rows."""

    pointer: str
    name: str
    schema: Schema
    shape: Shape
    widget: str
    value: Json
    required: bool
    opener: Opener | None = None
    #: Order among the rows, for the items of an array.
    index: int | None = None
    children: tuple[Field, ...] = ()
    #: A part that contains itself and isn't filled: offered, not unfolded.
    closed: bool = False
    #: Read only, by itself or by a part around it.
    fixed: bool = False
    #: `x-sensitive` of the parts around it, the outermost first, and its own.
    marks: tuple[Json, ...] = ()

    @property
    def is_question(self) -> bool:
        """A single control, not a group or rows."""
        return self.widget not in PARTED


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The form with one set of answers and the means to evaluate expressions over them."""

    form: Form
    data: Json
    evaluate: Evaluate | None = None
    #: Ask also for what the data has and the schema neither describes nor forbids.
    extras: bool = False

    def shape(self, schema: Any, value: Json) -> Shape:
        """Give the shape of a schema for a value."""
        return shape_of(self.form, schema, value)

    def members(self, shape: Shape, value: Json) -> list[Member]:
        """Give the properties that are asked: those whose x-visible, if any, holds."""
        described = {member.name for member in shape.members}
        names = [name for name in sorted(shape.required) if name not in described]
        if self.extras and isinstance(value, dict):
            names += [name for name in value if name not in described and name not in names]
        undescribed = (extra_member(self.form, shape, name) for name in names)
        listed = after_openers([*shape.members, *(member for member in undescribed if member)])
        return [member for member in listed if self.is_visible(member, value)]

    def is_visible(self, member: Member, siblings: Json) -> bool:
        """Say whether a property's x-visible holds; without a way to evaluate it is shown."""
        if not isinstance(member.schema, dict) or self.evaluate is None:
            return True
        text = self.shape(member.schema, MISSING).get("x-visible")
        if not isinstance(text, str):
            return True
        try:
            return bool(self.evaluate(text, variables(self, siblings)))
        except Exception:  # the author's expression met an answer it didn't count with: it doesn't hold
            return False


@dataclass(frozen=True)
class _Around:
    """What a place takes from the parts around it."""

    #: Ids of their schemas, by which a part that contains itself is known.
    schemas: tuple[int, ...] = ()
    fixed: bool = False
    marks: tuple[Json, ...] = ()


_NOTHING = _Around()


def extra_member(form: Form, shape: Shape, name: str) -> Member | None:
    """Give a property that the schema doesn't describe; None where it is forbidden."""
    schema = shape.get("additionalProperties", True)
    patterns: dict[str, Any] = shape.get("patternProperties", {})
    schema = next((part for pattern, part in patterns.items() if matches(pattern, name)), schema)
    if schema is False:
        return None
    return Member(
        name=name, schema=schema if isinstance(schema, dict) else joined(form, []), required=name in shape.required
    )


def variables(answers: Answers, *nearer: Json) -> dict[str, Json]:
    """Give the names an expression sees: the form's fields (None where unanswered), then the nearer ones over them.

    A field that a condition doesn't ask for now is unanswered.

    `x-registers` among them says which registers the form declares; no expression can write such a name.
    """
    known: dict[str, Json] = {}
    for level in (answers.data, *nearer):
        known.update(level if isinstance(level, dict) else {})
    form = answers.form
    unanswered: dict[str, Json] = form.remember("names", lambda: dict.fromkeys(dict(properties_in_place(form.root))))
    # Last, so that no answer can say which registers the expressions may ask.
    declared = {"x-registers": form.root.get("x-registers")}
    return unanswered | known | declared


def namesakes(answers: Answers, field: Field) -> dict[str, Json]:
    """Give None for what an object asks under a name that the form's answers have too: unanswered, it isn't theirs."""
    known = answers.data if isinstance(answers.data, dict) else {}
    return {member.name: None for member in field.shape.members if member.name in known}


def unfold(answers: Answers) -> Field:
    """Unfold the whole form over its answers."""
    data = answers.data if isinstance(answers.data, dict) else {}
    whole = Member(name="", schema=answers.form.root, required=True)
    return _field(answers, whole, "", data, _NOTHING)


def _field(answers: Answers, member: Member, pointer: str, value: Json, around: _Around) -> Field:
    shape = answers.shape(member.schema, value)
    widget = widget_of(shape)
    if widget in PARTED and is_plain(shape, value):
        shape = shape.without_parts()
        widget = widget_of(shape)
    fixed = around.fixed or bool(shape.get("readOnly"))
    closed = id(member.schema) in around.schemas and value is MISSING and widget == "group"
    marks = (*around.marks, shape.get("x-sensitive")) if shape.get("x-sensitive") else around.marks
    inside = _Around((*around.schemas, id(member.schema)), fixed, marks)
    children: tuple[Field, ...] = ()
    if widget == "group" and not closed:
        children = tuple(_members(answers, shape, pointer, value, inside))
    elif widget == "rows" and isinstance(value, list):
        children = tuple(_rows(answers, shape, pointer, value, inside))
    return Field(
        pointer=pointer,
        name=member.name,
        schema=member.schema,
        shape=shape,
        widget=widget,
        value=value,
        required=member.required,
        opener=member.opener,
        children=children,
        closed=closed,
        fixed=fixed,
        marks=marks,
    )


def _members(answers: Answers, shape: Shape, pointer: str, value: Json, around: _Around) -> Iterator[Field]:
    known = value if isinstance(value, dict) else {}
    members = answers.members(shape, known)
    for member in members if pointer else by_steps(answers.form, members):
        yield _field(answers, member, join(pointer, member.name), known.get(member.name, MISSING), around)


def _rows(answers: Answers, shape: Shape, pointer: str, value: list[Json], around: _Around) -> Iterator[Field]:
    for index, item in enumerate(value):
        yield row_field(answers, shape, join(pointer, index), item, around)


def is_plain(shape: Shape, value: Json) -> bool:
    """Say whether a place that may have parts, such as "a text or an object", has a value without any."""
    has_parts = value is MISSING or value is None or isinstance(value, dict | list)
    return not has_parts and bool(shape.types & {"object", "array"}) and bool(shape.types - {"object", "array"})


def row_field(answers: Answers, shape: Shape, pointer: str, item: Json, around: _Around = _NOTHING) -> Field:
    """Unfold one row of an array."""
    index = int(pointer.rpartition("/")[2])
    member = Member(name="", schema=item_schema(answers.form, shape, index), required=True)
    return replace(_field(answers, member, pointer, item, around), index=index)


def item_schema(form: Form, shape: Shape, index: int) -> Schema:
    """Give the schema of the item at an index, from prefixItems (in old drafts a list of items) or items."""
    items, first = shape.get("items"), shape.get("prefixItems")
    if isinstance(items, list):
        items, first = shape.get("additionalItems"), items
    if isinstance(first, list) and index < len(first):
        items = first[index]
    return items if isinstance(items, dict) else joined(form, [])


def walk(field: Field) -> Iterator[Field]:
    """Give the field and everything in it, in form order."""
    yield field
    for child in field.children:
        yield from walk(child)
