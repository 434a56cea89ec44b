"""What has waited too long: tasks past their due date or with nobody, jobs and timers whose moment is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, UnaryExpression, func, select
from sqlalchemy.orm import Session

from engine.lifecycle import OPEN_TASK
from engine.store.cases import HumanTaskRow, InstanceRow, JobRow, TimerRow

Task = HumanTaskRow
#: A worker may be a little behind; later than this it is late.
PATIENCE = timedelta(minutes=2)
#: An open task this old that has no due date stands still.
STILL = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something of a case that waits, and since when."""

    business_key: str
    definition_id: str
    title: str
    name: str
    since: datetime
    #: Whose it is; None where nobody has taken it.
    assignee: str | None = None


@dataclass(frozen=True, kw_only=True)
class Waitings:
    """The longest waiting, and how many there are."""

    items: Sequence[Waiting]
    total: int


def late_tasks(session: Session, tenant: str, now: datetime, limit: int) -> Waitings:
    """Give the open tasks past their due date, the longest first."""
    return _tasks(session, tenant, (Task.due_at < now,), Task.due_at, limit)


def still_tasks(session: Session, tenant: str, now: datetime, limit: int) -> Waitings:
    """Give the open tasks without a due date that have stood for long, the longest first."""
    return _tasks(session, tenant, (Task.due_at.is_(None), Task.opened_at < now - STILL), Task.opened_at, limit)


def late_jobs(session: Session, tenant: str, now: datetime, limit: int) -> Waitings:
    """Give the outside actions that no worker has taken in time, the longest first."""
    which = (JobRow.state == "ready", JobRow.next_at < now - PATIENCE)
    return _of_cases(session, tenant, JobRow, (JobRow.connector, JobRow.next_at), which, limit)


def late_timers(session: Session, tenant: str, now: datetime, limit: int) -> Waitings:
    """Give the timers that have not fired in time, the longest first."""
    which = (TimerRow.state == "waiting", TimerRow.due_at < now - PATIENCE)
    return _of_cases(session, tenant, TimerRow, (TimerRow.node, TimerRow.due_at), which, limit)


def oldest_cases(session: Session, tenant: str, limit: int) -> Sequence[Waiting]:
    """Give the running cases that began the longest ago."""
    case = InstanceRow
    rows = session.execute(
        select(case.business_key, case.definition_id, case.title, case.process_key, case.started_at)
        .where(case.tenant == tenant, case.status == "running")
        .order_by(case.started_at)
        .limit(limit)
    )
    return [_waiting(row) for row in rows]


def _tasks(session: Session, tenant: str, which: Sequence[ColumnElement[bool]], since: Any, limit: int) -> Waitings:
    columns = (Task.name, since, Task.assignee)
    return _of_cases(session, tenant, Task, columns, (Task.state.in_(OPEN_TASK), *which), limit)


def _of_cases(
    session: Session,
    tenant: str,
    row_class: type[HumanTaskRow | JobRow | TimerRow],
    columns: Sequence[Any],
    which: Sequence[ColumnElement[bool]],
    limit: int,
) -> Waitings:
    name, since, *rest = columns
    # What a suspended case has late is not late: nobody may do it.
    query = (
        select(InstanceRow.business_key, InstanceRow.definition_id, InstanceRow.title, name, since, *rest)
        .join(InstanceRow, InstanceRow.id == row_class.instance_id)
        .where(row_class.tenant == tenant, InstanceRow.status == "running", *which)
    )
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    order: UnaryExpression[Any] = since.asc()
    return Waitings(items=[_waiting(row) for row in session.execute(query.order_by(order).limit(limit))], total=total)


def _waiting(row: Row[*tuple[Any, ...]]) -> Waiting:
    key, definition_id, title, name, since, *rest = row
    return Waiting(
        business_key=key,
        definition_id=definition_id,
        title=title,
        name=name,
        since=since,
        assignee=rest[0] if rest else None,
    )
