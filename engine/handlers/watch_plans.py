"""What a written record will set off, and when: one row for each occasion, kept in step with the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, false, literal, not_, or_, select, update

from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Variables
from engine.registers.definitions import Register
from engine.registers.watching import MESSAGE_ID, Watch
from engine.store.base import table_of
from engine.store.cases import KeptMessageRow
from engine.store.registers import RecordRow, RecordWatchRow
from engine.store.upsert import insert_new

_TABLE = table_of(RecordWatchRow)
_KEYS = ("tenant", "record_id", "watch", "counted_by", "occasion", "period")


def plan_dates(work: Work, register: Register, row: RecordRow) -> None:
    """Let the dates of a record wait for their moments; what has been fired stays fired, what is owed stays owed."""
    if not register.watch:
        return
    dates = [watch for watch in register.watch if watch.date]
    _forget(work, row, dates)
    for watch in dates:
        for occasion, period, moment in watch.moments(row.data, work.now):
            _wait(work, watch, _what(row, watch, occasion, period), moment)


def plan_change(work: Work, register: Register, row: RecordRow, old: Variables, instance_id: str | None) -> None:
    """Let a change of a record be told at once, but not to the case that made it."""
    for watch in register.watch:
        if watch.date or watch.held or not watch.has_changed(old, row.data) or _began(work, watch, row, instance_id):
            continue
        _wait(work, watch, _what(row, watch, str(row.version), ""), work.now)


def plan_held(work: Work, register: Register, watch: Watch, record_id: str, row_id: str) -> None:
    """Let somebody be told of the first row of a record that was held back."""
    what = {"register": register.key, "record_id": record_id, "counted_by": record_id, "occasion": row_id, "period": ""}
    _wait(work, watch, what, work.now)


def try_again_at_once(work: Work) -> None:
    """Let what failed be tried again with the next beat: what has just been published may have mended it."""
    work.session.execute(
        update(RecordWatchRow)
        .where(RecordWatchRow.tenant == work.tenant, RecordWatchRow.state == "waiting", RecordWatchRow.problem != "")
        .values(due_at=work.now)
    )


def forget_plans(work: Work, row: RecordRow) -> None:
    """Let a record that is gone set nothing off any more."""
    work.session.execute(
        delete(RecordWatchRow).where(
            RecordWatchRow.tenant == work.tenant, RecordWatchRow.record_id == row.id, RecordWatchRow.state == "waiting"
        )
    )


def _forget(work: Work, row: RecordRow, dates: Sequence[Watch]) -> None:
    """Drop what waits for its moment. What should have been done for a day that still holds is not dropped."""
    still = [
        and_(RecordWatchRow.watch == watch.key, RecordWatchRow.occasion == day)
        for watch in dates
        if (day := watch.day(row.data))
    ]
    owed = and_(or_(RecordWatchRow.due_at <= work.now, RecordWatchRow.problem != ""), or_(false(), *still))
    work.session.execute(
        delete(RecordWatchRow).where(
            RecordWatchRow.tenant == work.tenant,
            RecordWatchRow.record_id == row.id,
            RecordWatchRow.state == "waiting",
            RecordWatchRow.period != "",
            not_(owed),
        )
    )


def _began(work: Work, watch: Watch, row: RecordRow, instance_id: str | None) -> bool:
    """The case writing the record was begun or told by this very watch: told again, it would never end."""
    if instance_id is None:
        return False
    told = select(KeptMessageRow.id).where(
        KeptMessageRow.tenant == work.tenant,
        KeptMessageRow.message_id == literal(MESSAGE_ID) + RecordWatchRow.id,
        KeptMessageRow.instance_id == instance_id,
    )
    query = select(RecordWatchRow.id).where(
        RecordWatchRow.tenant == work.tenant,
        RecordWatchRow.record_id == row.id,
        RecordWatchRow.watch == watch.key,
        or_(
            RecordWatchRow.case_id == instance_id,
            RecordWatchRow.id == work.hearing.removeprefix(MESSAGE_ID),
            told.exists(),
        ),
    )
    return work.session.execute(query).first() is not None


def _what(row: RecordRow, watch: Watch, occasion: str, period: str) -> dict[str, str]:
    return {
        "register": row.register,
        "record_id": row.id,
        "counted_by": watch.counted_by(row.id, row.data),
        "occasion": occasion,
        "period": period,
    }


def _wait(work: Work, watch: Watch, what: Mapping[str, str], moment: datetime) -> None:
    facts = {
        "id": new_id(),
        "tenant": work.tenant,
        "watch": watch.key,
        "state": "waiting",
        "due_at": moment,
        "problem": "",
    }
    insert_new(work.connection, _TABLE, facts | dict(what), _KEYS)
