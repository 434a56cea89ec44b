"""What records have in indexed fields, so written that it sorts: numbers by size, days by day, words by letters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, text
from sqlalchemy.orm import Session

from engine.model import Json, Variables
from engine.registers.definitions import Register, is_choice
from engine.store.registers import RecordRow, RecordUniqueRow, RecordValueRow
from engine.store.searching import field_is, fold

#: Characters of a value that count.
LONGEST = 100
#: Digits before and behind the decimal point; what is bigger sorts last, what is finer is cut.
_WHOLE, _PART = 24, 9
#: Kilobytes that SQLite may keep in memory for a connection that has written much.
_ROOM = 256 * 1024
#: A condition in `IN (…)` has so many values at most.
_AT_ONCE = 500


def values_of(register: Register, data: Variables) -> dict[str, str]:
    """Give what a record has in every indexed field; "" for nothing."""
    shapes = register.schema.get("properties", {})
    return {name: kept_value(shapes[name], data.get(name)) for name in register.indexed}


def kept_value(shape: Mapping[str, Json], value: Json) -> str:
    """Write a value so that texts in their order are values in their order. A list has no order and is nothing."""
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_choice(shape):
        return str(value)[:LONGEST]
    if isinstance(value, int | float) or is_amount(shape):
        return _ordered(value)
    return fold(value)[:LONGEST]


def is_amount(shape: Mapping[str, Json]) -> bool:
    """Say whether the field's texts are decimal numbers."""
    kinds = shape.get("type")
    named = set(kinds if isinstance(kinds, list) else [kinds])
    return bool(named & {"integer", "number"}) or shape.get("format") == "money"


def unique_hash(values: list[Json]) -> str:
    """Give what a unique key of these values is known by."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def has_value(session: Session, tenant: str, register: Register, name: str, value: Json) -> ColumnElement[bool]:
    """The record has exactly this value in a field; a text that is unique or indexed is looked up, not searched."""
    exactly = field_is(session, RecordRow.data, name, value)
    if not isinstance(value, str) or not value:
        return exactly
    if (name,) in register.unique:
        found = select(RecordUniqueRow.record_id).where(
            RecordUniqueRow.tenant == tenant,
            RecordUniqueRow.register == register.key,
            RecordUniqueRow.fields == name,
            RecordUniqueRow.value_hash == unique_hash([value]),
        )
    elif name in register.indexed:
        found = select(RecordValueRow.record_id).where(
            RecordValueRow.tenant == tenant,
            RecordValueRow.register == register.key,
            RecordValueRow.field == name,
            RecordValueRow.value == kept_value(register.schema["properties"][name], value),
        )
    else:
        return exactly
    return and_(RecordRow.id.in_(found), exactly)


def keep_values(session: Session, register: Register, rows: Iterable[RecordRow], *, fresh: bool = False) -> None:
    """Bring the indexed values of live records in line with what they are; fresh ones have none yet."""
    rows = list(rows)
    if not fresh:
        forget_values(session, [row.id for row in rows])
    kept = [one for row in rows for one in value_rows(register, row.tenant, row.id, row.data)]
    if kept:
        session.execute(insert(RecordValueRow), kept)


def value_rows(register: Register, tenant: str, record_id: str, data: Variables) -> list[dict[str, str]]:
    """Give the rows of a record's indexed values."""
    of = {"tenant": tenant, "register": register.key, "record_id": record_id}
    return [{**of, "field": name, "value": value} for name, value in values_of(register, data).items()]


def forget_values(session: Session, record_ids: Iterable[str]) -> None:
    """Drop the indexed values of records."""
    ids = list(record_ids)
    for some in (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)):
        session.execute(delete(RecordValueRow).where(RecordValueRow.record_id.in_(some)))


def make_room(session: Session) -> None:
    """Let SQLite hold more of the file in memory while much is written: its indexes are filled at random places."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA cache_size=-{_ROOM}"))


def count_anew(session: Session) -> None:
    """Let the planner know of many new records at once: until it does, it takes lists for short ones."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE register_record, register_value, register_unique"))


def _ordered(value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return fold(value)[:LONGEST]
    if not number.is_finite():
        return ""
    scaled = min(int(abs(number).scaleb(_PART)), 10 ** (_WHOLE + _PART) - 1)
    digits = f"{scaled:0{_WHOLE + _PART}d}"
    # Of numbers below nothing the greater comes first: every digit is told by what it lacks to nine.
    return "0" + digits.translate(_NINES) if number < 0 else "1" + digits


_NINES = str.maketrans("0123456789", "9876543210")
