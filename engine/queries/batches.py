"""The same done with many tasks: how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.desk import BatchPart
from engine.errors import NotFound
from engine.model import Actor
from engine.store.cases import HumanTaskRow
from engine.store.desk import TaskBatchRow

Row = TaskBatchRow


@dataclass(frozen=True, kw_only=True)
class BatchFacts:
    """How far it is."""

    id: str
    act: str
    given: Mapping[str, str]
    total: int
    #: How many have had their turn, and of those, reason → how many stayed as they were.
    turns: int
    refused: Mapping[str, int]
    begun_at: datetime
    ended_at: datetime | None

    @property
    def done(self) -> int:
        """How many were done."""
        return self.turns - sum(self.refused.values())


def batch(session: Session, tenant: str, batch_id: str, actor: Actor) -> BatchFacts:
    """Give one of a person's own. Raises NotFound."""
    own = select(Row).where(Row.tenant == tenant, Row.username == actor.username, Row.id == batch_id)
    row = session.scalar(own)
    if row is None:
        raise NotFound
    return _facts(row)


def going_on(session: Session, tenant: str, actor: Actor) -> Sequence[BatchFacts]:
    """Give those of a person that aren't finished."""
    own = select(Row).where(Row.tenant == tenant, Row.username == actor.username, Row.ended_at.is_(None))
    return [_facts(row) for row in session.scalars(own.order_by(Row.begun_at))]


def waiting(session: Session, now: datetime) -> Sequence[tuple[str, str]]:
    """Give (tenant, id) of what waits for a worker, of all tenants."""
    query = select(Row.tenant, Row.id).where(Row.ended_at.is_(None), Row.taken_until <= now)
    return [(row.tenant, row.id) for row in session.execute(query.order_by(Row.begun_at, Row.id))]


def was_done(session: Session, tenant: str, part: BatchPart, task_id: str) -> bool:
    """Tell whether whoever had this part before, and didn't report it, did it with this task."""
    task = session.scalar(select(HumanTaskRow).where(HumanTaskRow.tenant == tenant, HumanTaskRow.id == task_id))
    if task is None or part.since is None:
        return False
    if part.act == "complete":
        return task.completed_by == part.username and task.completed_at is not None and task.completed_at >= part.since
    by_now = task.state == "claimed" and task.claimed_at is not None and task.claimed_at >= part.since
    return part.act == "delegate" and by_now and task.assignee == part.recipient


def _facts(row: TaskBatchRow) -> BatchFacts:
    return BatchFacts(
        id=row.id,
        act=row.act,
        given=row.given,
        total=len(row.tasks),
        turns=row.turns,
        refused=row.refused,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
    )
