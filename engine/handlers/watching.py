"""Watched records whose moment has come: a case begins or a message is sent, once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.commands import Command, CorrelateMessage
from engine.errors import NotFound
from engine.handlers.cases import begin_untold, newest, open_case
from engine.handlers.registers import register_of
from engine.handlers.registry import handles
from engine.handlers.rights import must_operate
from engine.handlers.work import Work
from engine.interventions import RetryWatch
from engine.model import Applicant, Variables
from engine.registers.watching import MESSAGE_ID, PAUSE, Watch
from engine.store.registers import RecordRow, RecordWatchRow, RegisterRow


@dataclass(frozen=True, kw_only=True)
class FireWatch(Command[bool]):
    """Carry out what a watched record sets off; False when it has gone already."""

    watch_id: str


@dataclass(frozen=True, kw_only=True)
class PutOffWatch(Command[None]):
    """It failed in a way that would fail with every beat, and be in the way of all others."""

    watch_id: str
    problem: str


@handles(FireWatch)
def fire_watch(work: Work, command: FireWatch) -> bool:
    """Begin the case or send the message in the transaction that also says it was done."""
    row = _locked(work, command.watch_id)
    if row is None or row.due_at > work.now:
        return False
    register = register_of(work, row.register)
    watch = next((one for one in register.watch if one.key == row.watch), None)
    record = work.session.scalar(
        select(RecordRow).where(
            RecordRow.tenant == work.tenant, RecordRow.id == row.record_id, RecordRow.state == "live"
        )
    )
    if watch is None or record is None:
        work.session.delete(row)
        return False
    row.state, row.fired_at, row.problem = "fired", work.now, ""
    if _done_for_another(work, row):
        return False
    _carry_out(work, watch, row, _told(watch, row, record))
    return True


@handles(RetryWatch)
def retry_watch(work: Work, command: RetryWatch) -> None:
    """Don't wait until the next try is due; what went off meanwhile, or was never late, stays as it is."""
    must_operate(work.actor)
    row = _locked(work, command.watch_id)
    if row is None or not row.problem:
        raise NotFound
    row.due_at = work.now


@handles(PutOffWatch)
def put_off_watch(work: Work, command: PutOffWatch) -> None:
    """Try again later; until it goes well an operator sees it among what failed."""
    row = _locked(work, command.watch_id)
    if row is not None:
        row.due_at, row.problem = work.now + PAUSE, command.problem


def _locked(work: Work, watch_id: str) -> RecordWatchRow | None:
    return work.session.scalar(
        select(RecordWatchRow)
        .where(RecordWatchRow.tenant == work.tenant, RecordWatchRow.id == watch_id, RecordWatchRow.state == "waiting")
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _done_for_another(work: Work, row: RecordWatchRow) -> bool:
    """Another record that counts as one with this has set it off; of several at once the register lets one look."""
    if row.counted_by == row.record_id:
        return False
    register = select(RegisterRow.id).where(RegisterRow.tenant == work.tenant, RegisterRow.key == row.register)
    work.session.execute(register.with_for_update()).all()
    query = select(RecordWatchRow.id).where(
        RecordWatchRow.tenant == work.tenant,
        RecordWatchRow.register == row.register,
        RecordWatchRow.watch == row.watch,
        RecordWatchRow.counted_by == row.counted_by,
        RecordWatchRow.occasion == row.occasion,
        RecordWatchRow.period == row.period,
        RecordWatchRow.state == "fired",
        RecordWatchRow.id != row.id,
    )
    return work.session.execute(query.limit(1)).first() is not None


def _told(watch: Watch, row: RecordWatchRow, record: RecordRow) -> Variables:
    """What the case or the message gets: the record as it is now, and what was watched."""
    occasion = {"date": watch.date, "on": row.occasion, "before": row.period} if watch.date else {}
    return {
        "record": {"id": record.id, "version": record.version, "caption": record.caption, "data": dict(record.data)},
        "watch": {"register": row.register} | occasion,
    }


def _carry_out(work: Work, watch: Watch, row: RecordWatchRow, told: Variables) -> None:
    if watch.message:
        message = CorrelateMessage(
            tenant=work.tenant,
            actor=work.actor,
            name=watch.message,
            correlation={"record": row.record_id},
            payload=told,
            message_id=f"{MESSAGE_ID}{row.id}",
        )
        work.send(message)
        return
    definition = newest(work, watch.start)
    caption = str(told["record"]["caption"])
    instance, _secret = open_case(work, definition, Applicant())
    instance.title = caption[:250]
    row.case_id = instance.id
    work.session.flush()
    begin_untold(work, instance, definition, {"data": told})
