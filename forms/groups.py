"""From fields to parts: groups, repeated rows, and conditional parts under the answers that opened them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forms.conditions import same
from forms.controls import token
from forms.decode import blank_item
from forms.desk import Desk
from forms.parts import Button, Column, Control, Group, Part, Row, Rows
from forms.pointers import MISSING, element_id, join, name_of
from forms.prefill import REGISTER
from forms.questions import control, described_by, marker
from forms.sums import total_of
from forms.tree import Field, row_field

Json = Any
#: No button adds more rows than this.
MOST_ROWS = 2_000
_COLUMN_WIDTHS = {"s": "c-qty", "m": "c-price", "l": "c-wide"}
_IN_TABLE = ("text", "textarea", "number", "select", "output", "read", "checkbox")


@dataclass(frozen=True)
class Groups:
    """Makes parts of fields, over a desk."""

    desk: Desk

    def parts(self, parent: Field, fields: Sequence[Field], *, level: int) -> Iterator[Part]:
        """Give the parts of sibling fields; what an answer opened hangs under it, halves stand side by side."""
        names = {field.name for field in fields if field.is_question}
        opened: dict[str, list[Field]] = {}
        for field in fields:
            if field.opener and field.opener.name in names and field.opener.name != field.name:
                opened.setdefault(field.opener.name, []).append(field)
        hanging = {id(field) for below in opened.values() for field in below}
        made = [self._part(parent, f, opened, level) for f in fields if id(f) not in hanging]
        yield from _paired(made, [f for f in fields if id(f) not in hanging])

    def _part(self, parent: Field, field: Field, opened: dict[str, list[Field]], level: int) -> Part:
        if field.widget == "group":
            return self.group(field, level)
        if field.widget == "rows":
            return self.rows(field, level)
        made = control(self.desk, field)
        made = replace(made, described_by=described_by(made), prefill=self._prefill(parent, field))
        below = opened.get(field.name, [])
        return self._with_reveal(parent, made, field, below, opened, level) if below else made

    def _with_reveal(
        self, parent: Field, made: Control, field: Field, below: list[Field], opened: dict[str, list[Field]], level: int
    ) -> Control:
        def parts(fields: list[Field]) -> tuple[Part, ...]:
            return tuple(_paired([self._part(parent, f, opened, level) for f in fields], fields))

        options = made.options
        under: dict[str, list[Field]] = {}
        for one in below:
            under.setdefault(_option_value(field, one) if made.widget == "radio" else "", []).append(one)
        if made.widget == "radio":
            options = tuple(replace(o, reveal=parts(under.pop(o.value, []))) for o in options)
        rest = [one for ones in under.values() for one in ones]
        return replace(made, options=options, reveal=parts(rest), opens=True)

    def _prefill(self, parent: Field, field: Field) -> Button | None:
        source = parent.shape.get("x-prefill")
        if (
            self.desk.read_only
            or parent.fixed
            or not isinstance(source, dict)
            or source.get("by") != join("", field.name)
        ):
            return None
        own = source.get("source") == REGISTER
        name = str(source.get("title") or source.get("register" if own else "source", ""))
        said = self.desk.words["prefill_register" if own else "prefill"].format(source=name if own else name.upper())
        return Button(do=f"prefill:{field.pointer}", label=said)

    def group(self, field: Field, level: int) -> Group:
        """Make a group of questions, closed where a part contains itself."""
        desk = self.desk
        label = desk.label(field)
        again = Button(do=f"add:{field.pointer}", label=desk.words["add_named"].format(name=label), icon="plus")
        return Group(
            kind="group",
            pointer=field.pointer,
            id=element_id(field.pointer),
            label=label,
            hint=desk.text(field.shape, "description"),
            help=desk.text(field.shape, "x-help"),
            error=desk.error_at(field),
            comments=desk.comments_at(field.pointer),
            level=min(level, 6),
            name=name_of(field.pointer),
            parts=tuple(self.parts(field, field.children, level=level + 1)),
            marker=_group_marker(field),
            position=() if desk.read_only or field.fixed else _position(field),
            add=again if field.closed and not (desk.read_only or field.fixed) else None,
        )

    def rows(self, field: Field, level: int) -> Rows:
        """Make repeated items, with blank ones where some must be there."""
        desk = self.desk
        fixed = desk.read_only or field.fixed
        shown = self._shown(field)
        table = field.shape.get("x-widget") == "table" and all(_fits_table(row) for row in shown)
        most = field.shape.limit("maxItems", MOST_ROWS)
        add = Button(do=f"add:{field.pointer}", label=self._add_label(field, shown), icon="plus")
        rows = tuple(self._row(field, row, level, table=table) for row in shown)
        columns = self._columns(field, shown) if table else ()
        return Rows(
            kind="rows",
            pointer=field.pointer,
            id=element_id(field.pointer),
            label=desk.label(field),
            hint=desk.text(field.shape, "description"),
            help=desk.text(field.shape, "x-help"),
            error=desk.error_at(field),
            comments=desk.comments_at(field.pointer),
            level=min(level, 6),
            name=name_of(field.pointer),
            style="table" if table and columns else "cards",
            rows=rows,
            columns=columns,
            marker={"None": "null", "[]": "[]"}.get(str(field.value), ""),
            add=None if fixed or field.shape.keeps_rows or len(rows) >= most else add,
            optional=not field.required and not fixed,
            has_totals=any(column.total for column in columns),
        )

    def _shown(self, field: Field) -> list[Field]:
        if field.value is not MISSING or self.desk.read_only or field.fixed:
            return list(field.children)
        least = max(field.shape.limit("minItems"), 1 if field.required else 0)
        answers = self.desk.answers
        blanks = (blank_item(answers, field.shape, at) for at in range(min(least, 20)))
        return [row_field(answers, field.shape, join(field.pointer, at), b or MISSING) for at, b in enumerate(blanks)]

    def _add_label(self, field: Field, shown: list[Field]) -> str:
        own = self.desk.text(field.shape, "x-add-label")
        name = self.desk.text(field.shape, "x-item-label") or self.desk.label(field)
        return own or self.desk.words["add" if shown else "add_first"] + f": {name}"

    def _row(self, rows: Field, row: Field, level: int, *, table: bool) -> Row:
        desk = self.desk
        if row.is_question:
            inner: tuple[Part, ...] = (self._part(rows, row, {}, level),)
        else:
            inner = (
                tuple(self.parts(row, row.children, level=level + 1))
                if row.widget == "group"
                else (self.rows(row, level + 1),)
            )
        if table:
            inner = tuple(_spoken(part, desk.row_title(rows, row.index or 0)) for part in inner)
        caption = desk.row_caption(rows, row)
        remove = Button(do=f"remove:{row.pointer}", label=desk.words["remove"].format(name=caption), icon="trash")
        stay = rows.shape.keeps_rows or len(rows.children) <= rows.shape.limit("minItems")
        return Row(
            id=element_id(row.pointer),
            title=desk.row_title(rows, row.index or 0),
            parts=tuple(_unmarked(part) for part in inner) if row.is_question else inner,
            name=name_of(row.pointer),
            marker=(marker(row) or "") if row.is_question else _group_marker(row) or "",
            remove=None if desk.read_only or row.fixed or stay else remove,
            errors=tuple(part for part in inner if part.error) if table else (),
            error="" if row.is_question else desk.errors.get(row.pointer, ""),
        )

    def _columns(self, field: Field, shown: list[Field]) -> tuple[Column, ...]:
        item = shown[0] if shown else row_field(self.desk.answers, field.shape, join(field.pointer, 0), {})
        if not _fits_table(item):
            return ()
        return tuple(self._column(field, child) for child in ([item] if item.is_question else item.children))

    def _column(self, rows: Field, field: Field) -> Column:
        shape = field.shape
        made = control(self.desk, field)
        label = f"{made.label} ({made.unit})" if made.unit else made.label
        number = made.number
        default = "c-price" if number else ""
        width = _COLUMN_WIDTHS.get(str(shape.get("x-width", "")), default)
        return Column(
            label=label,
            number=number,
            width=width,
            total="" if self.desk.is_hidden(field) else total_of(rows, field.name, self.desk.lang),
        )


def _position(field: Field) -> tuple[str, ...]:
    """Give the ids of `lat` and `lon` where the group is a position."""
    asked = {child.name: element_id(child.pointer) for child in field.children if child.is_question}
    wanted = field.shape.get("x-widget") == "position" and asked.keys() >= {"lat", "lon"}
    return (asked["lat"], asked["lon"]) if wanted else ()


def _option_value(field: Field, opened: Field) -> str:
    value = opened.opener.value if opened.opener else MISSING
    if value is MISSING:
        value = field.value
    if not field.shape.choices:
        return {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else ""
    places = (at for at, choice in enumerate(field.shape.choices) if same(choice.value, value))
    at = next(places, None)
    return "" if at is None else token(field.shape, at)


def _paired(parts: list[Part], fields: Sequence[Field]) -> Iterator[Part]:
    """Put neighbours of half width side by side."""
    run: list[Part] = []
    for part, field in zip(parts, fields, strict=True):
        if field.shape.get("x-width") == "half" and isinstance(part, Control):
            run.append(part)
            if len(run) == 2:
                yield _pair(run)
                run = []
            continue
        yield from run
        run = []
        yield part
    yield from run


def _pair(parts: list[Part]) -> Group:
    return Group(kind="pair", pointer="", id=f"{parts[0].id}.pair", label="", name="", parts=tuple(parts))


def _group_marker(field: Field) -> str | None:
    if field.value is None:
        return "null"
    return {"{}": "{}", "[]": "[]"}.get(str(field.value)) if not field.closed else None


def _fits_table(row: Field) -> bool:
    if row.is_question:
        return row.widget in _IN_TABLE
    return row.widget == "group" and 0 < len(row.children) <= 8 and all(c.widget in _IN_TABLE for c in row.children)


def _spoken(part: Part, row: str) -> Part:
    if not isinstance(part, Control):
        return part
    described = f"{part.id}.e" if part.error else ""
    # The heading of the column says the unit.
    unit = part.unit if part.widget in ("output", "read") else ""
    text = part.text.removesuffix(f"\u00a0{unit}").removeprefix(f"{unit}\u00a0") if unit else part.text
    return replace(part, spoken=f"{part.label}, {row}", described_by=described, text=text)


def _unmarked(part: Part) -> Part:
    return replace(part, marker=None) if isinstance(part, Control | Group) else replace(part)
