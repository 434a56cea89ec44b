"""The inbox: human tasks that somebody could or should do now. Never opens the state of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Row,
    Select,
    and_,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from engine.entitled import RUNNING
from engine.lifecycle import OPEN_TASK
from engine.model import ROLE_AUDITOR, Absence, Actor
from engine.queries.paging import Page, page_found, page_of
from engine.store.cases import IS_OPEN, HumanTaskRow, InstanceRow
from engine.store.definitions import ProcessDefinitionRow
from engine.store.people import GroupRow, PersonRow
from engine.store.searching import MOST_ASKED, every_word, fold, list_has
from engine.store.sight import may_read_task, own_processes
from engine.store.wording import cases_found, cases_of_applicant

View = Literal["mine", "groups", "standing_in", "all", "overdue", "applicant"]
Sort = Literal["due", "legal", "opened", "priority"]
VIEWS: tuple[View, ...] = ("mine", "groups", "standing_in", "all", "overdue", "applicant")

Task, Case = HumanTaskRow, InstanceRow


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the inbox is asked for."""

    #: mine: assigned to me; groups: free, and I may take it; standing_in: of colleagues for whom I stand in;
    #: all: of the staff; overdue; applicant: waits outside.
    view: View = "groups"
    #: Exactly this state, of a task of any case; None = what can be done now.
    state: str | None = None
    process_key: str | None = None
    instance_id: str | None = None
    node: str | None = None
    group: str | None = None
    assignee: str | None = None
    due_before: datetime | None = None
    #: Only of this priority and above; 50 is the usual one.
    priority_from: int | None = None
    #: Words of the case's number, title or applicant, of the task's name and subject, or of what was said in the case.
    q: str = ""
    #: Words of the name of the case's applicant, or their company number.
    applicant: str = ""
    #: due: by the task's day; legal: by the nearest period of the case that runs.
    sort: Sort = "due"
    page: int = 1
    page_size: int = 50

    @property
    def by_words(self) -> bool:
        """Whether anything is looked for by its words."""
        return bool(self.q.strip() or self.applicant.strip())


