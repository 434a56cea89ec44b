"""The office while a scenario plays: its cases, its clock, and the worker that does what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from engine.calendar import after, parse_moment
from engine.expressions import in_both
from engine.kernel import load
from engine.model import Json, Variables
from engine.store.cases import HistoryRow, HumanTaskRow, IncidentRow, InstanceRow, JobRow, TimerRow
from engine.store.registers import RecordWatchRow
from processes.scenarios.failing import Failed, StepKey
from processes.scenarios.stage import Stage

#: Rounds of due work after which a story is taken for endless.
MOST_ROUNDS = 10_000


class Office:
    """What the steps of a scenario need to know and to move."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        #: The case that the scenario started.
        self.main = ""

    def settle(self) -> None:
        """Do everything that is due now. Fails on an incident or a job that couldn't be done."""
        engine = self.stage.engine
        for _ in range(MOST_ROUNDS):
            due = engine.due(tenant=self.stage.tenant)
            if not due:
                return self._refuse_trouble()
            for job in due.job_ids:
                self.stage.deliver(job)
            for timer in due.timer_ids:
                engine.fire(timer)
            for message in due.message_ids:
                engine.deliver(message)
            for watch in due.watch_ids:
                engine.fire_watch(watch)
        raise Failed("The cases don't come to rest.")

    def wait(self, period: str) -> None:
        """Let a period pass."""
        self._travel(after(self.stage.clock.now(), period))

    def until(self, moment: str) -> None:
        """Let time pass up to a moment."""
        to = parse_moment(moment)
        if to < self.stage.clock.now():
            raise Failed("{moment} has passed already.", moment=moment)
        self._travel(to)

    def case(self, process: Json = None) -> InstanceRow:
        """Give the scenario's case, or the newest one of a process."""
        query = select(InstanceRow).where(InstanceRow.tenant == self.stage.tenant)
        query = query.where(InstanceRow.process_key == process) if process else query.where(InstanceRow.id == self.main)
        with self.stage.sessions() as session:
            found = session.scalars(query.order_by(InstanceRow.started_at.desc(), InstanceRow.id)).first()
        if found is None:
            if process:
                raise Failed("There is no case of {process}.", process=process)
            raise Failed("No case has been started yet.")
        return found

    def open_tasks(self, case: InstanceRow) -> Sequence[HumanTaskRow]:
        """Give the case's open human tasks in the order in which they opened."""
        query = select(HumanTaskRow).where(
            HumanTaskRow.instance_id == case.id, HumanTaskRow.state.in_(("open", "claimed"))
        )
        with self.stage.sessions() as session:
            return session.scalars(query.order_by(HumanTaskRow.opened_at, HumanTaskRow.activity)).all()

    def variable(self, case: InstanceRow, path: str) -> Json:
        """Give a variable by its path, `fee.due`, also one of a process that the case has called and waits for."""
        return _dig(self.variables(case), path)

    def variables(self, case: InstanceRow) -> Variables:
        """Give all variables of a case, of processes that it has called too."""
        facts = load(case.state)
        seen: Variables = facts.get("data") or {}
        for scope in facts.get("scopes", {}).values():
            seen = seen | scope["vars"]
        return seen

    def passed(self, case: InstanceRow | None = None) -> list[tuple[str, dict[str, Json]]]:
        """Give the nodes passed with their facts, of one case or of all; an error's end counts, too."""
        query = select(HistoryRow.node, HistoryRow.facts).where(HistoryRow.kind.in_(("passed", "error")))
        if case is not None:
            query = query.where(HistoryRow.instance_id == case.id)
        with self.stage.sessions() as session:
            return [(node or "", facts or {}) for node, facts in session.execute(query.order_by(HistoryRow.id))]

    def _travel(self, to: datetime) -> None:
        self.settle()
        while (due := self.next_moment()) is not None and due <= to:
            self.stage.clock.set(max(due, self.stage.clock.now()))
            self.settle()
        self.stage.clock.set(to)
        self.settle()

    def next_moment(self) -> datetime | None:
        """Say when the next timer fires, or the next watched record is to be looked at."""
        rows = (TimerRow, RecordWatchRow)
        queries = [select(row.due_at).where(row.state == "waiting").order_by(row.due_at) for row in rows]
        with self.stage.sessions() as session:
            found = [session.scalars(query.limit(1)).first() for query in queries]
        return min((moment for moment in found if moment is not None), default=None)

    def _refuse_trouble(self) -> None:
        with self.stage.sessions() as session:
            incident = session.scalars(select(IncidentRow).where(IncidentRow.state == "open")).first()
            job = session.scalars(select(JobRow).where(JobRow.state == "ready", JobRow.attempts > 0)).first()
            watch = session.scalars(select(RecordWatchRow).where(RecordWatchRow.problem != "")).first()
        if watch is not None:
            raise Failed(
                "A watch of the register {register} failed: {problem}", register=watch.register, problem=watch.problem
            )
        if incident is not None:
            raise Failed(
                "Incident at {node}: {message}", node=StepKey(incident.node), message=in_both(incident.message)
            )
        if job is not None:
            raise Failed(
                "{connector} at {node} failed: {message}",
                connector=job.connector,
                node=StepKey(job.node),
                message=job.message,
            )


def _dig(data: Json, path: str) -> Json:
    for part in path.split("."):
        if isinstance(data, list) and part.isdigit():
            data = data[int(part)] if int(part) < len(data) else None
        else:
            data = data.get(part) if isinstance(data, Mapping) else None
    return data
