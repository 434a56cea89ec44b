"""Finding rows by what people type: folded text, words in any order, values inside JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, event, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstrumentedAttribute, Mapper, Session

from engine.model import Json
from engine.store.base import as_json
from engine.store.cases import HumanTaskRow, InstanceRow

#: Words of a question that are looked at.
MOST_ASKED = 12


def fold(*texts: object) -> str:
    """Join texts in small letters without accents, so that `Říčany` is found by `ricany`."""
    # PostgreSQL keeps no NUL characters.
    joined = " ".join([str(text) for text in texts if text not in (None, "")]).replace("\0", " ")
    if joined.isascii():
        return " ".join(joined.lower().split())
    decomposed = unicodedata.normalize("NFKD", joined.casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())


def every_word(columns: Sequence[InstrumentedAttribute[str]], text: str) -> ColumnElement[bool]:
    """Each word of `text`, of the first so many, is somewhere in one of the folded columns."""
    first, *rest = columns
    together: ColumnElement[str] = first.expression
    for column in rest:
        together = together + " " + column.expression
    return and_(
        *[together.contains(word, autoescape=True) for word in fold(text).split()[:MOST_ASKED]] or [literal(True)]
    )


def field_is(session: Session, column: InstrumentedAttribute[Any], field: str, value: Json) -> ColumnElement[bool]:
    """The JSON object in `column` has exactly this value in `field`; no type is ever cast."""
    if session.get_bind().dialect.name == "postgresql":
        if value is None:
            missing: ColumnElement[bool] = column[field].as_string().is_(None)
            return missing
        holds = cast(column, JSONB).contains({field: value})
        # A list is contained in any that has its items, an object in any that has its fields.
        exactly: ColumnElement[bool] = cast(column, JSONB)[field] == type_coerce(value, JSONB)
        return and_(holds, exactly) if isinstance(value, list | dict) else holds
    path = _path(field)
    if value is None:
        return func.coalesce(func.json_type(column, path), "null") == "null"
    if isinstance(value, list | dict):
        kind = "array" if isinstance(value, list) else "object"
        return and_(func.json_type(column, path) == kind, func.json_extract(column, path) == func.json(as_json(value)))
    kinds = (
        ("true", "false") if isinstance(value, bool) else ("text",) if isinstance(value, str) else ("integer", "real")
    )
    return and_(func.json_type(column, path).in_(kinds), func.json_extract(column, path) == value)


def field_value(session: Session, column: InstrumentedAttribute[Any], field: str) -> ColumnElement[Any]:
    """The value of a field of the JSON object in `column`, to sort by: numbers as numbers, texts as texts."""
    if session.get_bind().dialect.name == "postgresql":
        value: ColumnElement[Any] = cast(column, JSONB)[field]
        return value
    return func.json_extract(column, _path(field))


def list_has(session: Session, column: InstrumentedAttribute[Any], value: str) -> ColumnElement[bool]:
    """The JSON list in `column` has this text among its items."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(column, JSONB).contains([value])
    items = func.json_each(column).table_valued("value")
    return select(items.c.value).where(items.c.value == value).exists()


def _path(field: str) -> str:
    return '$."' + field.replace('"', "") + '"'


@event.listens_for(InstanceRow, "before_insert")
@event.listens_for(InstanceRow, "before_update")
def _fold_case(_mapper: Mapper[InstanceRow], _connection: Connection, row: InstanceRow) -> None:
    row.search = fold(row.business_key, row.title, row.applicant_name, row.applicant_ico, row.applicant_email)


@event.listens_for(HumanTaskRow, "before_insert")
@event.listens_for(HumanTaskRow, "before_update")
def _fold_task(_mapper: Mapper[HumanTaskRow], _connection: Connection, row: HumanTaskRow) -> None:
    row.search = fold(row.name, row.subject)