@dataclass(frozen=True, kw_only=True)
class TaskItem:
    """A line of the inbox."""

    id: str
    name: str
    subject: str
    node: str
    state: str
    audience: str
    process_key: str
    definition_id: str
    instance_id: str
    business_key: str
    title: str
    applicant_name: str
    group: str | None
    assignee: str | None
    assignee_name: str | None
    priority: int
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    #: The end of the case's nearest period that runs, in whichever task.
    case_due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """A page of the inbox and how much there is in each view."""

    tasks: Page[TaskItem]
    counts: Mapping[View, int]


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process that has open tasks, by the name of its newest version."""

    key: str
    name: str
    definition_id: str


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen in the inbox's filters: (key, name) of what has open tasks."""

    processes: Sequence[Process]
    #: (key, {"cs", "en"})
    groups: Sequence[tuple[str, Mapping[str, str]]]
    assignees: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is in the inbox as a whole."""

    counts: Mapping[View, int]
    choices: Choices
    #: Whether the name or subject of any of them has a word that is looked for; only where words were given.
    named: bool = True


def inbox(
    session: Session, tenant: str, actor: Actor, wanted: Wanted, now: datetime, seen: Survey | None = None
) -> Inbox:
    """Give a page of open human tasks for one person; `seen` where the views are counted already."""
    seen = seen or survey(session, tenant, actor, now, wanted.q)
    return Inbox(tasks=tasks(session, tenant, actor, wanted, now, seen), counts=seen.counts)


def survey(session: Session, tenant: str, actor: Actor, now: datetime, q: str = "") -> Survey:
    """Go once through all open tasks that a person may read: how many are in each view, and what they have."""
    views = _views(session, tenant, actor, now)
    counted = [func.count().filter(views[view]).label(view) for view in VIEWS]
    words = [every_word([Task.search], word) for word in fold(q).split()[:MOST_ASKED]]
    named = func.count().filter(or_(false(), *words)).label("named")
    had = (Task.process_key, Task.candidate_group, Task.assignee)
    query = _live(tenant).where(may_read_task(session, tenant, actor))
    asked = query.with_only_columns(*had, *counted, *([named] if words else []), maintain_column_froms=True)
    rows = session.execute(asked.group_by(*had)).all()
    return Survey(
        counts={view: sum(row._mapping[view] for row in rows) for view in VIEWS},
        choices=_choices(session, tenant, rows),
        named=not words or any(row.named for row in rows),
    )


def tasks(
    session: Session, tenant: str, actor: Actor, wanted: Wanted, now: datetime, seen: Survey | None = None
) -> Page[TaskItem]:
    """Give a page of human tasks; what was seen of the open ones already, for the very words, spares another look."""
    all_of_them = _live(tenant) if wanted.state is None else _ids(tenant).where(Task.state == wanted.state)
    live = seen if wanted.state is None else None
    filters = _filters(session, tenant, wanted, named=live is None or live.named)
    total = live.counts[wanted.view] if live is not None and not filters else None
    query = all_of_them.where(*filters)
    query = query.where(_views(session, tenant, actor, now)[wanted.view], may_read_task(session, tenant, actor))
    # Cases are looked up for the page alone: with a hundred thousand tasks that is most of the work.
    place = (wanted.page, wanted.page_size)
    if wanted.by_words:
        which = page_found(session, _found_first(query, wanted.sort), lambda row: str(row.id), *place)
    else:
        which = page_of(session, query.order_by(*_ORDER[wanted.sort](Task)), lambda row: str(row.id), *place, total)
    found = {row.id: _item(row, now) for row in session.execute(_all(tenant).where(Task.id.in_(which.items)))}
    items = [found[task_id] for task_id in which.items if task_id in found]
    return Page(items=items, page=which.page, page_size=which.page_size, total=which.total)


def count_each(session: Session, tenant: str, actor: Actor, lists: Sequence[Wanted], now: datetime) -> Sequence[int]:
    """Count the open tasks of several lists in one pass over them."""
    if not lists:
        return []
    views = _views(session, tenant, actor, now)
    counted = [func.count().filter(and_(views[one.view], *_filters(session, tenant, one))) for one in lists]
    query = _live(tenant).where(may_read_task(session, tenant, actor))
    return list(session.execute(query.with_only_columns(*counted, maintain_column_froms=True)).one())


def task_ids(session: Session, tenant: str, actor: Actor, wanted: Wanted, now: datetime, limit: int) -> Sequence[str]:
    """Give the ids of the open tasks of a whole list, at most so many, in no order."""
    query = _live(tenant).where(*_filters(session, tenant, wanted))
    query = query.where(_views(session, tenant, actor, now)[wanted.view], may_read_task(session, tenant, actor))
    return session.scalars(query.limit(limit)).all()


def next_task(session: Session, tenant: str, actor: Actor, now: datetime) -> str | None:
    """Give the id of the task this person should open next: an own one first, then one they may take."""
    views = _views(session, tenant, actor, now)
    for view in ("mine", "groups"):
        query = _live(tenant).where(views[view]).order_by(*_by_due(Task)).limit(1)
        if row := session.execute(query).first():
            return str(row.id)
    return None


def tasks_of_case(session: Session, tenant: str, instance_id: str, now: datetime) -> Sequence[TaskItem]:
    """Give the open human tasks of a case, of everybody."""
    query = _all(tenant).where(IS_OPEN, Task.instance_id == instance_id).order_by(*_by_due(Task))
    return [_item(row, now) for row in session.execute(query)]


def choices(session: Session, tenant: str, actor: Actor, now: datetime) -> Choices:
    """Give what the filters can be set to: what a person may read has."""
    return survey(session, tenant, actor, now).choices


def _choices(session: Session, tenant: str, had: Sequence[Row[*tuple[Any, ...]]]) -> Choices:
    keys, holders = {row.process_key for row in had}, {row.assignee for row in had if row.assignee}
    found = session.execute(
        select(ProcessDefinitionRow.process_key, ProcessDefinitionRow.name, ProcessDefinitionRow.id)
        .where(ProcessDefinitionRow.tenant == tenant, ProcessDefinitionRow.process_key.in_(sorted(keys)))
        .order_by(ProcessDefinitionRow.version)
    )
    newest = {row.process_key: Process(key=row.process_key, name=row.name, definition_id=row.id) for row in found}
    groups = session.execute(
        select(GroupRow.key, GroupRow.title)
        .where(GroupRow.tenant == tenant, GroupRow.key.in_({row.candidate_group for row in had if row.candidate_group}))
        .order_by(GroupRow.key)
    )
    people = session.execute(
        select(PersonRow.username, PersonRow.name)
        .where(PersonRow.tenant == tenant, PersonRow.username.in_(sorted(holders)))
        .order_by(PersonRow.name)
    )
    return Choices(
        processes=sorted(newest.values(), key=lambda one: one.name),
        groups=list(groups),
        assignees=list(people),
    )


def _ids(tenant: str) -> Select[*tuple[Any, ...]]:
    return select(Task.id).where(Task.tenant == tenant)


def _live(tenant: str) -> Select[*tuple[Any, ...]]:
    """Open tasks of running cases, without a look at each case: of the others only suspended ones have open tasks."""
    suspended = select(Case.id).where(Case.tenant == tenant, Case.status == "suspended")
    return _ids(tenant).where(IS_OPEN, Task.instance_id.not_in(suspended))


def _all(tenant: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id,
            Task.name,
            Task.subject,
            Task.node,
            Task.state,
            Task.audience,
            Task.process_key,
            Task.instance_id,
            Task.candidate_group.label("group"),
            Task.assignee,
            Task.priority,
            Task.opened_at,
            Task.due_at,
            Case.definition_id,
            Case.business_key,
            Case.title,
            Case.applicant_name,
            PersonRow.name.label("assignee_name"),
            Task.case_due_at,
        )
        .join(Case, Case.id == Task.instance_id)
        .outerjoin(PersonRow, and_(PersonRow.tenant == Task.tenant, PersonRow.username == Task.assignee))
        .where(Task.tenant == tenant)
    )


def _views(session: Session, tenant: str, actor: Actor, now: datetime) -> dict[View, ColumnElement[bool]]:
    names = [name for name in (actor.username, actor.acting_for) if name]
    staff = Task.audience == "staff"
    nobody_named = and_(Task.candidate_group.is_(None), Task.candidates.is_(None), _is_everybodys(tenant, actor))
    for_me = or_(
        Task.candidate_group.in_(sorted(actor.groups)),
        nobody_named,
        *[list_has(session, Task.candidates, name) for name in names],
    )
    return {
        "mine": and_(staff, Task.assignee.in_(names)),
        "groups": and_(staff, Task.assignee.is_(None), for_me),
        "standing_in": and_(staff, or_(false(), *[_of_absent(session, one, actor) for one in actor.stands_in])),
        "all": staff,
        "overdue": and_(staff, Task.due_at < now),
        "applicant": Task.audience == "applicant",
    }


def _of_absent(session: Session, absence: Absence, actor: Actor) -> ColumnElement[bool]:
    """What an absent colleague would find as theirs or free to take, and their substitute would not."""
    groups = sorted(absence.groups - actor.groups)
    free = or_(Task.candidate_group.in_(groups), list_has(session, Task.candidates, absence.username))
    theirs = or_(Task.assignee == absence.username, and_(Task.assignee.is_(None), free))
    meant = true() if absence.processes is None else Task.process_key.in_(sorted(absence.processes))
    return and_(theirs, meant, Task.personal.is_(False))


def _is_everybodys(tenant: str, actor: Actor) -> ColumnElement[bool]:
    """A task that names nobody is for whoever works in its agenda; who runs the installation does in all."""
    if ROLE_AUDITOR in actor.groups:
        return false()
    return true() if actor.groups & RUNNING else Task.process_key.in_(own_processes(tenant, actor))


def _filters(session: Session, tenant: str, wanted: Wanted, *, named: bool = True) -> list[ColumnElement[bool]]:
    pairs = [(Task.process_key, wanted.process_key), (Task.candidate_group, wanted.group)]
    pairs += [(Task.assignee, wanted.assignee), (Task.instance_id, wanted.instance_id), (Task.node, wanted.node)]
    filters: list[ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if wanted.due_before:
        filters.append(Task.due_at < wanted.due_before)
    if wanted.priority_from is not None:
        filters.append(Task.priority >= wanted.priority_from)
    if wanted.applicant.strip():
        filters.append(Task.instance_id.in_(cases_of_applicant(session, tenant, wanted.applicant)))
    if wanted.q.strip():
        filters.append(_says(session, tenant, wanted.q, going_on=wanted.state in (None, *OPEN_TASK), named=named))
    return filters


def _says(session: Session, tenant: str, asked: str, *, going_on: bool, named: bool) -> ColumnElement[bool]:
    """The words are in what the case is called or what was said in it, or some in the task's name and others there.

    Where no task is `named` by any of them the cases are looked up alone: most of the tasks needn't be read.
    """
    found = cases_found(session, tenant, asked, going_on=going_on)
    if found is not None and not named:
        return Task.instance_id.in_(found)
    in_task = [every_word([Task.search], word) for word in fold(asked).split()[:MOST_ASKED]]
    in_case = [
        select(Case.id).where(Case.id == Task.instance_id, every_word([Case.search], word)).exists()
        for word in fold(asked).split()[:MOST_ASKED]
    ]
    # Cases are looked into only where the task's name has a word at all.
    shared = and_(or_(false(), *in_task), *[or_(*each) for each in zip(in_task, in_case, strict=True)])
    return shared if found is None else or_(Task.instance_id.in_(found), shared)


Order = tuple[ColumnExpressionArgument[Any], ...]


def _by_due(task: type[HumanTaskRow]) -> Order:
    return (task.due_at.asc().nulls_last(), task.priority.desc(), task.opened_at, task.id)


_ORDER: Mapping[Sort, Callable[[type[HumanTaskRow]], Order]] = {
    "due": _by_due,
    "legal": lambda task: (task.case_due_at.asc().nulls_last(), *_by_due(task)),
    "opened": lambda task: (task.opened_at.desc(), task.id),
    "priority": lambda task: (task.priority.desc(), task.due_at.asc().nulls_last(), task.opened_at, task.id),
}


def _found_first(query: Select[*tuple[Any, ...]], sort: Sort) -> Select[*tuple[Any, ...]]:
    """Find first and sort what was found: PostgreSQL hopes to meet fifty soon by going through all in their order."""
    columns = (Task.id, Task.tenant, Task.due_at, Task.case_due_at, Task.priority, Task.opened_at)
    found = query.with_only_columns(*columns).cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    one = aliased(Task, found)
    return select(one.id).order_by(*_ORDER[sort](one))


def _item(row: Row[*tuple[Any, ...]], now: datetime) -> TaskItem:
    facts = row._mapping
    return TaskItem(**facts, overdue=facts["due_at"] is not None and facts["due_at"] < now)
