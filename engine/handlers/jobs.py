"""Outside actions: promised by the case, claimed by a worker, reported back, tried again, given up."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from engine.commands import ReportJob
from engine.handlers import breakers, papers
from engine.handlers.incidents import open_incident
from engine.handlers.movement import attempt
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.lifecycle import JOB, step
from engine.model import ClaimedJob, Hint, JobOutcome, Json
from engine.store.cases import IncidentRow, InstanceRow, JobRow

#: A worker of which nothing was heard for this long is taken for dead; one that is alive renews its lease.
LEASE = timedelta(minutes=1)
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
#: Each pause is this many times longer than the one before.
GROWTH = 3
#: A pause is longer or shorter by up to this part, so that jobs that failed together don't come back together.
JITTER = 0.2

_random = SystemRandom()


def is_claimable(now: datetime) -> ColumnElement[bool]:
    """The job waits for its turn, or its worker died."""
    ready = and_(JobRow.state == "ready", JobRow.next_at <= now)
    return or_(ready, and_(JobRow.state == "running", JobRow.leased_until < now))


def claim(session: Session, job_id: str, now: datetime) -> ClaimedJob | None:
    """Take a job for this worker; None when another one was faster, or the case stands still."""
    free = (
        select(JobRow)
        .join(InstanceRow, InstanceRow.id == JobRow.instance_id)
        .where(JobRow.id == job_id, is_claimable(now), InstanceRow.status == "running")
        .with_for_update(skip_locked=True, of=JobRow)
    )
    job = session.execute(free).scalar_one_or_none()
    if job is None or breakers.holds_back(session, job, now):
        return None
    values = {"state": "running", "leased_until": now + LEASE, "attempts": JobRow.attempts + 1}
    statement = update(JobRow).where(JobRow.id == job_id).values(values).returning(JobRow)
    statement = statement.execution_options(populate_existing=True)
    return _claimed(session.execute(statement).scalar_one())


def renew(session: Session, job: ClaimedJob, now: datetime) -> bool:
    """Lengthen the lease of the worker that has the job; False when it is no longer its."""
    statement = (
        update(JobRow)
        .where(JobRow.id == job.id, JobRow.state == "running", JobRow.attempts == job.attempt)
        .values(leased_until=now + LEASE)
        .returning(JobRow.id)
    )
    return session.execute(statement).first() is not None


def pause_before(attempt: int) -> timedelta:
    """How long to wait before this attempt: 10 s, 30 s, 90 s … , each a little longer or shorter."""
    spread = _random.uniform(1 - JITTER, 1 + JITTER)
    times: int = GROWTH ** (attempt - 2)
    return FIRST_PAUSE * times * spread


@handles(ReportJob)
def report_job(work: Work, command: ReportJob) -> None:
    """Take in how an outside action ended. A second report of the same job changes nothing."""
    instance, job = work.lock_case_of(JobRow, command.job_id)
    if not _is_news(job, command):
        return
    job.state = "running"
    if breakers.heard(work, job, command.outcome):
        return
    outcome = _with_documents(work, instance, job, command.outcome)
    if outcome.kind != "failed" and command.problem:
        _set_aside(work, instance, job, outcome, command.problem)
    elif outcome.kind != "failed" and instance.status == "suspended":
        _keep(job, outcome)
    else:
        settle(work, instance, job, outcome)


def _is_news(job: JobRow, command: ReportJob) -> bool:
    """Of a worker that was taken for dead only a success is news, also between two tries of others."""
    if command.attempt in (None, job.attempts) or command.outcome.kind == "failed":
        return job.state == "running" and command.attempt in (None, job.attempts)
    return job.state in ("running", "ready")


def settle(work: Work, instance: InstanceRow, job: JobRow, outcome: JobOutcome) -> None:
    """Let the case go on with what came of its job."""
    _SETTLED_BY[outcome.kind](work, instance, job, outcome)


def take_reported(work: Work, instance: InstanceRow) -> None:
    """Take in what workers reported while the case was suspended; what it couldn't take waits for an operator."""
    stuck = select(IncidentRow.job_id).where(IncidentRow.job_id == JobRow.id, IncidentRow.state == "open")
    statement = select(JobRow).where(
        JobRow.instance_id == instance.id, JobRow.tenant == work.tenant, JobRow.state == "reported", ~stuck.exists()
    )
    for job in work.session.execute(statement).scalars().all():
        settle(work, instance, job, _kept(job))


