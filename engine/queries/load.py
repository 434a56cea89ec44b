"""How processes run: how many cases stand where, how long steps take, whether deadlines are kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from engine.lifecycle import OPEN_TASK
from engine.queries.definitions import DefinitionFacts, definitions, model_of
from engine.store.cases import (
    IS_OPEN,
    DeadlineRow,
    HumanTaskRow,
    IncidentRow,
    InstanceRow,
    JobRow,
    MessageWaitRow,
    TimerRow,
)
from engine.store.definitions import DeploymentRow

#: Outside actions in these states hold their case.
UNDONE = ("ready", "running", "reported", "failed")
#: Durations are taken from this many of the newest, so that a page costs the same in every year.
SAMPLE = 2_000


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How long something usually takes, in seconds."""

    number: int
    median: float | None
    #: Nine of ten are done within this.
    ninth: float | None


@dataclass(frozen=True, kw_only=True)
class VersionLoad:
    """A version of a process and the cases that go by it."""

    definition: DefinitionFacts
    content_hash: str
    running: int
    suspended: int
    ended: int
    incidents: int


@dataclass(frozen=True, kw_only=True)
class ProcessLoad:
    """A process with all its versions."""

    newest: DefinitionFacts
    running: int
    incidents: int
    late: int
    #: From the beginning of a case to its end.
    lasts: Spread


@dataclass(frozen=True, kw_only=True)
class StepLoad:
    """A step of a diagram."""

    node: str
    name: str
    #: Tokens that stand there now.
    now: int
    late: int
    incidents: int
    lasts: Spread


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Whether a deadline is kept: a named period, or the due date of a step."""

    name: str
    kept: int
    missed: int
    running: int
    overdue: int


def spread(seconds: Sequence[float]) -> Spread:
    """Give the median, and what nine of ten stay within (nearest rank)."""
    if not seconds:
        return Spread(number=0, median=None, ninth=None)
    ordered = sorted(seconds)
    return Spread(number=len(ordered), median=_rank(ordered, 50), ninth=_rank(ordered, 90))


def versions(session: Session, tenant: str, process_key: str | None = None) -> Sequence[VersionLoad]:
    """Give the versions of a process or of all, the newest first, with how many cases go by each."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    of_tenant = InstanceRow.tenant == tenant
    statement = select(InstanceRow.definition_id, InstanceRow.status, func.count()).where(of_tenant)
    for definition_id, status, number in session.execute(statement.group_by(*statement.selected_columns[:2])):
        counts[definition_id][status] += number
    stuck = _incidents_by(session, tenant, InstanceRow.definition_id)
    hashes = _hashes(session, tenant)
    return [
        VersionLoad(
            definition=one,
            content_hash=hashes[one.deployment_id],
            running=counts[one.id]["running"],
            suspended=counts[one.id]["suspended"],
            ended=counts[one.id]["completed"] + counts[one.id]["terminated"],
            incidents=stuck.get(one.id, 0),
        )
        for one in definitions(session, tenant)
        if process_key in (None, one.process_key)
    ]


def processes(session: Session, tenant: str, now: datetime) -> Sequence[ProcessLoad]:
    """Give every process, the fullest first; without those that only ever run as a part of another one."""
    newest: dict[str, DefinitionFacts] = {}
    for one in definitions(session, tenant):
        newest.setdefault(one.process_key, one)
    ever = _by_process(session, InstanceRow, InstanceRow.tenant == tenant)
    running = _by_process(session, InstanceRow, InstanceRow.tenant == tenant, InstanceRow.status == "running")
    late = _late_by(session, tenant, now, HumanTaskRow.process_key)
    stuck = _incidents_by(session, tenant, InstanceRow.process_key)
    found = [
        ProcessLoad(
            newest=one,
            running=running.get(key, 0),
            incidents=stuck.get(key, 0),
            late=late.get(key, 0),
            lasts=_case_durations(session, tenant, key),
        )
        for key, one in newest.items()
        if key in ever or not _is_called(session, tenant, one)
    ]
    return sorted(found, key=lambda one: (-one.running, one.newest.name))


def steps(session: Session, tenant: str, definition_id: str, now: datetime) -> Sequence[StepLoad]:
    """Give the steps of a version at which something stands or has stood, in the order of the diagram."""
    model = model_of(session, tenant, definition_id)
    standing, stuck = tokens(session, tenant, definition_id), _incidents_at(session, tenant, definition_id)
    late = _late_by(session, tenant, now, HumanTaskRow.node, InstanceRow.definition_id == definition_id)
    durations = _step_durations(session, tenant, definition_id)
    known = {*standing, *stuck, *durations}
    return [
        StepLoad(
            node=node.id,
            name=node.name or node.id,
            now=standing.get(node.id, 0),
            late=late.get(node.id, 0),
            incidents=stuck.get(node.id, 0),
            lasts=spread(durations.get(node.id, [])),
        )
        for node in model.nodes.values()
        if node.id in known
    ]


def tokens(session: Session, tenant: str, definition_id: str) -> Mapping[str, int]:
    """Count what stands at each node of a version now: tasks, outside actions, events that are waited for."""
    model = model_of(session, tenant, definition_id)
    here = (InstanceRow.definition_id == definition_id, InstanceRow.status.in_(("running", "suspended")))
    found: Counter[str] = Counter()
    found.update(_at_nodes(session, tenant, HumanTaskRow, IS_OPEN, *here))
    found.update(_at_nodes(session, tenant, JobRow, JobRow.state.in_(UNDONE), *here))
    for waits in (
        _at_nodes(session, tenant, TimerRow, TimerRow.state == "waiting", *here),
        _at_nodes(session, tenant, MessageWaitRow, *here),
    ):
        # Boundary events and event sub-processes only listen: the case stands elsewhere.
        kinds = ("intermediateCatchEvent", "receiveTask")
        found.update({n: k for n, k in waits.items() if n in model.nodes and model.nodes[n].kind in kinds})
    return found


