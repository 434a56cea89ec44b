"""Rows in time: what is sent is stored once, judged in the order of time, counted or held back for somebody to look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy import select

from engine.commands import AppendRows
from engine.errors import EngineError, Invalid, NotAllowed
from engine.handlers.registers import register_of
from engine.handlers.registry import handles
from engine.handlers.series_counts import Count, Fresh, parents_of
from engine.handlers.series_holding import tell_of_held
from engine.handlers.series_totals import Totals
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json, RowFate
from engine.registers.definitions import Register
from engine.registers.series import Series, plain, thousandths
from engine.store.base import table_of
from engine.store.series import RowPhotoRow, SeriesRow

#: What one command takes; who has more sends it in parts.
MOST_ROWS = 20_000
#: A clock may be a little fast.
FAST_CLOCK = timedelta(hours=1)
#: Names that one question asks for.
_CHUNK = 1_000
_TABLE = table_of(SeriesRow)
#: What a sender is told of a row by its state.
FATES = {"counted": "accepted", "held": "held", "duplicate": "duplicate"}


@handles(AppendRows)
def append_rows(work: Work, command: AppendRows) -> tuple[RowFate, ...]:
    """Store what is new. Raises Invalid for more than MOST_ROWS, NotAllowed."""
    register = register_of(work, command.register)
    if not register.may_write(work.actor):
        raise NotAllowed
    return add(work, register, command)


def add(work: Work, register: Register, command: AppendRows, instance_id: str | None = None) -> tuple[RowFate, ...]:
    """Store what is new, for whoever may; `instance_id` is the case that does it. Raises Invalid."""
    series = series_of(register)
    if len(command.rows) > MOST_ROWS:
        raise Invalid(f"At most {MOST_ROWS} rows can be sent at once.", code="too-many")
    fates: dict[int, RowFate] = {}
    new = _only_new(work, register, list(_read(work, register, series, command, fates)), fates)
    _store(
        work, register, new, fates, {"written_by": command.sent_by or work.actor.username, "instance_id": instance_id}
    )
    _keep_photos(work, command, {one.number: one.id for one in new}, fates)
    return tuple(fates[number] for number in range(len(command.rows)))


def series_of(register: Register) -> Series:
    """Give what a register says of its rows. Raises Invalid."""
    if register.series is None:
        raise Invalid(f"The register {register.key!r} has no rows in time.", code="no-series")
    return register.series


def _read(
    work: Work, register: Register, series: Series, command: AppendRows, fates: dict[int, RowFate]
) -> Iterator[Fresh]:
    """Give the rows that can be understood; the records above stay locked."""
    validator = Draft202012Validator(register.schema)
    names = {str(row.get(series.by)) for row in command.rows if isinstance(row, Mapping) and row.get(series.by)}
    parents = parents_of(work, register_of(work, series.under), series, names, command.within)
    for number, row in enumerate(command.rows):
        try:
            at, value = _understood(work, series, validator, row)
        except EngineError as error:
            fates[number] = RowFate(status="rejected", reason=str(error.facts.get("code", "bad-row")))
            continue
        parent = parents.get(str(row[series.by]))
        if parent is None:
            fates[number] = RowFate(status="unknown", reason="no-such-record")
            continue
        yield Fresh(
            number=number,
            id=new_id(),
            parent=parent,
            channel=series.channel_of(row),
            at=at,
            value=value,
            source_key=series.key_of(row, at, value),
            data=series.rest(row),
        )


def _understood(work: Work, series: Series, validator: Draft202012Validator, row: Json) -> tuple[datetime, int]:
    if not isinstance(row, dict):
        raise Invalid("A row is an object.", code="bad-row")
    at, value = series.moment_of(row), thousandths(row.get(series.value))
    if at > work.now + FAST_CLOCK:
        raise Invalid("The moment is still to come.", code="in-the-future")
    # However the number was written, with a comma or as text, the schema asks for a number.
    if series.by not in row or not validator.is_valid(row | {series.value: plain(value)}):
        raise Invalid("The row does not fit its register.", code="bad-row")
    return at, value


def _only_new(work: Work, register: Register, read: Sequence[Fresh], fates: dict[int, RowFate]) -> list[Fresh]:
    """Leave out what is there already, also earlier in what was sent."""
    known = {(row.record_id, row.source_key): (row.id, row.value) for row in _there(work, register, read)}
    new = []
    for one in read:
        key = one.parent.id, one.source_key
        if key in known:
            row_id, value = known[key]
            fates[one.number] = RowFate(status="duplicate", row_id=row_id, differs=value != one.value)
        else:
            known[key] = one.id, one.value
            new.append(one)
    return new


def _there(work: Work, register: Register, read: Sequence[Fresh]) -> Iterator[Any]:
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for one in read:
        keys[one.parent.id].append(one.source_key)
    for record_id, names in keys.items():
        for start in range(0, len(names), _CHUNK):
            yield from work.session.execute(
                select(SeriesRow.id, SeriesRow.record_id, SeriesRow.source_key, SeriesRow.value)
                .where(SeriesRow.record_id == record_id, SeriesRow.register == register.key)
                .where(SeriesRow.tenant == work.tenant, SeriesRow.source_key.in_(names[start : start + _CHUNK]))
            )


def _store(
    work: Work,
    register: Register,
    new: Sequence[Fresh],
    fates: dict[int, RowFate],
    written: dict[str, Json],
) -> None:
    groups: defaultdict[tuple[str, str], list[Fresh]] = defaultdict(list)
    for one in new:
        groups[one.parent.id, one.channel].append(one)
    totals, rows = Totals(register=register.key), []
    for (_, channel), group in groups.items():
        count = Count(work, register.key, group[0].parent, channel)
        for one, judged in count.take(group):
            fates[one.number] = RowFate(
                status=FATES[judged.state], reason=judged.reason, row_id=judged.row_id or one.id
            )
            if judged.row_id is None:
                rows.append(_row(work, register, one) | written | judged.columns)
        count.add_to(totals)
    if rows:
        work.connection.execute(_TABLE.insert(), rows)
    totals.write(work)
    tell_of_held(work, register, {row["record_id"]: row["id"] for row in reversed(rows) if row["state"] == "held"})


def _keep_photos(work: Work, command: AppendRows, new: Mapping[int, str], fates: Mapping[int, RowFate]) -> None:
    """Keep the pictures of rows that were stored; of what was there already its own stays."""
    rows = [
        {"tenant": work.tenant, "row_id": row_id, "media_type": photo.media_type, "content": photo.content}
        for number, photo in command.photos.items()
        if (row_id := new.get(number)) is not None and fates[number].row_id == row_id
    ]
    if rows:
        work.connection.execute(table_of(RowPhotoRow).insert(), rows)


def _row(work: Work, register: Register, one: Fresh) -> dict[str, Any]:
    return {
        "id": one.id,
        "tenant": work.tenant,
        "register": register.key,
        "record_id": one.parent.id,
        "channel": one.channel,
        "at": one.at,
        "value": one.value,
        "source_key": one.source_key,
        "supersedes": None,
        "data": one.data,
        "written_at": work.now,
    }