def again(work: Work, instance: InstanceRow, job_id: str) -> None:
    """Try again what an incident stopped: the action with all its tries, or only to take in what it gave.

    An action that has ended is never repeated: its receiver has what it was sent.
    """
    job = work.session.get_one(JobRow, job_id)
    if job.state == "reported":
        settle(work, instance, job, _kept(job))
        return
    job.state, job.attempts, job.spared, job.next_at = step(JOB, job.state, "ready"), 0, 0, work.now
    work.hints.append(Hint(kind="job", id=job.id, at=work.now))


def _done(work: Work, instance: InstanceRow, job: JobRow, outcome: JobOutcome) -> None:
    complete = {"do": "complete", "activity": job.activity, "data": outcome.result}
    told = len(work.story.entries)
    work.tell(instance, "job-done", job.node, job.activity, connector=job.connector, job=job.id)
    if problem := attempt(work, instance, complete):
        del work.story.entries[told:]
        return _set_aside(work, instance, job, outcome, problem)
    job.state, job.done_at, job.message = step(JOB, job.state, "done"), work.now, None
    return None


def _error(work: Work, instance: InstanceRow, job: JobRow, outcome: JobOutcome) -> None:
    told = len(work.story.entries)
    facts = {"connector": job.connector, "job": job.id, "message": outcome.message}
    work.tell(instance, "job-failed", job.node, job.activity, **facts)
    command: dict[str, Json] = {"do": "fail", "activity": job.activity, "code": outcome.code}
    before, job.state, job.message = job.state, step(JOB, job.state, "failed"), outcome.message
    if problem := attempt(work, instance, command | {"message": outcome.message}):
        del work.story.entries[told:]
        job.state = before
        _set_aside(work, instance, job, outcome, problem)


def _failed(work: Work, instance: InstanceRow, job: JobRow, outcome: JobOutcome) -> None:
    job.message, job.leased_until = outcome.message, None
    tries = job.attempts - job.spared
    if outcome.retry and tries < MOST_ATTEMPTS:
        job.state = step(JOB, job.state, "ready")
        job.next_at = work.now + pause_before(tries + 1)
        work.hints.append(Hint(kind="job", id=job.id, at=job.next_at))
        return
    _give_up(work, instance, job, outcome.message)


def _keep(job: JobRow, outcome: JobOutcome) -> None:
    job.state, job.outcome = step(JOB, job.state, "reported"), asdict(replace(outcome, documents=()))


def _kept(job: JobRow) -> JobOutcome:
    return JobOutcome(**(job.outcome or {"kind": "done"}))


def _set_aside(work: Work, instance: InstanceRow, job: JobRow, outcome: JobOutcome, problem: str) -> None:
    """Keep what came of an action that has ended: the case couldn't go on with it, and must not act once more."""
    _keep(job, outcome)
    open_incident(work, instance, problem, node=job.node, activity=job.activity, job_id=job.id)


def _give_up(work: Work, instance: InstanceRow, job: JobRow, message: str) -> None:
    job.state, job.message = step(JOB, job.state, "failed"), message
    work.tell(instance, "job-failed", job.node, job.activity, connector=job.connector, job=job.id, message=message)
    open_incident(work, instance, message, node=job.node, activity=job.activity, job_id=job.id)


_SETTLED_BY = {"done": _done, "error": _error, "failed": _failed}


def _with_documents(work: Work, instance: InstanceRow, job: JobRow, outcome: JobOutcome) -> JobOutcome:
    """Keep what the action produced; its result learns the id of the first document."""
    rows = papers.store_documents(work, instance, job, outcome.documents)
    if not rows or not isinstance(outcome.result, dict):
        return outcome
    return replace(outcome, result={"document": rows[0].id} | outcome.result)


def _claimed(job: JobRow) -> ClaimedJob:
    return ClaimedJob(
        id=job.id,
        tenant=job.tenant,
        key=job.key,
        instance_id=job.instance_id,
        node=job.node,
        activity=job.activity,
        connector=job.connector,
        parameters=job.parameters,
        attempt=job.attempts,
        spared=job.spared,
    )
