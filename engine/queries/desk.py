"""What people of the staff arranged for themselves: views of the inbox, mails, the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from engine.desk import MailChoice
from engine.model import ROLE_ADMIN, ROLES, Actor
from engine.queries.inbox import TaskItem, Wanted, tasks
from engine.queries.paging import MOST_PER_PAGE
from engine.store.cases import DeadlineRow
from engine.store.desk import DeskRow, SavedViewRow
from engine.store.people import GroupRow, PersonRow


@dataclass(frozen=True, kw_only=True)
class SavedViewFacts:
    """A list of the inbox under a name."""

    id: str
    name: str
    #: Parameters of the list as its address has them.
    given: Mapping[str, str]
    #: Title of the group that finds it among theirs: {"cs", "en"}; None = only whoever keeps it.
    group: Mapping[str, str] | None
    #: Who keeps it, where that is somebody else.
    kept_by: str | None
    may_forget: bool


def saved_views(session: Session, tenant: str, actor: Actor) -> Sequence[SavedViewFacts]:
    """Give the views that a person keeps, and behind them those that are shared with them."""
    rows = session.execute(
        select(SavedViewRow, GroupRow.title, PersonRow.name)
        .outerjoin(GroupRow, and_(GroupRow.tenant == SavedViewRow.tenant, GroupRow.key == SavedViewRow.group_key))
        .outerjoin(
            PersonRow, and_(PersonRow.tenant == SavedViewRow.tenant, PersonRow.username == SavedViewRow.username)
        )
        .where(SavedViewRow.tenant == tenant)
        .where(
            or_(SavedViewRow.username == actor.username, SavedViewRow.group_key.in_(sorted(_shared_with(actor)))),
        )
        .order_by(SavedViewRow.username != actor.username, SavedViewRow.name, SavedViewRow.id)
    )
    return [_facts(row, title, name, actor) for row, title, name in rows]


def _shared_with(actor: Actor) -> frozenset[str]:
    """Own groups, and those of colleagues for whom the person stands in."""
    return actor.groups.union(*(away.groups for away in actor.stands_in)) - ROLES


def _facts(row: SavedViewRow, title: Mapping[str, str] | None, name: str | None, actor: Actor) -> SavedViewFacts:
    own = row.username == actor.username
    return SavedViewFacts(
        id=row.id,
        name=row.name,
        given=row.given,
        group=None if row.group_key is None else title or {"cs": row.group_key},
        kept_by=None if own else name or row.username,
        may_forget=own or ROLE_ADMIN in actor.groups,
    )


@dataclass(frozen=True, kw_only=True)
class DeskFacts:
    """What a person chose."""

    mail: MailChoice = "none"
    #: Since when their deadlines can be read by a token; None = they can't.
    calendar_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """A day in somebody's calendar: of a task they have, or of a period that runs in a case where they have one."""

    id: str
    #: task or period
    kind: str
    name: str
    business_key: str
    definition_id: str
    task_id: str
    due_at: datetime


def desk(session: Session, tenant: str, username: str) -> DeskFacts:
    """Give what a person chose."""
    row = session.scalar(select(DeskRow).filter_by(tenant=tenant, username=username))
    if row is None:
        return DeskFacts()
    return DeskFacts(mail=cast(MailChoice, row.mail), calendar_at=row.calendar_at)


def whose_calendar(session: Session, tenant: str, token_hash: str) -> str | None:
    """Give the username of the active person whose calendar this token reads."""
    return session.scalar(
        select(DeskRow.username)
        .join(PersonRow, and_(PersonRow.tenant == DeskRow.tenant, PersonRow.username == DeskRow.username))
        .where(DeskRow.tenant == tenant, DeskRow.calendar_hash == token_hash, PersonRow.active)
    )


def own_tasks(session: Session, tenant: str, actor: Actor, now: datetime) -> Sequence[TaskItem]:
    """Give the tasks that a person has, the nearest first."""
    wanted = Wanted(view="mine", page_size=MOST_PER_PAGE)
    return tasks(session, tenant, actor, wanted, now).items


def calendar(session: Session, tenant: str, actor: Actor, now: datetime) -> Sequence[CalendarEntry]:
    """Give the days of a person's tasks and of the periods of their cases."""
    own = own_tasks(session, tenant, actor, now)
    by_case = {task.instance_id: task for task in own}
    running = select(DeadlineRow).where(DeadlineRow.tenant == tenant, DeadlineRow.state == "running")
    periods = session.scalars(running.where(DeadlineRow.instance_id.in_(by_case)).order_by(DeadlineRow.due_at))
    return [
        *(_entry(task, "task", task.id, task.name, task.due_at) for task in own if task.due_at),
        *(_entry(by_case[row.instance_id], "period", row.id, row.title, row.due_at) for row in periods),
    ]


def _entry(task: TaskItem, kind: str, entry_id: str, name: str, due_at: datetime) -> CalendarEntry:
    return CalendarEntry(
        id=entry_id,
        kind=kind,
        name=name,
        business_key=task.business_key,
        definition_id=task.definition_id,
        task_id=task.id,
        due_at=due_at,
    )
