"""Many records written at once: the same as one by one (engine.handlers.registers), with few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from engine.errors import DuplicateRecord
from engine.handlers.links import untie_all
from engine.handlers.registers import derived, unique_claims
from engine.handlers.watch_plans import forget_plans, plan_change, plan_dates
from engine.handlers.work import Work
from engine.ids import new_id_in_order
from engine.model import Variables
from engine.registers.definitions import Register
from engine.store.bulk import insert_all, update_all
from engine.store.record_values import forget_values, value_rows
from engine.store.registers import RecordRow, RecordUniqueRow, RecordValueRow, RecordVersionRow

#: Records of one statement.
AT_ONCE = 500
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A record to be written."""

    #: None = taken out.
    data: Variables | None
    #: None = new.
    row: RecordRow | None = None
    #: Id of a new one.
    record_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Who writes, and for what."""

    username: str
    import_id: str | None = None
    #: The case that writes.
    instance_id: str | None = None


def pieces(items: Collection[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Give a collection in pieces."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def locked_by_id(work: Work, register: Register, ids: Sequence[str]) -> Mapping[str, RecordRow]:
    """Give records, also such that were taken out, and keep others from changing them."""
    rows = work.session.scalars(
        select(RecordRow)
        .where(RecordRow.tenant == work.tenant, RecordRow.register == register.key, RecordRow.id.in_(ids))
        .order_by(RecordRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def write_all(work: Work, register: Register, wanted: Sequence[Written], hand: Hand) -> None:
    """Write a piece of records; their data fit the register already. Raises DuplicateRecord."""
    _write_new(work, register, [one for one in wanted if one.row is None and one.data is not None], hand)
    there = [one for one in wanted if one.row is not None]
    if there:
        _write_there(work, register, there, hand)


def _write_new(work: Work, register: Register, wanted: Sequence[Written], hand: Hand) -> None:
    """Write records that are new past the ORM, which costs several times as much for each row."""
    rows = [_fresh(work, register, one.record_id or new_id_in_order(), one.data or {}) for one in wanted]
    if not rows:
        return
    claims = [claim for row in rows for claim in _claims(work, register, row["id"], row["data"])]
    with _unlike_others(work, register):
        insert_all(work.session, RecordRow, rows)
        insert_all(work.session, RecordUniqueRow, claims)
    values = [one for row in rows for one in value_rows(register, work.tenant, row["id"], row["data"])]
    insert_all(work.session, RecordValueRow, values)
    insert_all(work.session, RecordVersionRow, [_version(work, row["id"], 1, row["data"], hand) for row in rows])
    if register.watch:
        for row in rows:
            plan_dates(work, register, RecordRow(**row))


def _write_there(work: Work, register: Register, wanted: Sequence[Written], hand: Hand) -> None:
    old = {one.row.id: one.row.data for one in wanted if one.row is not None and one.row.state == "live"}
    rows = [one.row for one in wanted if one.row is not None]
    _change(work, [(one.row, _gone(work, one.row)) for one in wanted if one.row is not None and one.data is None])
    live = [(one.row, one.data) for one in wanted if one.row is not None and one.data is not None]
    _change(work, [(row, _kept(work, register, row, data)) for row, data in live])
    kept = [row for row, _ in live]
    if old:
        work.session.execute(delete(RecordUniqueRow).where(RecordUniqueRow.record_id.in_(old)))
    with _unlike_others(work, register):
        claims = [claim for row in kept for claim in _claims(work, register, row.id, row.data)]
        insert_all(work.session, RecordUniqueRow, claims)
    gone = [row.id for row in rows if row.state != "live"]
    if gone:
        forget_values(work.session, gone)
        untie_all(work, gone)
    forget_values(work.session, [row.id for row in kept])
    values = [one for row in kept for one in value_rows(register, work.tenant, row.id, row.data)]
    insert_all(work.session, RecordValueRow, values)
    told = [(row.id, row.version, row.data if row.state == "live" else None) for row in rows]
    insert_all(work.session, RecordVersionRow, [_version(work, *one, hand) for one in told])
    _plan(work, register, rows, old)


def _fresh(work: Work, register: Register, record_id: str, data: Variables) -> dict[str, Any]:
    return {
        "id": record_id,
        "tenant": work.tenant,
        "register": register.key,
        "data": data,
        "version": 1,
        "state": "live",
        "created_at": work.now,
        "changed_at": work.now,
        **derived(register, record_id, data),
    }


def _gone(work: Work, row: RecordRow) -> dict[str, Any]:
    return {"id": row.id, "version": row.version + 1, "changed_at": work.now, "state": "deleted", "public": False}


def _kept(work: Work, register: Register, row: RecordRow, data: Variables) -> dict[str, Any]:
    of = {"id": row.id, "version": row.version + 1, "changed_at": work.now, "state": "live", "data": data}
    return {**of, **derived(register, row.id, data)}


def _change(work: Work, changes: Sequence[tuple[RecordRow, Mapping[str, Any]]]) -> None:
    """Change records in one statement, and the objects that stand for them."""
    update_all(work.session, RecordRow, [columns for _, columns in changes])
    for row, columns in changes:
        for name, value in columns.items():
            set_committed_value(row, name, value)


def _claims(work: Work, register: Register, record_id: str, data: Variables) -> Iterator[dict[str, str]]:
    of = {"tenant": work.tenant, "register": register.key, "record_id": record_id}
    for claim in unique_claims(register, data):
        yield {"id": new_id_in_order(), **of, **claim}


@contextmanager
def _unlike_others(work: Work, register: Register) -> Iterator[None]:
    """Say it by the register's name where a unique value is taken already. Raises DuplicateRecord."""
    try:
        with work.session.begin_nested():
            yield
    except IntegrityError as error:
        sentence = f"The register {register.key!r} has a record with the same unique value already."
        raise DuplicateRecord(sentence, register=register.key) from error


def _version(work: Work, record_id: str, version: int, data: Variables | None, hand: Hand) -> dict[str, Any]:
    return {
        "id": new_id_in_order(),
        "tenant": work.tenant,
        "record_id": record_id,
        "version": version,
        "data": data,
        "changed_at": work.now,
        "changed_by": hand.username,
        "instance_id": hand.instance_id,
        "reason": "",
        "import_id": hand.import_id,
    }


def _plan(work: Work, register: Register, rows: Sequence[RecordRow], old: Mapping[str, Variables]) -> None:
    if not register.watch:
        return
    for row in rows:
        if row.state != "live":
            forget_plans(work, row)
            continue
        plan_dates(work, register, row)
        if row.id in old:
            plan_change(work, register, row, old[row.id], None)
