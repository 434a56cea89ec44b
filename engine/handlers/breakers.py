"""A circuit breaker for each other side: after failures in a row actions wait, one of them tries, all go on.

closed     actions go out; failures in a row are counted
open       nothing goes out before `next_at`
half-open  one action is out to see whether the other side answers; if nothing is heard of it by `next_at`, another

Only what the other side is to blame for counts, and of one action once, so that an action that can't succeed doesn't
stop all others. Whoever answers, if only with a refusal, is there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.handlers.registry import handles
from engine.handlers.rights import must_operate
from engine.handlers.work import Work
from engine.ids import new_id
from engine.interventions import TryConnector
from engine.lifecycle import BREAKER, JOB, step
from engine.model import Hint, JobOutcome
from engine.store.base import table_of
from engine.store.breakers import BreakerRow
from engine.store.cases import JobRow
from engine.store.upsert import insert_new

_log = logging.getLogger(__name__)

#: Failures in a row, of different actions, after which a breaker opens, by their kind. Who is busy gets more patience;
#: who doesn't know us won't know us with the next action either.
OPENS_AFTER: Mapping[str, int] = {"unreachable": 3, "busy": 5, "locked-out": 2}
#: The first pause, and the longest; each is twice the one before.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
#: The action that tries is given this long before another one may.
TRIES_FOR = timedelta(minutes=2)
#: Whoever has just failed lets the others try first.
_BEHIND = timedelta(seconds=1)
#: Actions told to the workers at once when all go on; the beat finds the others.
_TOLD = 100


def holds_back(session: Session, job: JobRow, now: datetime) -> bool:
    """Say whether an action must wait for its other side, and let it wait; else it may go out."""
    asked = _of(job)
    state = session.scalar(asked.with_only_columns(BreakerRow.state))
    if state in (None, "closed"):
        return False
    # Waiting for the row while holding the job's could stand against a report that waits for the job's.
    row = session.scalars(asked.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return True
    if row.state == "closed":
        return False
    if row.next_at is not None and row.next_at > now:
        _let_wait(job, row, row.next_at)
        return True
    row.state, row.job_id, row.next_at = step(BREAKER, row.state, "half-open"), job.id, now + TRIES_FOR
    job.breaker_id = None
    return False


def heard(work: Work, job: JobRow, outcome: JobOutcome) -> bool:
    """Learn from how an action ended; True where it failed and is to wait for its other side."""
    if outcome.kind != "failed":
        _answered(work, job)
        return False
    if not outcome.cause:
        return False
    row = _failed(work, job, outcome)
    if row.state == "closed" or row.next_at is None:
        return False
    job.spared, job.message, job.leased_until = job.spared + 1, outcome.message, None
    _let_wait(job, row, row.next_at + _BEHIND)
    return True


@handles(TryConnector)
def try_connector(work: Work, command: TryConnector) -> None:
    """Let the next action try at once whether the other side answers again."""
    must_operate(work.actor)
    mine = select(BreakerRow).where(BreakerRow.id == command.breaker_id, BreakerRow.tenant == work.tenant)
    row = work.session.scalars(mine.with_for_update()).one_or_none()
    if row is None or row.state == "closed":
        raise NotFound
    row.next_at = work.now
    _wake(work, row)


def target_of(parameters: Mapping[str, Any]) -> str:
    """Give the host that an action names itself; "" where its connector has one place for all."""
    url = parameters.get("url")
    return (urlsplit(url).hostname or "")[:255] if isinstance(url, str) else ""


def _of(job: JobRow) -> Select[BreakerRow]:
    return select(BreakerRow).where(
        BreakerRow.tenant == job.tenant,
        BreakerRow.connector == job.connector,
        BreakerRow.target == target_of(job.parameters),
    )


def _let_wait(job: JobRow, row: BreakerRow, until: datetime) -> None:
    job.state = "ready" if job.state == "ready" else step(JOB, job.state, "ready")
    job.next_at, job.breaker_id, job.leased_until = until, row.id, None


def _answered(work: Work, job: JobRow) -> None:
    row = work.session.scalars(_of(job)).one_or_none()
    if row is None or (row.state == "closed" and not row.failures):
        return
    row = work.session.scalars(_of(job).with_for_update()).one()
    if row.state != "closed":
        row.state = step(BREAKER, row.state, "closed")
    row.failures, row.rounds, row.opened_at, row.next_at, row.job_id = 0, 0, None, None, None
    _wake(work, row)


def _failed(work: Work, job: JobRow, outcome: JobOutcome) -> BreakerRow:
    row = _known(work, job)
    if row.job_id != job.id:
        row.failures += 1
    tried = row.state == "half-open" and row.job_id == job.id
    row.cause, row.message = outcome.cause, outcome.message
    if tried or row.state != "half-open":
        row.job_id = job.id
    if tried or (row.state == "closed" and row.failures >= OPENS_AFTER[outcome.cause]):
        row.state = step(BREAKER, row.state, "open")
        row.opened_at = row.opened_at or work.now
        row.next_at = work.now + min(FIRST_PAUSE * 2 ** min(row.rounds, 10), LONGEST_PAUSE)
        row.rounds += 1
        _log.warning("left alone: %s %s of %s (%s)", row.connector, row.target, row.tenant, row.cause)
    return row


def _known(work: Work, job: JobRow) -> BreakerRow:
    fresh = {
        **{"id": new_id(), "tenant": job.tenant, "connector": job.connector, "target": target_of(job.parameters)},
        **{"state": "closed", "failures": 0, "rounds": 0, "cause": "", "message": "", "job_id": None},
    }
    insert_new(work.session.connection(), table_of(BreakerRow), fresh, ("tenant", "connector", "target"))
    return work.session.scalars(_of(job).with_for_update()).one()


def _wake(work: Work, row: BreakerRow) -> None:
    """Let what waits for this other side go on. The first that asks tries; with a closed breaker all go."""
    waiting = (JobRow.breaker_id == row.id, JobRow.tenant == work.tenant, JobRow.state == "ready")
    ids = work.session.scalars(select(JobRow.id).where(*waiting).order_by(JobRow.created_at).limit(_TOLD)).all()
    still = row.id if row.state != "closed" else None
    work.session.execute(update(JobRow).where(*waiting).values(next_at=work.now, breaker_id=still))
    work.hints += [Hint(kind="job", id=job_id, at=work.now) for job_id in ids]
