"""The same done with many tasks: promised, handed to workers by parts, stopped."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import delete, select

from engine.desk import BatchPart, BeginBatch, StopBatch, TakeBatch
from engine.entitled import STAFF
from engine.errors import NotAllowed, NotFound
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.desk import TaskBatchRow

#: Tasks that a worker takes at a time: so often the page tells of progress.
PART = 10
#: For how long a worker has a part in hand before another one may do it again.
IN_HAND = timedelta(minutes=2)
#: For how long one can look what came of it.
KEPT_FOR = timedelta(days=30)


@handles(BeginBatch)
def begin_batch(work: Work, command: BeginBatch) -> str:
    """Write it down for a worker; what the same person did long ago goes."""
    if work.actor.kind not in STAFF:
        raise NotAllowed
    own = (TaskBatchRow.tenant == work.tenant, TaskBatchRow.username == work.actor.username)
    work.session.execute(delete(TaskBatchRow).where(*own, TaskBatchRow.ended_at < work.now - KEPT_FOR))
    row = TaskBatchRow(
        id=new_id(),
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
    """Write down what was done of the part before and give the next one."""
    if work.actor.kind != "system":
        raise NotAllowed
    row = _row(work, command.batch_id)
    if row.ended_at is not None or (not command.done and row.taken_until > work.now):
        return None
    row.turns += command.done
    row.refused = dict(Counter(row.refused) + Counter(command.refused))
    if row.turns >= len(row.tasks):
        row.ended_at = work.now
        return None
    row.taken_until = work.now + IN_HAND
    part = row.tasks[row.turns : row.turns + PART]
    return BatchPart(username=row.username, act=row.act, recipient=row.recipient, task_ids=part)  # type: ignore[arg-type]


@handles(StopBatch)
def stop_batch(work: Work, command: StopBatch) -> None:
    """Do no more of it; what is in hand is finished."""
    row = _row(work, command.batch_id)
    if row.username != work.actor.username:
        raise NotFound
    row.ended_at = row.ended_at or work.now


def _row(work: Work, batch_id: str) -> TaskBatchRow:
    row = work.session.scalar(select(TaskBatchRow).filter_by(tenant=work.tenant, id=batch_id).with_for_update())
    if row is None:
        raise NotFound
    return row
