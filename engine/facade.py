"""The engine as everybody else sees it: one command, one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine as Database
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session, sessionmaker

from engine.calendar import Clock
from engine.commands import Command, FireTimer, Intervention, RetryIncident
from engine.errors import EngineError, Invalid, NotFound
from engine.handlers import answers, jobs
from engine.handlers.auditing import note_command
from engine.handlers.beginnings import BeginByItself, PutOffStart
from engine.handlers.messages import DeliverKept, DeliverMessage
from engine.handlers.published import Published
from engine.handlers.registry import handler_of
from engine.handlers.sealing import MOST, seal
from engine.handlers.timers import PutOffTimer
from engine.handlers.undelivered import SetMessageAside
from engine.handlers.watching import FireWatch, PutOffWatch
from engine.handlers.wording import forget_words, set_mark
from engine.handlers.work import Work
from engine.interventions import NoteRefusal
from engine.model import SYSTEM, ClaimedJob, Due, Hint
from engine.store.audit import SOURCES
from engine.store.cases import InstanceRow, JobRow, KeptMessageRow, MessageWaitRow, TimerRow
from engine.store.definitions import ProcessStartRow
from engine.store.lending import lent
from engine.store.operations import WorkerRow
from engine.store.patience import MAY_PASS, patiently
from engine.store.registers import RecordWatchRow
from engine.store.session import TENANT, by_index, for_reading
from engine.store.wall import EVERY
from engine.voting.envelopes import no_ballot_key

R = TypeVar("R")
_log = logging.getLogger(__name__)

#: Messages that one command may set off, one after another; the rest is left to the beat.
MOST_DELIVERIES = 200


class Engine:
    """Executes commands."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        clock: Clock,
        after_commit: Callable[[Sequence[Hint]], None] = lambda hints: None,
        ballot_key: Callable[[], bytes] = no_ballot_key,
    ) -> None:
        self._sessions = sessions
        self._database: Database = sessions.kw["bind"]
        self._reading = for_reading(sessions)
        self._clock = clock
        self._after_commit = after_commit
        self._ballot_key = ballot_key
        self._published = Published()

    def execute(self, command: Command[R], answering: str = "") -> R:
        """Execute a command in one transaction; what it sends to other cases follows in transactions of their own.

        `answering` is the Idempotency-Key of the request that asks for it (BeginAnswer): marked in the same
        transaction. Raises what the command refuses (engine.errors); nothing has changed then.
        """
        result, following = self._commit(command, answering)
        self._follow_all(following)
        return result

    def execute_each(self, commands: Iterable[Intervention | RetryIncident]) -> list[str]:
        """Execute interventions one by one, each in its own transaction: one that fails doesn't stop the rest.

        Gives for each why it could not be done, "" when it was; the same is kept in the list of operations.
        """
        return [self._try(command) for command in commands]

    def claim_job(self, job_id: str) -> ClaimedJob | None:
        """Take a job for this worker; None when there is nothing to take."""

        def claim() -> ClaimedJob | None:
            with self._for_all() as session:
                return jobs.claim(session, job_id, self._clock.now())

        return patiently(claim)

    def keep_job(self, job: ClaimedJob) -> bool:
        """Say that this worker is still at it; False when the job isn't its any more."""
        with self._for_all() as session:
            return jobs.renew(session, job, self._clock.now())

    def fire(self, timer_id: str) -> bool:
        """Let a timer fire; False when it has already gone, or is put off because it failed."""
        tenant = self._tenant_of(TimerRow, timer_id)
        try:
            return self.execute(FireTimer(tenant=tenant, actor=SYSTEM, timer_id=timer_id))
        except MAY_PASS:
            raise
        except Exception as error:
            _log.exception("a timer failed: %s", timer_id)
            self.execute(PutOffTimer(tenant=tenant, actor=SYSTEM, timer_id=timer_id, problem=_said(error)))
            return False

    def fire_watch(self, watch_id: str) -> bool:
        """Carry out what a watched record sets off; False when it has already gone, or is put off because it failed."""
        tenant = self._tenant_of(RecordWatchRow, watch_id)
        try:
            return self.execute(FireWatch(tenant=tenant, actor=SYSTEM, watch_id=watch_id))
        except MAY_PASS:
            raise
        except Exception as error:
            _log.exception("a watch failed: %s", watch_id)
            self.execute(PutOffWatch(tenant=tenant, actor=SYSTEM, watch_id=watch_id, problem=_said(error)))
            return False

    def begin(self, start_id: str) -> bool:
        """Begin a case of a process that begins by itself; False when it isn't its time, or it is put off."""
        tenant = self._tenant_of(ProcessStartRow, start_id)
        try:
            return self.execute(BeginByItself(tenant=tenant, actor=SYSTEM, start_id=start_id))
        except MAY_PASS:
            raise
        except Exception as error:
            _log.exception("a process could not begin by itself: %s", start_id)
            self.execute(PutOffStart(tenant=tenant, actor=SYSTEM, start_id=start_id, problem=_said(error)))
            return False

    def deliver(self, message_id: str) -> None:
        """Deliver a message whose delivery after commit was lost."""
        tenant = self._tenant_of(KeptMessageRow, message_id)
        self._follow_all([DeliverMessage(tenant=tenant, actor=SYSTEM, row_id=message_id)])

    def sign(self, worker: str) -> None:
        """Note that a worker is alive."""
        with self._for_all() as session:
            session.merge(WorkerRow(name=worker, seen_at=self._clock.now()))

    def seal(self) -> int:
        """Seal what the audit and the histories of all tenants have gained; gives how many entries."""
        return sum(self._seal(source) for source in SOURCES)

    def mark_words(self, upto: int) -> None:
        """Note up to which entry of the history every case of all tenants is in words."""
        with self._for_all() as session:
            set_mark(session, upto)

    def forget_words(self) -> None:
        """Let the words of all cases of all tenants be put together anew."""
        with self._for_all() as session:
            forget_words(session)

    def due(self, limit: int = 100, tenant: str = EVERY) -> Due:
        """Give what waits for a worker now, of all organisations or of one, at most `limit` of each kind."""
        now = self._clock.now()
        running = InstanceRow.status == "running"
        job = (
            select(JobRow.id)
            .join(InstanceRow, InstanceRow.id == JobRow.instance_id)
            .where(jobs.is_claimable(now), running)
            .order_by(JobRow.next_at)
        )
        timer = (
            select(TimerRow.id)
            .join(InstanceRow, InstanceRow.id == TimerRow.instance_id)
            .where(TimerRow.state == "waiting", TimerRow.due_at <= now, running)
            .order_by(TimerRow.due_at)
        )
        watch = (
            select(RecordWatchRow.id)
            .where(RecordWatchRow.state == "waiting", RecordWatchRow.due_at <= now)
            .order_by(RecordWatchRow.due_at, RecordWatchRow.id)
        )
        start = select(ProcessStartRow.id).where(ProcessStartRow.due_at <= now).order_by(ProcessStartRow.due_at)
        with self._reading(info={TENANT: tenant}) as session:
            job_ids, timer_ids, watch_ids, start_ids = (
                session.execute(each.limit(limit)).scalars().all() for each in (job, timer, watch, start)
            )
        with by_index(self._sessions, tenant) as session:
            message_ids = session.execute(_undelivered(now).limit(limit)).scalars().all()
        return Due(
            job_ids=job_ids, timer_ids=timer_ids, message_ids=message_ids, watch_ids=watch_ids, start_ids=start_ids
        )

    def _seal(self, source: str) -> int:
        total, last = 0, MOST
        while last == MOST:
            with self._for_all() as session:
                last = seal(session, source, self._clock.now())
            total += last
        return total

    def _try(self, command: Intervention | RetryIncident) -> str:
        try:
            self.execute(command)
        except NotFound as error:
            # There is no case in which it could be kept.
            return str(error)
        except EngineError as error:
            facts: dict[str, Any] = {name: error.facts[name] for name in ("code", "reasons") if name in error.facts}
            return self._note(command, str(error), facts)
        except Exception:
            _log.exception("an intervention failed: %s", type(command).__name__)
            return self._note(command, "It failed by our own fault; the log tells more.", {})
        return ""

    def _note(self, command: Intervention | RetryIncident, problem: str, facts: dict[str, Any]) -> str:
        note = NoteRefusal(tenant=command.tenant, actor=command.actor, refused=command, problem=problem, facts=facts)
        try:
            self.execute(note)
        except Exception:
            _log.exception("a refusal could not be kept: %s", problem)
        return problem

    def _commit(self, command: Command[R], answering: str = "") -> tuple[R, list[Command[Any]]]:
        result, work = patiently(lambda: self._once(command, answering))
        if work.hints:
            self._after_commit(work.hints)
        return result, list(_following(command.tenant, work)) if work.sent or work.waiting else []

    def _follow_all(self, following: list[Command[Any]]) -> None:
        for _ in range(MOST_DELIVERIES):
            if not following:
                break
            following += self._follow(following.pop(0))

    def _follow(self, command: Command[Any]) -> list[Command[Any]]:
        try:
            return self._commit(command)[1]
        except MAY_PASS:
            # The command before it has succeeded and must not look as if it hadn't; the beat tries this one again.
            _log.warning("a delivery is left to the beat", exc_info=True)
        except Exception as error:
            _log.exception("a message could not be delivered: %r", type(command))
            if isinstance(command, DeliverMessage):
                self._set_aside(command, _said(error))
        return []

    def _set_aside(self, message: DeliverMessage, problem: str) -> None:
        with suppress(*MAY_PASS):
            self._commit(
                SetMessageAside(tenant=message.tenant, actor=SYSTEM, row_id=message.row_id, problem=problem),
            )

    def _once(self, command: Command[R], answering: str) -> tuple[R, Work]:
        try:
            return self._in_transaction(command, answering)
        except DataError as error:
            # PostgreSQL keeps no NUL characters and no numbers without end; nothing was written.
            raise Invalid("It contains something that can't be kept.") from error

    def _in_transaction(self, command: Command[R], answering: str) -> tuple[R, Work]:
        with lent(self._database, command.tenant) as connection:
            work = Work(
                connection=connection,
                sessions=self._sessions,
                now=self._clock.now(),
                tenant=command.tenant,
                actor=command.actor,
                published=self._published,
                ballot_key=self._ballot_key,
            )
            try:
                result: R = handler_of(command)(work, command)
                note_command(work, command)
                if answering:
                    answers.carry_out(work, answering)
                work.finish()
            finally:
                work.close()
        return result, work

    @contextmanager
    def _for_all(self) -> Iterator[Session]:
        """Give a transaction of a worker, which is told of a row and not whose it is."""
        with self._sessions(info={TENANT: EVERY}) as session, session.begin():
            yield session

    def _tenant_of(
        self, row_class: type[TimerRow | KeptMessageRow | RecordWatchRow | ProcessStartRow], row_id: str
    ) -> str:
        with self._reading(info={TENANT: EVERY}) as session:
            tenant = session.execute(select(row_class.tenant).where(row_class.id == row_id)).scalar_one_or_none()
        if tenant is None:
            raise NotFound
        return tenant


