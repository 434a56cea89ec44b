"""What a worker does with a row: claim, gather, act with no session open, report."""

from __future__ import annotations

import structlog
from sqlalchemy.exc import OperationalError

from engine.commands import PurgeDrafts, ReportJob
from engine.errors import EngineError, NotFound
from engine.handlers.jobs import MOST_ATTEMPTS
from engine.model import SYSTEM, ClaimedJob, Due, JobOutcome
from engine.queries.people import tenants
from integrations.outbox import deliver, refused, unexpected
from web.bootstrap import Parts
from web.gather import gather
from web.outside import Outside

log = structlog.get_logger(__name__)


class Delivery:
    """One worker's way to the engine and to the outside world."""

    def __init__(self, parts: Parts, outside: Outside) -> None:
        self._parts = parts
        self._engine = parts.engine
        self._runners = outside.runners()

    def deliver(self, job_id: str) -> None:
        """Do a promised outside action, unless somebody else has it."""
        job = self._engine.claim_job(job_id)
        if job is None:
            return
        # The last try would have given up by itself: whoever had it died, and may have died of it.
        died = job.attempt > MOST_ATTEMPTS
        outcome = refused("The worker died in the middle of the last try.") if died else self._act(job)
        try:
            self._report(job, outcome)
        except OperationalError:
            # The database is away: the lease runs out and the job is taken again.
            raise
        except Exception as error:
            # The case can't go on with this result; another try would act twice.
            log.error("a job's result was not taken", job=job.id, connector=job.connector, exc_info=error)
            self._report(job, refused(f"The case could not take the result in ({type(error).__name__})."))

    def fire(self, timer_id: str) -> None:
        """Let a timer fire, unless it has gone."""
        try:
            self._engine.fire(timer_id)
        except NotFound:
            return

    def pass_on(self, message_id: str) -> None:
        """Deliver a message whose delivery was cut off."""
        self._engine.deliver(message_id)

    def tidy(self) -> None:
        """Throw away drafts whose time is over."""
        with self._parts.sessions() as session:
            keys = [one.key for one in tenants(session)]
        for key in keys:
            self._engine.execute(PurgeDrafts(tenant=key, actor=SYSTEM))

    def due(self, limit: int) -> Due:
        """Give what waits for a worker."""
        return self._engine.due(limit)

    def _act(self, job: ClaimedJob) -> JobOutcome:
        try:
            context = gather(self._parts.sessions, self._parts.settings, job, self._parts.clock.now())
        except EngineError as error:
            return refused(str(error))
        except Exception as error:
            return unexpected(job, error)
        return deliver(job, context, self._runners)

    def _report(self, job: ClaimedJob, outcome: JobOutcome) -> None:
        self._engine.execute(ReportJob(tenant=job.tenant, actor=SYSTEM, job_id=job.id, outcome=outcome))
