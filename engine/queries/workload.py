"""How much lies on whom: open tasks by person and by group, for the head of the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.queries.people import groups, people
from engine.store.cases import IS_OPEN, HumanTaskRow, InstanceRow

Task = HumanTaskRow
#: For how long back finished tasks are counted.
LATELY = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Load:
    """What lies on one person, or waits for one group."""

    key: str
    open: int
    overdue: int
    nearest: datetime | None


@dataclass(frozen=True, kw_only=True)
class PersonLoad(Load):
    """What lies on a person."""

    name: str
    #: False: they left, and what lies on them lies there for nobody.
    active: bool
    #: Finished in the last 30 days.
    finished: int


@dataclass(frozen=True, kw_only=True)
class GroupLoad(Load):
    """What waits for somebody of a group to take it."""

    title: Mapping[str, str]
    #: Who could take it; nobody = it waits in vain.
    members: int


@dataclass(frozen=True, kw_only=True)
class Workload:
    """The whole office."""

    people: Sequence[PersonLoad]
    groups: Sequence[GroupLoad]


def workload(session: Session, tenant: str, now: datetime) -> Workload:
    """Give how much lies on whom, the most burdened first."""
    held = _open(session, tenant, Task.assignee, Task.assignee.is_not(None), now)
    finished = _finished(session, tenant, now)
    staff = people(session, tenant)
    working = {one.username for one in staff if one.active}
    on_people = [
        PersonLoad(
            name=one.name,
            active=one.active,
            finished=finished.get(one.username, 0),
            **vars(held.get(one.username, Load(key=one.username, open=0, overdue=0, nearest=None))),
        )
        for one in staff
        if one.active or one.username in held
    ]
    return Workload(
        people=sorted(on_people, key=lambda one: (-one.open, one.name)),
        groups=_of_groups(session, tenant, working, now),
    )


def in_vain(session: Session, tenant: str, now: datetime) -> Sequence[GroupLoad]:
    """Give groups that tasks wait for and nobody is in."""
    working = {one.username for one in people(session, tenant) if one.active}
    return [one for one in _of_groups(session, tenant, working, now) if not one.members]


def _of_groups(session: Session, tenant: str, working: Set[str], now: datetime) -> Sequence[GroupLoad]:
    """What waits for each group, those without anybody first."""
    waiting = _open(session, tenant, Task.candidate_group, Task.assignee.is_(None), now)
    found = [
        GroupLoad(title=one.title, members=len(working & set(one.members)), **vars(waiting[one.key]))
        for one in groups(session, tenant)
        if one.key in waiting
    ]
    return sorted(found, key=lambda one: (one.members > 0, -one.open, one.key))


def _open(
    session: Session, tenant: str, by: InstrumentedAttribute[str | None], which: ColumnElement[bool], now: datetime
) -> dict[str, Load]:
    rows = session.execute(
        select(by, func.count(), func.count().filter(Task.due_at < now), func.min(Task.due_at))
        .join(InstanceRow, InstanceRow.id == Task.instance_id)
        .where(Task.tenant == tenant, IS_OPEN, Task.audience == "staff", which, by.is_not(None))
        .where(InstanceRow.status == "running")
        .group_by(by)
    )
    return {str(key): Load(key=str(key), open=all_, overdue=late, nearest=nearest) for key, all_, late, nearest in rows}


def _finished(session: Session, tenant: str, now: datetime) -> dict[str, int]:
    rows = session.execute(
        select(Task.completed_by, func.count())
        .where(Task.tenant == tenant, Task.state == "completed", Task.completed_at >= now - LATELY)
        .where(Task.completed_by.is_not(None))
        .group_by(Task.completed_by)
    )
    return {str(username): count for username, count in rows}
