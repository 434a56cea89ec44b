"""Questions of pages: what is to be counted, of which source, by what; and how a field of JSON is read for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Float, Numeric, String, case, cast, func, null, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.errors import NotAllowed, NotFound
from engine.model import Actor, Json
from engine.registers.definitions import Register
from engine.store.searching import field_is

#: What a page shows of one question.
MOST_FIGURES = 400
#: How money is written in a record.
MONEY = r"^-?[0-9]+([.][0-9]+)?$"
#: What may stand behind a field of dates: letters of an ISO date that its year or month takes.
SPANS: Mapping[str, int] = {"year": 4, "month": 7}
#: What may be asked of cases and of human tasks.
CASE_FIELDS = frozenset({"process", "status", "started", "ended", "days"})
TASK_FIELDS = frozenset({"name", "kept", "completed", "days"})
#: What may be asked of rows in time, besides the fields of the records they lie under: the time they count in, its
#: month of any year, which count of the record it is, through what they are shared out; `total` is what they count,
#: `converted` the same in one unit.
ROW_FIELDS = frozenset({"period", "month", "channel", "through", "total", "converted"})
#: Dates and numbers among them.
DATES = frozenset({"started", "ended", "completed"})
NUMBERS = frozenset({"days"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be counted, of which source, by what."""

    #: register (its records), rows (what rows in time count), process (its cases) or tasks (their human tasks).
    source: str
    #: Key of the register or of the process.
    name: str
    #: count, sum or mean.
    aggregate: str = "count"
    #: The field of numbers for sum and mean.
    of: str = ""
    #: Field to group by; "" = one number for all. A date has its span (see SPANS) beside it.
    by: str = ""
    by_span: str = ""
    #: The second field to group by.
    split: str = ""
    split_span: str = ""
    #: Field → exact value, or a list of them of which any will do.
    where: Mapping[str, Json] = field(default_factory=dict)
    #: How many figures are wanted.
    most: int = MOST_FIGURES

    @property
    def fields(self) -> frozenset[str]:
        """Names of all fields it touches."""
        return frozenset({self.by, self.split, self.of, *self.where} - {""})


def only_seen(kept: Register, question: Question, actor: Actor | None) -> None:
    """Refuse what a register doesn't show to whoever asks."""
    if actor is None:
        if kept.public_fields is None:
            raise NotFound
        shown = frozenset(kept.public_fields)
    else:
        if not kept.may_read(actor):
            raise NotAllowed
        shown = frozenset(kept.readable(actor, dict.fromkeys(kept.properties)))
    if hidden := question.fields - shown:
        raise NotAllowed(f"The page can't count by {', '.join(sorted(hidden))}.")


def text_in(session: Session, column: InstrumentedAttribute[Any], name: str) -> ColumnElement[Any]:
    if not name:
        return null()
    if session.get_bind().dialect.name == "postgresql":
        text: ColumnElement[Any] = cast(column, JSONB)[name].astext
        return text
    path = _path(name)
    return case(
        (func.json_type(column, path) == "true", "true"),
        (func.json_type(column, path) == "false", "false"),
        else_=cast(func.json_extract(column, path), String),
    )


def number_in(session: Session, column: InstrumentedAttribute[Any], name: str) -> ColumnElement[Any]:
    """The number in a field, money written as text too (`"1234.50"`); what is no number isn't counted."""
    if not name:
        return null()
    if session.get_bind().dialect.name == "postgresql":
        value = cast(column, JSONB)[name]
        written = value.astext
        kind = func.jsonb_typeof(value)
        return case(
            (kind == "number", cast(written, Numeric)),
            ((kind == "string") & written.regexp_match(MONEY), cast(written, Numeric)),
            else_=null(),
        )
    path = _path(name)
    kind, found = func.json_type(column, path), func.json_extract(column, path)
    size = func.ltrim(found, "-")
    return case(
        (kind.in_(("integer", "real")), found),
        # SQLite has no regular expressions: a text of digits with at most one full stop.
        (
            (kind == "text") & found.op("GLOB")("*[0-9]") & ~size.op("GLOB")("*[^0-9.]*") & ~found.like("%.%.%"),
            cast(found, Float),
        ),
        else_=null(),
    )


def _path(name: str) -> str:
    return '$."' + name.replace('"', "") + '"'


def cut_to(text: ColumnElement[Any], span: str) -> ColumnElement[Any]:
    return func.substr(text, 1, SPANS[span]) if span else text


def is_any(session: Session, column: InstrumentedAttribute[Any], name: str, value: Json) -> ColumnElement[bool]:
    """The field has this value, or one of these."""
    if isinstance(value, list):
        return or_(*[field_is(session, column, name, one) for one in value])
    return field_is(session, column, name, value)
