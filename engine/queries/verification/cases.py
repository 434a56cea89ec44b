"""The comparison: what the kernel's state waits for, what the lists say, what the history tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import kernel
from engine.calendar import parse_moment
from engine.kernel import Rest
from engine.kernel.aside import names
from engine.lifecycle import OPEN_TASK
from engine.queries.verification.finding import Finding
from engine.queries.verification.papers import Papers, every_case
from engine.store.cases import KeptMessageRow

#: What should have been done longer ago than this stands still.
GRACE = timedelta(minutes=10)
#: States of a job that the case still waits for.
_PROMISED = ("ready", "running", "reported")

Differences = Iterator[tuple[str, str]]


def verify(session: Session, tenant: str, now: datetime, grace: timedelta = GRACE) -> Iterator[Finding]:
    """Give everything of a tenant that doesn't fit together or stands still.

    On PostgreSQL the session should see one moment (REPEATABLE READ), else a case may move while it is read.
    """
    for papers in every_case(session, tenant):
        for kind, detail in _differences(papers, now - grace):
            yield Finding(tenant=tenant, business_key=papers.case.business_key, kind=kind, detail=detail)
    for detail in _undelivered(session, tenant, now - grace):
        yield Finding(tenant=tenant, business_key="", kind="message-undelivered", detail=detail)


def _differences(papers: Papers, late: datetime) -> Differences:
    for look in _ANONYMOUS if papers.is_anonymous else _LOOKS:
        yield from look(papers, kernel.rest(papers.case.state))
    if papers.case.status == "running":
        yield from _standing_still(papers, late)


def _tasks(papers: Papers, rest: Rest) -> Differences:
    rows = [row.activity for row in papers.tasks if row.state in OPEN_TASK]
    yield from _same("task-list", rest.tasks, rows)
    yield from _same("task-history", rest.tasks, _still_open(papers, "task-opened", ("task-completed", "cancelled")))
    yield from _once(papers, "task-completed")


def _jobs(papers: Papers, rest: Rest) -> Differences:
    rows = {row.activity for row in papers.jobs if row.state in _PROMISED}
    given_up = {row.activity for row in papers.jobs if row.state == "failed"}
    yield from _same("job-list", rest.jobs, rows | (given_up & rest.jobs))
    told = _still_open(papers, "job-opened", ("job-done", "cancelled"))
    yield from _same("job-history", rest.jobs, set(told) - (given_up - rest.jobs))
    yield from _once(papers, "job-done")


def _timers(papers: Papers, rest: Rest) -> Differences:
    due = {row.wait: row.due_at for row in papers.timers if row.state == "waiting"}
    yield from _same("timer-list", rest.timers, due)
    for wait in rest.timers.keys() & due.keys():
        # One whose case failed to move is put off in the list only.
        if due[wait] < parse_moment(rest.timers[wait]):
            yield "timer-list", f"{wait} is due too early in the list"


def _listens(papers: Papers, rest: Rest) -> Differences:
    yield from _same("message-list", rest.listens, [row.wait for row in papers.waits])


def _incidents(papers: Papers, rest: Rest) -> Differences:
    opened = [row for row in papers.incidents if row.state == "open"]
    own = {row.activity for row in opened if row.activity and row.job_id is None}
    yield from _same("incident-list", rest.incidents, own & rest.incidents)
    failed = {row.id for row in papers.jobs if row.state == "failed" and row.activity in rest.jobs}
    yield from _same("job-without-incident", failed, {row.job_id for row in opened if row.job_id} & failed)
    if opened and papers.case.ended_at:
        yield "incident-list", "an incident is open in a case that has ended"


def _status(papers: Papers, _rest: Rest) -> Differences:
    state = kernel.load(papers.case.state)["status"]
    expected = "running" if papers.case.status == "suspended" else papers.case.status
    if state != expected:
        yield "status", f"the state says {state}, the list {papers.case.status}"
    if papers.told["case-started", None] != 1:
        yield "status", f"the case was started {papers.told['case-started', None]} times"
    completed = sum(papers.ever("case-completed").values())
    if completed != (papers.case.status == "completed"):
        yield "status", f"the history tells {completed} times that the case was completed"


def _values(papers: Papers, _rest: Rest) -> Differences:
    for name in sorted(names(kernel.load(papers.case.state)) - {row.name for row in papers.values}):
        yield "large-value", f"{name} is named by the state and isn't there"


def _periods(papers: Papers, _rest: Rest) -> Differences:
    nearest = min((row.due_at for row in papers.periods), default=None)
    for row in papers.tasks:
        if row.state in OPEN_TASK and row.case_due_at != nearest:
            yield "nearest-period", f"{row.activity} is listed by {row.case_due_at}, its case by {nearest}"


_LOOKS: tuple[Callable[[Papers, Rest], Differences], ...] = (
    *(_status, _tasks, _jobs, _timers, _listens, _incidents),
    *(_values, _periods),
)


#: What is still to be told of a case whose history has holes.
_ANONYMOUS = (_timers, _listens, _incidents, _values)


def _standing_still(papers: Papers, late: datetime) -> Differences:
    for job in papers.jobs:
        if job.state == "running" and (job.leased_until is None or job.leased_until < late):
            yield "job-stuck", f"the lease of {job.activity} ran out and nobody took it"
        if job.state == "ready" and job.next_at < late:
            yield "job-stuck", f"{job.activity} waits for a worker"
    for timer in papers.timers:
        if timer.state == "waiting" and timer.due_at < late:
            yield "timer-stuck", f"{timer.wait} should have fired"


def _undelivered(session: Session, tenant: str, late: datetime) -> Iterator[str]:
    statement = select(KeptMessageRow.id).where(
        KeptMessageRow.tenant == tenant, KeptMessageRow.state == "thrown", KeptMessageRow.received_at < late
    )
    for row_id in session.execute(statement).scalars():
        yield f"{row_id} was sent and not delivered"


def _still_open(papers: Papers, opening: str, closing: tuple[str, ...]) -> list[str]:
    """Activities that the history opens more often than it closes."""
    left = papers.ever(opening)
    # What an intervention had cancelled is open again once it is taken back.
    left.update({each: times for each, times in papers.ever("reopened").items() if each in left})
    for kind in closing:
        left.subtract({each: times for each, times in papers.ever(kind).items() if each in left})
    return [str(activity) for activity, times in left.items() if times > 0]


def _same(kind: str, state: Iterable[str], told: Iterable[str | None]) -> Differences:
    wanted, found = set(state), {each for each in told if each is not None}
    for activity in sorted(wanted - found):
        yield kind, f"{activity} is open in the state only"
    for activity in sorted(found - wanted):
        yield kind, f"{activity} is open, but not in the state"


def _once(papers: Papers, kind: str) -> Differences:
    for activity, times in papers.ever(kind).items():
        if times > 1 and activity is not None:
            yield kind, f"{activity} is told {times} times"
