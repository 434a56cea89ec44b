"""The same done with many tasks: promised, handed to workers by parts, stopped."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import delete, func, select

from engine.desk import BatchPart, BeginBatch, ForgetBatches, ReportBatch, StopBatch, TakeBatch
from engine.entitled import STAFF
from engine.errors import NotAllowed, NotFound
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.store.desk import TaskBatchRow

#: Tasks that a worker takes at a time: so often the page tells of progress.
PART = 10
#: For how long a worker has a part in hand before another one may do it again.
IN_HAND = timedelta(minutes=2)
#: For how long one can look what came of it.
KEPT_FOR = timedelta(days=30)


@handles(BeginBatch)
def begin_batch(work: Work, command: BeginBatch) -> str:
    """Write it down for a worker."""
    if work.actor.kind not in STAFF:
        raise NotAllowed
    row = TaskBatchRow(
        id=command.batch_id,
        tenant=work.tenant,
        username=work.actor.username,
        act=command.act,
        recipient=command.recipient,
        tasks=list(command.task_ids),
        turns=0,
        refused={},
        given=dict(command.given),
        begun_at=work.now,
        taken_until=work.now,
    )
    work.session.add(row)
    return row.id


@handles(TakeBatch)
def take_batch(work: Work, command: TakeBatch) -> BatchPart | None:
    """Give the next part."""
    row = _row_for_worker(work, command.batch_id)
    if row.ended_at is not None or row.taken_until > work.now:
        return None
    # As it was begun or reported; otherwise somebody took it and was heard of no more.
    since = None if row.taken_until == row.begun_at else row.begun_at
    row.taken_until = work.now + IN_HAND
    return BatchPart(
        username=row.username,
        act=row.act,  # type: ignore[arg-type]
        recipient=row.recipient,
        task_ids=row.tasks[row.turns : row.turns + PART],
        begun=row.turns,
        since=since,
    )


@handles(ReportBatch)
def report_batch(work: Work, command: ReportBatch) -> None:
    """Count what was done, of a batch that was stopped meanwhile too, and let anybody take the next part."""
    row = _row_for_worker(work, command.batch_id)
    if row.turns != command.begun:
        return
    row.turns += command.done
    row.refused = dict(Counter(row.refused) + Counter(command.refused))
    row.taken_until = row.begun_at
    if row.turns >= len(row.tasks):
        row.ended_at = row.ended_at or work.now


@handles(StopBatch)
def stop_batch(work: Work, command: StopBatch) -> None:
    """Do no more of it; what is in hand is finished."""
    row = _row(work, command.batch_id)
    if row.username != work.actor.username:
        raise NotFound
    row.ended_at = row.ended_at or work.now


@handles(ForgetBatches)
def forget_batches(work: Work, command: ForgetBatches) -> None:
    """Delete them: the list that tasks were chosen from may be narrowed by somebody's name."""
    if work.actor.kind != "system":
        raise NotAllowed
    last_heard_of = func.coalesce(TaskBatchRow.ended_at, TaskBatchRow.begun_at)
    old = (TaskBatchRow.tenant == work.tenant, last_heard_of < work.now - KEPT_FOR)
    work.session.execute(delete(TaskBatchRow).where(*old))


def _row_for_worker(work: Work, batch_id: str) -> TaskBatchRow:
    if work.actor.kind != "system":
        raise NotAllowed
    return _row(work, batch_id)


def _row(work: Work, batch_id: str) -> TaskBatchRow:
    row = work.session.scalar(select(TaskBatchRow).filter_by(tenant=work.tenant, id=batch_id).with_for_update())
    if row is None:
        raise NotFound
    return row
