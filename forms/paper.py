"""A form on paper: every question that may be asked, with room to write, and when it is to be answered.

An empty sheet shows all conditional parts with their condition in words. One begun on the screen shows what is asked
for the answers so far, with these answers filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from forms.compile import Form
from forms.controls import MAX_RADIOS, show, widget_of
from forms.desk import Desk
from forms.display import choice_label
from forms.graph import Schema
from forms.pointers import MISSING, join
from forms.posted import FileRef
from forms.shape import Member, Shape
from forms.steps import after_openers, by_steps, names_on
from forms.tree import Answers, Evaluate, Field, item_schema
from forms.units import unit_of
from forms.words import localized, text_of

Json = Any
Kind = Literal["line", "lines", "boxes", "one", "some", "tick", "file", "sum", "table", "group"]

#: Empty rows of a table, and empty copies of a repeated group.
ROWS, COPIES = 5, 2
#: Levels of groups within groups; a part that contains itself ends here.
MOST_DEPTH = 5
#: Answers that are tried to find out what they open.
MOST_TRIALS = 400
#: Room in characters below which each one gets a box of its own.
MOST_BOXES = 18
_BOXES = {"cz-ico": 8, "cz-postal-code": 5, "cz-databox": 7, "ean": 18, "eic": 16, "cz-birth-number": 10}
_LONG_LINES = 5


@dataclass(frozen=True, kw_only=True)
class Box:
    """One of the answers to tick."""

    label: str
    ticked: bool = False


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question on paper, or a group of them."""

    kind: Kind
    label: str
    hint: str = ""
    #: When it is to be answered; "" = always.
    when: str = ""
    optional: bool = False
    #: What was answered on the screen.
    text: str = ""
    #: Boxes or lines.
    room: int = 1
    unit: str = ""
    choices: tuple[Box, ...] = ()
    #: Headings of a table; its rows are texts in that order.
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Questions under one heading."""

    title: str
    asks: tuple[Ask, ...]


def on_paper(
    form: Form,
    data: Json = None,
    lang: str = "cs",
    *,
    files: Mapping[str, FileRef] | None = None,
    evaluate: Evaluate | None = None,
) -> tuple[Sheet, ...]:
    """Give the form as sheets, one for each step; without `data` an empty one with all conditional parts."""
    begun = bool(data)
    answers = Answers(form=form, data=data or {}, evaluate=evaluate if begun else None)
    writer = _Writer(Desk(answers=answers, lang=lang, read_only=True, files=files or {}), begun)
    members = writer.members(form.root, data or {})
    members = by_steps(form, members)
    if not form.steps:
        title = localized(form.schema, "/title", form.schema.get("title"), lang)
        return (Sheet(title=title, asks=tuple(writer.asks(members, "", data or {}, 0))),)
    found = []
    for at, step in enumerate(form.steps):
        names = names_on(form, step, members)
        own = [member for member in members if member.name in names]
        title = localized(form.schema, f"/x-steps/{at}/title", step.title, lang)
        found.append(Sheet(title=title, asks=tuple(writer.asks(own, "", data or {}, 0))))
    return tuple(sheet for sheet in found if sheet.asks)


class _Writer:
    def __init__(self, desk: Desk, begun: bool) -> None:
        self.desk = desk
        self.begun = begun
        #: By the identity of a member's schema and its name: when it is asked.
        self.when: dict[tuple[int, str], str] = {}
        self.trials = 0

    def shape(self, schema: Any, value: Json) -> Shape:
        return self.desk.answers.shape(schema, value)

    # --- what may be asked

    def members(self, schema: Schema, known: Json) -> list[Member]:
        """Give the properties of a group: those asked now, on an empty sheet also those that some answer opens."""
        shape = self.shape(schema, known)
        if self.begun:
            return self.desk.answers.members(shape, known)
        return after_openers(self._all(schema, shape))

    def _all(self, schema: Schema, shape: Shape) -> list[Member]:
        found = {member.name: member for member in shape.members}
        given: dict[str, dict[str, Json]] = {name: {} for name in found}
        #: Which of the opener's answers, in their order, opens a member first.
        place: dict[str, int] = {}
        waiting = list(found)
        while waiting:
            name = waiting.pop(0)
            opened: dict[str, list[str]] = {}
            answers = self._answers(found[name])
            for at, (value, said) in enumerate(answers):
                trial = {**given[name], name: value}
                for member in self.shape(schema, trial).members:
                    opened.setdefault(member.name, []).append(said)
                    if member.opener and member.opener.name == name:
                        place.setdefault(member.name, at)
                    if member.name not in found:
                        found[member.name], given[member.name] = member, trial
                        waiting.append(member.name)
            for other, when in opened.items():
                if other != name and len(when) < len(answers):
                    self._note(found[other], found[name], when, [said for _, said in answers if said not in when])
        return sorted(found.values(), key=lambda member: place.get(member.name, 0))

    def _answers(self, member: Member) -> list[tuple[Json, str]]:
        """Give the answers that a question offers, in words; none where it may be answered with anything."""
        shape = self.shape(member.schema, MISSING)
        if shape.types == {"boolean"} and not shape.choices:
            answers = [(True, self.desk.words["yes"]), (False, self.desk.words["no"])]
        else:
            answers = [(one.value, choice_label(self.desk.form, one, shape, self.desk.lang)) for one in shape.choices]
        self.trials += len(answers)
        return answers if len(answers) > 1 and self.trials <= MOST_TRIALS else []

    def _note(self, member: Member, opener: Member, when: Sequence[str], otherwise: Sequence[str]) -> None:
        words = self.desk.words
        label = self.desk.label(self._field(opener, "", MISSING))
        # Said the shorter way: with which answers, or with which ones not.
        rule, answers = ("only_when", when) if len(when) <= len(otherwise) + 1 else ("unless", otherwise)
        said = words[rule].format(label=label, answers=words["or"].join(answers))
        self.when.setdefault((id(member.schema), member.name), said)

    # --- how it stands on paper

    def asks(self, members: Sequence[Member], pointer: str, known: Json, depth: int) -> Iterator[Ask]:
        for member in members:
            value = known.get(member.name, MISSING) if isinstance(known, dict) else MISSING
            field = self._field(member, join(pointer, member.name), value)
            made = self._ask(field, depth)
            if made is not None:
                yield made

    def _field(self, member: Member, pointer: str, value: Json) -> Field:
        shape = self.shape(member.schema, value)
        return Field(
            pointer=pointer,
            name=member.name,
            schema=member.schema,
            shape=shape,
            widget=widget_of(shape),
            value=value,
            required=member.required,
            opener=member.opener,
        )

    def _ask(self, field: Field, depth: int) -> Ask | None:
        if field.widget == "hidden" or (field.widget == "review" and not self.begun):
            return None
        if field.widget == "group":
            return self._group(field, depth)
        if field.widget == "rows":
            return self._rows(field, depth)
        return self._question(field)

    def _group(self, field: Field, depth: int) -> Ask | None:
        if depth >= MOST_DEPTH:
            return None
        members = self.members(field.schema, field.value if isinstance(field.value, dict) else {})
        asks = tuple(self.asks(members, field.pointer, field.value, depth + 1))
        return self._made(field, "group", asks=asks) if asks else None

    def _rows(self, field: Field, depth: int) -> Ask | None:
        if field.shape.get("x-widget") == "table":
            return self._table(field)
        copies = field.value if isinstance(field.value, list) and field.value else [MISSING] * self._copies(field)
        asks = []
        for index, value in enumerate(copies):
            item = Member(name="", schema=item_schema(self.desk.form, field.shape, index), required=True)
            made = self._ask(self._field(item, join(field.pointer, index), value), depth + 1)
            if made is not None:
                title = self.desk.row_title(field, index)
                asks.append(Ask(kind="group", label=title, asks=made.asks or (made,)))
        return self._made(field, "group", asks=tuple(asks)) if asks else None

    def _copies(self, field: Field) -> int:
        most = field.shape.limit("maxItems", COPIES)
        return max(1, min(max(field.shape.limit("minItems"), COPIES), most))

    def _table(self, field: Field) -> Ask:
        schema = item_schema(self.desk.form, field.shape, 0)
        columns = [self._field(member, "", MISSING) for member in self.members(schema, {})]
        rows = field.value if isinstance(field.value, list) else []
        filled = [tuple(self._cell(schema, row, column.name) for column in columns) for row in rows]
        empty = [("",) * len(columns)] * (0 if self.begun and filled else max(ROWS, field.shape.limit("minItems")))
        headings = tuple(self.desk.label(column) for column in columns)
        return self._made(field, "table", columns=headings, rows=(*filled, *empty))

    def _cell(self, schema: Schema, row: Json, name: str) -> str:
        known = row if isinstance(row, dict) else {}
        member = next((one for one in self.shape(schema, known).members if one.name == name), None)
        return self.desk.shown(self._field(member, "", known.get(name, MISSING))) if member else ""

    def _question(self, field: Field) -> Ask:
        shape, widget = field.shape, field.widget
        if widget in ("file", "files"):
            return self._made(field, "file", text=self.desk.shown(field))
        if widget == "output":
            return self._made(field, "sum", text=self.desk.shown(field))
        if widget == "checkbox":
            return self._made(field, "tick", choices=(Box(label=self.desk.label(field), ticked=_is_ticked(field)),))
        choices = tuple(self._boxes(field))
        if choices and len(choices) <= 4 * MAX_RADIOS:
            return self._made(field, "some" if widget == "checkboxes" else "one", choices=choices)
        text = self.desk.shown(field) if choices else show(field.value, shape, self.desk.lang)
        if widget == "textarea":
            return self._made(field, "lines", text=text, room=_LONG_LINES)
        boxes = _BOXES.get(str(shape.get("format")), shape.limit("maxLength") if shape.get("pattern") else 0)
        if 0 < boxes <= MOST_BOXES and not text:
            return self._made(field, "boxes", room=boxes)
        return self._made(field, "line", text=text)

    def _boxes(self, field: Field) -> Iterator[Box]:
        given = field.value if isinstance(field.value, list) else [field.value]
        for value, label in self._answers(Member(name="", schema=self._schema_of(field), required=True)):
            yield Box(label=label, ticked=any(value == one and type(value) is type(one) for one in given))

    def _schema_of(self, field: Field) -> Schema:
        return item_schema(self.desk.form, field.shape, 0) if field.widget == "checkboxes" else field.schema

    def _made(self, field: Field, kind: Kind, **facts: Any) -> Ask:
        shape = field.shape
        source = shape.sources.get("description")
        return Ask(
            kind=kind,
            label=self.desk.label(field),
            hint=text_of(self.desk.form, source, "description", self.desk.lang) if source else "",
            when=self.when.get((id(field.schema), field.name), "") or self._unless_seen(field),
            optional=not field.required and kind not in ("sum", "group", "table"),
            unit=unit_of(shape, self.desk.lang),
            **facts,
        )

    def _unless_seen(self, field: Field) -> str:
        """An author's expression can't be worked out on paper."""
        return self.desk.words["if_concerned"] if field.shape.get("x-visible") and not self.begun else ""


def _is_ticked(field: Field) -> bool:
    return field.value is not MISSING and field.value not in (False, None)