def _following(tenant: str, work: Work) -> Iterator[Command[Any]]:
    """What a command that has committed sets off: deliveries, and a look at what was kept for those who now wait."""
    for row_id in work.sent:
        yield DeliverMessage(tenant=tenant, actor=SYSTEM, row_id=row_id)
    for instance_id in sorted(work.waiting):
        yield DeliverKept(tenant=tenant, actor=SYSTEM, instance_id=instance_id)


def _said(error: Exception) -> str:
    """Give what a person may read of a failure; the log has the rest."""
    return str(error) if isinstance(error, EngineError) else f"It failed unexpectedly ({type(error).__name__})."


def _undelivered(now: datetime) -> Select[Any]:
    """Messages on their way, and kept ones for which somebody began to wait just before the process was killed."""
    awaited = (
        select(MessageWaitRow.id)
        .join(InstanceRow, InstanceRow.id == MessageWaitRow.instance_id)
        .where(
            MessageWaitRow.tenant == KeptMessageRow.tenant,
            MessageWaitRow.kind == "message",
            MessageWaitRow.name == KeptMessageRow.name,
            MessageWaitRow.correlation_hash.in_(("", KeptMessageRow.correlation_hash)),
            InstanceRow.status == "running",
            or_(KeptMessageRow.instance_id.is_(None), KeptMessageRow.instance_id == MessageWaitRow.instance_id),
        )
    )
    kept = and_(KeptMessageRow.state == "kept", KeptMessageRow.kind == "message", awaited.exists())
    alive = or_(KeptMessageRow.expires_at.is_(None), KeptMessageRow.expires_at > now)
    thrown = KeptMessageRow.state == "thrown"
    return select(KeptMessageRow.id).where(or_(thrown, kept), alive).order_by(KeptMessageRow.received_at)
