"""Many records written at once: the same as one by one (engine.handlers.registers), with few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from engine.errors import DuplicateRecord
from engine.handlers.links import untie_all
from engine.handlers.registers import derive, unique_claims
from engine.handlers.watch_plans import forget_plans, plan_change, plan_dates
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Variables
from engine.registers.definitions import Register
from engine.store.record_values import forget_values, keep_values
from engine.store.registers import RecordRow, RecordUniqueRow, RecordVersionRow

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
    old = {one.row.id: one.row.data for one in wanted if one.row is not None and one.row.state == "live"}
    rows = [_row(work, register, one) for one in wanted]
    kept = [row for row in rows if row.state == "live"]
    for row in kept:
        derive(register, row)
    work.session.add_all(rows)
    work.session.flush()
    _claim(work, register, kept, old)
    gone = [row.id for row in rows if row.state != "live"]
    if gone:
        forget_values(work.session, gone)
        untie_all(work, gone)
    keep_values(work.session, register, kept, fresh=not old)
    versions = [_version(work, row, hand) for row in rows]
    work.session.execute(insert(RecordVersionRow), versions)
    _plan(work, register, rows, old)


def _row(work: Work, register: Register, one: Written) -> RecordRow:
    row = one.row
    if row is None:
        row = RecordRow(id=one.record_id or new_id(), tenant=work.tenant, register=register.key, version=0)
        row.created_at, row.state = work.now, "live"
    row.version, row.changed_at = row.version + 1, work.now
    if one.data is None:
        row.state, row.public = "deleted", False
    else:
        row.data, row.state = one.data, "live"
    return row


def _claim(work: Work, register: Register, rows: Sequence[RecordRow], old: Mapping[str, Variables]) -> None:
    """Take unique values of records, after those that change have left theirs."""
    if old:
        ids = list(old)
        work.session.execute(delete(RecordUniqueRow).where(RecordUniqueRow.record_id.in_(ids)))
    claims: list[dict[str, Any]] = [
        {"id": new_id(), "tenant": work.tenant, "register": register.key, "record_id": row.id, **claim}
        for row in rows
        for claim in unique_claims(register, row.data)
    ]
    if not claims:
        return
    try:
        with work.session.begin_nested():
            work.session.execute(insert(RecordUniqueRow), claims)
    except IntegrityError as error:
        sentence = f"The register {register.key!r} has a record with the same unique value already."
        raise DuplicateRecord(sentence, register=register.key) from error


def _version(work: Work, row: RecordRow, hand: Hand) -> dict[str, Any]:
    return {
        "id": new_id(),
        "tenant": work.tenant,
        "record_id": row.id,
        "version": row.version,
        "data": row.data if row.state == "live" else None,
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
