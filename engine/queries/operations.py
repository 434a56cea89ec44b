"""What an operator watches: incidents, jobs, timers, messages nobody waited for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.queries.paging import Page, page_of
from engine.store.cases import IncidentRow, InstanceRow, JobRow, KeptMessageRow, TimerRow


@dataclass(frozen=True, kw_only=True)
class IncidentFacts:
    """Something a person must look at."""

    id: str
    instance_id: str
    business_key: str
    title: str
    process_key: str
    version: int
    definition_id: str
    node: str
    activity: str | None
    job_id: str | None
    message: str
    state: str
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """A promised outside action. Its parameters are not shown: they may be personal."""

    id: str
    instance_id: str
    business_key: str
    node: str
    connector: str
    state: str
    attempts: int
    next_at: datetime
    message: str | None
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TimerFacts:
    """A moment a case waits for."""

    id: str
    instance_id: str
    business_key: str
    definition_id: str
    node: str
    due_at: datetime
    state: str


@dataclass(frozen=True, kw_only=True)
class MessageFacts:
    """A message that came in."""

    id: str
    name: str
    correlation: Mapping[str, Any]
    state: str
    received_at: datetime
    expires_at: datetime | None
    instance_id: str | None
    #: Why it was set aside.
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Numbers at the top of the cockpit."""

    cases: Mapping[str, int]
    jobs: Mapping[str, int]
    open_incidents: int
    timers_waiting: int
    #: Due and not fired yet: grows when the beat stands still.
    timers_late: int
    oldest_ready_job: datetime | None
    messages_kept: int


Facts = TypeVar("Facts", IncidentFacts, JobFacts, TimerFacts, MessageFacts)


def overview(session: Session, tenant: str, now: datetime) -> Overview:
    """Count what goes on."""
    waiting = (TimerRow.tenant == tenant, TimerRow.state == "waiting")
    return Overview(
        cases=_by(session, InstanceRow.status, InstanceRow.tenant == tenant),
        jobs=_by(session, JobRow.state, JobRow.tenant == tenant),
        open_incidents=_number(session, IncidentRow.id, IncidentRow.tenant == tenant, IncidentRow.state == "open"),
        timers_waiting=_number(session, TimerRow.id, *waiting),
        timers_late=_number(session, TimerRow.id, *waiting, TimerRow.due_at < now),
        oldest_ready_job=session.scalar(
            select(func.min(JobRow.next_at)).where(JobRow.tenant == tenant, JobRow.state == "ready")
        ),
        messages_kept=_number(
            session, KeptMessageRow.id, KeptMessageRow.tenant == tenant, KeptMessageRow.state == "kept"
        ),
    )


def incidents(
    session: Session,
    tenant: str,
    *,
    instance_id: str | None = None,
    state: str | None = "open",
    page: int = 1,
    page_size: int = 50,
) -> Page[IncidentFacts]:
    """Give incidents, the newest first; `state` None gives the resolved ones too."""
    case = (InstanceRow.business_key, InstanceRow.title, InstanceRow.process_key, InstanceRow.version)
    query = (
        select(IncidentRow, *case, InstanceRow.definition_id)
        .join(InstanceRow, InstanceRow.id == IncidentRow.instance_id)
        .where(IncidentRow.tenant == tenant)
        .order_by(IncidentRow.opened_at.desc(), IncidentRow.id)
    )
    if state:
        query = query.where(IncidentRow.state == state)
    if instance_id:
        query = query.where(IncidentRow.instance_id == instance_id)
    return page_of(session, query, _reader(IncidentFacts), page, page_size)


def jobs(
    session: Session, tenant: str, *, instance_id: str | None = None, states: Sequence[str] = (), page: int = 1
) -> Page[JobFacts]:
    """Give outside actions, the newest first."""
    query = (
        select(JobRow, InstanceRow.business_key)
        .join(InstanceRow, InstanceRow.id == JobRow.instance_id)
        .where(JobRow.tenant == tenant)
        .order_by(JobRow.created_at.desc(), JobRow.id)
    )
    if states:
        query = query.where(JobRow.state.in_(states))
    if instance_id:
        query = query.where(JobRow.instance_id == instance_id)
    return page_of(session, query, _reader(JobFacts), page)


def timers(session: Session, tenant: str, *, page: int = 1, page_size: int = 50) -> Page[TimerFacts]:
    """Give the moments cases wait for, the nearest first."""
    query = (
        select(TimerRow, InstanceRow.business_key, InstanceRow.definition_id)
        .join(InstanceRow, InstanceRow.id == TimerRow.instance_id)
        .where(TimerRow.tenant == tenant, TimerRow.state == "waiting")
        .order_by(TimerRow.due_at, TimerRow.id)
    )
    return page_of(session, query, _reader(TimerFacts), page, page_size)


def kept_messages(session: Session, tenant: str, *, page: int = 1) -> Page[MessageFacts]:
    """Give messages that nobody has waited for, run out ones and those set aside too, the newest first."""
    query = (
        select(KeptMessageRow)
        .where(KeptMessageRow.tenant == tenant, KeptMessageRow.state.in_(("kept", "expired", "failed")))
        # What needs a person comes first.
        .order_by(KeptMessageRow.state != "failed", KeptMessageRow.received_at.desc(), KeptMessageRow.id)
    )
    return page_of(session, query, _reader(MessageFacts), page)


def _reader(facts: type[Facts]) -> Callable[[Row[*tuple[Any, ...]]], Facts]:
    """Read a row object and the columns beside it into facts, by their names."""
    names = [one.name for one in fields(facts)]

    def read(row: Row[*tuple[Any, ...]]) -> Facts:
        beside = row._mapping
        return facts(**{name: beside[name] if name in beside else getattr(row[0], name) for name in names})

    return read


def _by(session: Session, column: InstrumentedAttribute[str], *which: ColumnElement[bool]) -> Mapping[str, int]:
    return dict(session.execute(select(column, func.count()).where(*which).group_by(column)).all())


def _number(session: Session, column: InstrumentedAttribute[str], *which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(column)).where(*which)) or 0
