"""Rows of what goes on at another node after a migration, or is open again after something was taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, literal, select, update

from engine.handlers.work import Work
from engine.model import Hint
from engine.store.cases import HumanTaskRow, IncidentRow, InstanceRow, JobRow, MessageWaitRow, TimerRow
from engine.store.nearest import nearest_period
from engine.store.searching import fold

#: Facts of a task that a diagram gives, and the columns that hold them.
_COLUMNS = {
    "form": "form",
    "group": "candidate_group",
    "audience": "audience",
    "comments": "comments",
    "differs_from": "differs_from",
    "priority": "priority",
}


def relocate(work: Work, instance: InstanceRow, moved: Mapping[str, Any]) -> None:
    """Write what is otherwise of an activity `{activity, node, name?, form?, …}` or a wait `{wait, node}`."""
    own = {"instance_id": instance.id, "tenant": instance.tenant}
    if "wait" in moved:
        for row_class in (TimerRow, MessageWaitRow):
            work.session.execute(update(row_class).filter_by(**own, wait=moved["wait"]).values(node=moved["node"]))
        return
    for other in (JobRow, IncidentRow):
        work.session.execute(update(other).filter_by(**own, activity=moved["activity"]).values(node=moved["node"]))
    _relocate_task(work, own | {"activity": moved["activity"]}, moved)


def _relocate_task(work: Work, which: Mapping[str, Any], moved: Mapping[str, Any]) -> None:
    row = work.session.scalars(select(HumanTaskRow).filter_by(**which)).one_or_none()
    if row is None:
        return
    row.node, row.name = moved["node"], moved.get("name", row.name)
    row.search = fold(row.name, row.subject)
    for fact, column in _COLUMNS.items():
        if fact in moved:
            setattr(row, column, moved[fact])
    work.session.flush()


def reopen(work: Work, instance: InstanceRow, activities: Sequence[str]) -> None:
    """Open again what was cancelled: a task with its claim, a job with all its tries, an incident."""
    own = {"instance_id": instance.id, "tenant": instance.tenant}
    claimed = case((HumanTaskRow.claimed_at.is_not(None), "claimed"), else_="open")
    tasks = update(HumanTaskRow).where(HumanTaskRow.activity.in_(activities), HumanTaskRow.state == "cancelled")
    nearest = nearest_period(literal(instance.id))
    work.session.execute(tasks.filter_by(**own).values(state=claimed, case_due_at=nearest))
    jobs = select(JobRow).where(JobRow.activity.in_(activities), JobRow.state == "cancelled")
    for job in work.session.scalars(jobs.filter_by(**own)).all():
        job.state, job.attempts, job.spared, job.next_at = "ready", 0, 0, work.now
        work.hints.append(Hint(kind="job", id=job.id, at=work.now))
    stuck = select(IncidentRow).where(IncidentRow.activity.in_(activities), IncidentRow.state == "resolved")
    # A job that failed is tried anew instead of standing there as an incident.
    for incident in work.session.scalars(stuck.where(IncidentRow.job_id.is_(None)).filter_by(**own)).all():
        incident.state, incident.resolved_at, incident.resolved_by = "open", None, None
    work.session.flush()