def deadlines_kept(session: Session, tenant: str, process_key: str, now: datetime) -> Sequence[Kept]:
    """Give the named periods and the due dates of steps of a process, those most often missed first."""
    # What a case still waited for when it ended runs no longer; it was missed where its day had passed by then.
    runs, still = DeadlineRow.state == "running", InstanceRow.ended_at.is_(None)
    rows = session.execute(
        select(
            DeadlineRow.title,
            _sum(DeadlineRow.state == "met"),
            _sum(or_(DeadlineRow.state == "missed", and_(runs, DeadlineRow.due_at < InstanceRow.ended_at))),
            _sum(and_(still, DeadlineRow.state.in_(("running", "stopped")), DeadlineRow.due_at >= now)),
            _sum(and_(still, runs, DeadlineRow.due_at < now)),
        )
        .join(InstanceRow, InstanceRow.id == DeadlineRow.instance_id)
        .where(DeadlineRow.tenant == tenant, InstanceRow.process_key == process_key)
        .group_by(DeadlineRow.title)
    )
    found = [_kept(row) for row in rows]
    task = HumanTaskRow
    rows = session.execute(
        select(
            task.name,
            _sum(and_(task.state == "completed", task.completed_at <= task.due_at)),
            _sum(and_(task.state == "completed", task.completed_at > task.due_at)),
            _sum(and_(task.state.in_(OPEN_TASK), task.due_at >= now)),
            _sum(and_(task.state.in_(OPEN_TASK), task.due_at < now)),
        )
        .where(task.tenant == tenant, task.process_key == process_key, task.due_at.is_not(None))
        .where(task.state != "cancelled")
        .group_by(task.name)
    )
    found += [_kept(row) for row in rows]
    return sorted(found, key=lambda one: (-one.missed - one.overdue, one.name))


# --- counting --------------------------------------------------------------------------------------------------------


def _rank(ordered: Sequence[float], percent: int) -> float:
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _sum(which: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


def _kept(row: Any) -> Kept:
    name, kept, missed, running, overdue = row
    return Kept(name=name, kept=kept, missed=missed, running=running, overdue=overdue)


def _is_called(session: Session, tenant: str, process: DefinitionFacts) -> bool:
    nodes = model_of(session, tenant, process.id).nodes.values()
    return any(node.called == process.process_key for node in nodes)


def _by_process(session: Session, row_class: Any, *which: ColumnElement[bool]) -> Mapping[str, int]:
    statement = select(row_class.process_key, func.count()).where(*which).group_by(row_class.process_key)
    return dict(session.execute(statement).all())


def _late_by(
    session: Session, tenant: str, now: datetime, column: Any, *which: ColumnElement[bool]
) -> Mapping[str, int]:
    statement = (
        select(column, func.count())
        .join(InstanceRow, InstanceRow.id == HumanTaskRow.instance_id)
        .where(HumanTaskRow.tenant == tenant, IS_OPEN, HumanTaskRow.due_at < now, *which)
        .group_by(column)
    )
    return dict(session.execute(statement).all())


def _incidents_by(session: Session, tenant: str, column: Any) -> Mapping[str, int]:
    statement = (
        select(column, func.count())
        .join(IncidentRow, IncidentRow.instance_id == InstanceRow.id)
        .where(IncidentRow.tenant == tenant, IncidentRow.state == "open")
        .group_by(column)
    )
    return dict(session.execute(statement).all())


def _incidents_at(session: Session, tenant: str, definition_id: str) -> Mapping[str, int]:
    here = InstanceRow.definition_id == definition_id
    return _at_nodes(session, tenant, IncidentRow, IncidentRow.state == "open", here)


def _at_nodes(session: Session, tenant: str, row_class: Any, *which: ColumnElement[bool]) -> Mapping[str, int]:
    statement = (
        select(row_class.node, func.count())
        .join(InstanceRow, InstanceRow.id == row_class.instance_id)
        .where(row_class.tenant == tenant, *which)
        .group_by(row_class.node)
    )
    return dict(session.execute(statement).all())


def _hashes(session: Session, tenant: str) -> Mapping[str, str]:
    statement = select(DeploymentRow.id, DeploymentRow.content_hash).where(DeploymentRow.tenant == tenant)
    return dict(session.execute(statement).all())


# --- durations -------------------------------------------------------------------------------------------------------


def _case_durations(session: Session, tenant: str, process_key: str) -> Spread:
    rows = session.execute(
        select(InstanceRow.started_at, InstanceRow.ended_at)
        .where(InstanceRow.tenant == tenant, InstanceRow.status == "completed")
        .where(InstanceRow.process_key == process_key)
        .order_by(InstanceRow.started_at.desc())
        .limit(SAMPLE)
    )
    return spread([(ended - began).total_seconds() for began, ended in rows if ended is not None])


def _step_durations(session: Session, tenant: str, definition_id: str) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    spans: Iterable[Any] = (
        (HumanTaskRow, HumanTaskRow.opened_at, HumanTaskRow.completed_at, "completed"),
        (JobRow, JobRow.created_at, JobRow.done_at, "done"),
    )
    for row_class, began, ended, state in spans:
        rows = session.execute(
            select(row_class.node, began, ended)
            .join(InstanceRow, InstanceRow.id == row_class.instance_id)
            .where(row_class.tenant == tenant, row_class.state == state, InstanceRow.definition_id == definition_id)
            .order_by(ended.desc())
            .limit(SAMPLE)
        )
        for node, first, last in rows:
            found[node].append((last - first).total_seconds())
    return found
