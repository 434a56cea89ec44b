"""What a worker does with a row: claim, gather, act with no session open, report."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from os import getpid
from socket import gethostname

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from engine.commands import ReportJob
from engine.desk import ForgetBatches
from engine.drafting import PurgeDrafts
from engine.errors import EngineError, NotFound
from engine.handlers.jobs import LEASE, MOST_ATTEMPTS
from engine.handlers.undelivered import ExpireMessages
from engine.model import SYSTEM, ClaimedJob, Due, JobOutcome
from engine.queries.people import tenants
from engine.registering import ForgetImports
from engine.signing_in import PurgeTries
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.outbox import deliver, refused, unexpected
from web.bank_feed import banks_of, fetch_statements
from web.batches import carry_batches
from web.bootstrap import Parts
from web.code_letters import write_code_letters
from web.data_messages import tell_of_deliveries
from web.directory import read_directories
from web.erasing import finish_agreed, keep_no_longer
from web.gather import gather
from web.importing.carrying import carry_all
from web.letters import write_letters
from web.notices import promise_notices, write_notices
from web.outside import Outside
from web.staff_mails import write_to_staff
from web.wording import word_cases

#: How often a worker shows that it is alive.
SIGN = timedelta(seconds=15)
NAME = f"{gethostname()}:{getpid()}"

log = structlog.get_logger(__name__)

#: How often a worker says that it is still at a job.
HEARTBEAT = LEASE.total_seconds() / 3
#: Seconds after which an action counts as hung, however alive its worker is.
LONGEST_ACTION = 900.0
#: Seconds for which a result is held in hand while the database is away; then the job is done again, with its key.
LONGEST_REPORT = 120.0
REPORT_PAUSE = 1.0


class Delivery:
    """One worker's way to the engine and to the outside world."""

    def __init__(self, parts: Parts, outside: Outside) -> None:
        self._parts = parts
        self._engine = parts.engine
        self._outside = outside
        self._runners = outside.runners()
        self._signed: datetime | None = None
        self._wording = threading.Lock()
        self._mailing = threading.Lock()
        self._importing = threading.Lock()
        self._batching = threading.Lock()
        self._boxing = threading.Lock()
        self._banking = threading.Lock()
        self._banks = banks_of(parts)

    def deliver(self, job_id: str) -> None:
        """Do a promised outside action, unless somebody else has it."""
        job = self._engine.claim_job(job_id)
        if job is None:
            return
        with self._kept(job):
            # The last try would have given up by itself: whoever had it died, and may have died of it.
            died = job.attempt - job.spared > MOST_ATTEMPTS
            outcome = refused("The worker died in the middle of the last try.") if died else self._act(job)
            self._hand_in(job, outcome)

    def fire(self, timer_id: str) -> None:
        """Let a timer fire, unless it has gone."""
        try:
            self._engine.fire(timer_id)
        except NotFound:
            return

    def fire_watch(self, watch_id: str) -> None:
        """Carry out what a watched record sets off, unless the record has changed meanwhile."""
        try:
            self._engine.fire_watch(watch_id)
        except NotFound:
            return

    def begin(self, start_id: str) -> None:
        """Begin a case of a process that begins by itself, unless its agenda has changed meanwhile."""
        try:
            self._engine.begin(start_id)
        except NotFound:
            return

    def pass_on(self, message_id: str) -> None:
        """Deliver a message whose delivery was cut off."""
        self._engine.deliver(message_id)

    def write_letters(self) -> None:
        """Send the links that people wait for, codes for votes, and what was promised to those whose drafts end."""
        write_letters(self._parts, self._outside)
        write_code_letters(self._parts, self._outside)
        write_notices(self._parts, self._outside)

    def seal(self) -> None:
        """Seal what the audit has gained."""
        self._engine.seal()

    def word(self) -> None:
        """Put into words what cases have gained; once at a time, a pass may take longer than the beat's pause."""
        if self._wording.acquire(blocking=False):
            try:
                word_cases(self._parts)
            finally:
                self._wording.release()

    def tidy(self) -> None:
        """Tidy every organisation; what fails in one of them doesn't keep the others from it."""
        with self._parts.sessions(info={TENANT: EVERY}) as session:
            keys = [one.key for one in tenants(session)]
        for key in keys:
            try:
                self._tidy(key)
            except Exception as error:
                log.error("an organisation was not tidied to the end", tenant=key, exc_info=error)

    def write_to_staff(self) -> None:
        """Send people of the staff the mails that they want; once at a time, the server may be slow."""
        if self._mailing.acquire(blocking=False):
            try:
                write_to_staff(self._parts, self._outside.mailer)
            finally:
                self._mailing.release()

    def carry_imports(self) -> None:
        """Try, store and take back tables for registers; once at a time, a long one takes minutes."""
        if self._importing.acquire(blocking=False):
            try:
                carry_all(self._parts)
            finally:
                self._importing.release()

    def carry_batches(self) -> None:
        """Do with many tasks what somebody asked for; once at a time, a thousand take a while."""
        if self._batching.acquire(blocking=False):
            try:
                carry_batches(self._parts)
            finally:
                self._batching.release()

    def ask_data_boxes(self) -> None:
        """Look what became of data messages that cases wait for; once at a time, there may be many."""
        if self._boxing.acquire(blocking=False):
            try:
                tell_of_deliveries(self._parts, self._outside.systems.databox)
            finally:
                self._boxing.release()

    def fetch_statements(self) -> None:
        """Bring in what the banks have; once at a time."""
        if self._banking.acquire(blocking=False):
            try:
                fetch_statements(self._parts, self._banks)
            finally:
                self._banking.release()

    def read_directories(self) -> None:
        """Bring people up to date by their directories, once a night."""
        read_directories(self._parts)

    def _tidy(self, tenant: str) -> None:
        """Throw away drafts whose time is over, tell of those soon to go; mark messages nobody waited for in time."""
        self._engine.execute(PurgeDrafts(tenant=tenant, actor=SYSTEM))
        self._engine.execute(ExpireMessages(tenant=tenant, actor=SYSTEM))
        self._engine.execute(PurgeTries(tenant=tenant, actor=SYSTEM))
        promise_notices(self._parts, tenant)
        self._engine.execute(ForgetImports(tenant=tenant, actor=SYSTEM))
        self._engine.execute(ForgetBatches(tenant=tenant, actor=SYSTEM))
        finish_agreed(self._parts, tenant)
        keep_no_longer(self._parts, tenant)

    def due(self, limit: int) -> Due:
        """Give what waits for a worker; that it was asked shows that this one is alive."""
        self._sign()
        return self._engine.due(limit)

    def _sign(self) -> None:
        now = self._parts.clock.now()
        if self._signed is None or now - self._signed >= SIGN:
            self._engine.sign(NAME)
            self._signed = now

    def _act(self, job: ClaimedJob) -> JobOutcome:
        try:
            context = gather(self._parts.sessions, self._parts.settings, job, self._parts.clock.now())
        except EngineError as error:
            return refused(str(error))
        except Exception as error:
            return unexpected(job, error)
        return deliver(job, context, self._runners)

    @contextmanager
    def _kept(self, job: ClaimedJob) -> Iterator[None]:
        """Renew the job's lease for as long as this worker is at it."""
        done = threading.Event()

        def renew() -> None:
            until = time.monotonic() + LONGEST_ACTION
            while not done.wait(HEARTBEAT) and time.monotonic() < until:
                try:
                    if not self._engine.keep_job(job):
                        return
                except DBAPIError:
                    # The next beat of the heart may get through.
                    continue

        keeper = threading.Thread(target=renew, name=f"radnice-keeps-{job.id}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()

    def _hand_in(self, job: ClaimedJob, outcome: JobOutcome) -> None:
        """Report what came of it; a database that is away for a while is waited for."""
        until = time.monotonic() + LONGEST_REPORT
        while True:
            try:
                return self._report(job, outcome)
            except (OperationalError, StaleDataError):
                if time.monotonic() > until:
                    raise
                time.sleep(REPORT_PAUSE)
            except Exception as error:
                log.error("a job's result was not taken", job=job.id, connector=job.connector, exc_info=error)
                return self._hand_over(job, outcome, f"The case could not take the result in ({type(error).__name__}).")

    def _hand_over(self, job: ClaimedJob, outcome: JobOutcome, problem: str) -> None:
        """Let an operator look at a result that the case can't go on with; another try would act twice."""
        try:
            self._report(job, outcome, problem)
        except Exception as error:
            log.error("a job's result can't be kept", job=job.id, connector=job.connector, exc_info=error)
            self._report(job, refused(problem))

    def _report(self, job: ClaimedJob, outcome: JobOutcome, problem: str = "") -> None:
        self._engine.execute(
            ReportJob(
                tenant=job.tenant,
                actor=SYSTEM,
                job_id=job.id,
                outcome=outcome,
                attempt=job.attempt,
                problem=problem,
            )
        )
