"""Everything a case waits for by the clock: its named periods, due dates of its open tasks, its timers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import Json
from engine.queries.definitions import model_of
from engine.store.cases import IS_OPEN, DeadlineRow, HumanTaskRow, InstanceRow, TimerRow


@dataclass(frozen=True, kw_only=True)
class DeadlineFacts:
    """One clock of a case."""

    kind: Literal["deadline", "task", "timer"]
    #: Key of the period, id of the task, id of the timer.
    key: str
    title: str
    #: deadline: running, stopped, met, missed, over (the case ended before); task: open, claimed; timer: waiting.
    state: str
    started_at: datetime | None
    due_at: datetime
    stopped_at: datetime | None
    ended_at: datetime | None
    overdue: bool
    #: [{"rule", "text", "text_en", "date"}]
    derivation: Sequence[Json]
    assignee: str | None = None


def deadlines(session: Session, tenant: str, instance_id: str, now: datetime) -> Sequence[DeadlineFacts]:
    """Give the clocks of a case: what runs first by its end, then what stopped or ended."""
    found = [
        *_periods(session, tenant, instance_id, now),
        *_tasks(session, tenant, instance_id, now),
        *_timers(session, tenant, instance_id, now),
    ]
    return sorted(found, key=lambda one: (one.state in ("stopped", "met", "missed", "over"), one.due_at))


def _periods(session: Session, tenant: str, instance_id: str, now: datetime) -> list[DeadlineFacts]:
    rows = session.execute(
        select(DeadlineRow, InstanceRow.ended_at)
        .join(InstanceRow, InstanceRow.id == DeadlineRow.instance_id)
        .where(DeadlineRow.tenant == tenant, DeadlineRow.instance_id == instance_id)
    )
    return [_period(row, case_ended_at, now) for row, case_ended_at in rows]


def _period(row: DeadlineRow, case_ended_at: datetime | None, now: datetime) -> DeadlineFacts:
    """Nothing runs in a case that has ended; the row stays as it was, because the end may be taken back."""
    state = row.state
    if state == "running" and case_ended_at:
        state = "missed" if row.due_at < case_ended_at else "over"
    elif state == "stopped" and case_ended_at:
        state = "over"
    return DeadlineFacts(
        kind="deadline",
        key=row.key,
        title=row.title,
        state=state,
        started_at=row.started_at,
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        ended_at=row.ended_at or case_ended_at,
        overdue=state == "missed" or (state == "running" and row.due_at < now),
        derivation=row.derivation,
    )


def _tasks(session: Session, tenant: str, instance_id: str, now: datetime) -> list[DeadlineFacts]:
    rows = session.scalars(
        select(HumanTaskRow)
        .where(HumanTaskRow.tenant == tenant, HumanTaskRow.instance_id == instance_id)
        .where(IS_OPEN, HumanTaskRow.due_at.is_not(None))
    )
    return [
        DeadlineFacts(
            kind="task",
            key=row.id,
            title=row.name,
            state=row.state,
            started_at=row.opened_at,
            due_at=row.due_at,
            stopped_at=None,
            ended_at=None,
            overdue=row.due_at < now,
            derivation=row.derivation or [],
            assignee=row.assignee,
        )
        for row in rows
        if row.due_at is not None
    ]


def _timers(session: Session, tenant: str, instance_id: str, now: datetime) -> list[DeadlineFacts]:
    rows = session.execute(
        select(TimerRow, InstanceRow.definition_id)
        .join(InstanceRow, InstanceRow.id == TimerRow.instance_id)
        .where(TimerRow.tenant == tenant, TimerRow.instance_id == instance_id, TimerRow.state == "waiting")
    )
    return [
        DeadlineFacts(
            kind="timer",
            key=row.id,
            title=_node_names(session, tenant, definition_id).get(row.node, row.node),
            state=row.state,
            started_at=None,
            due_at=row.due_at,
            stopped_at=None,
            ended_at=None,
            overdue=row.due_at < now,
            derivation=[],
        )
        for row, definition_id in rows
    ]


def _node_names(session: Session, tenant: str, definition_id: str) -> Mapping[str, str]:
    return {node.id: node.name for node in model_of(session, tenant, definition_id).nodes.values() if node.name}
