"""A small office for tests: one engine, one organisation, a clock that stands still, people by their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine as Database
from sqlalchemy import select

from engine.calendar import SettableClock
from engine.commands import AddPerson, AddTenant, Command, CompleteHumanTask, CorrelateMessage, Deploy, StartInstance
from engine.facade import Engine
from engine.model import SYSTEM, Actor, Hint, Started
from engine.queries import cases, definitions
from engine.queries.verification import Finding, verify
from engine.store.base import Base
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow
from engine.store.session import command_sessions, read_sessions
from engine.store.wall import EVERY, everybodys

R = TypeVar("R")
Row = TypeVar("Row", bound=Base)
#: A test leaves off where it likes; what stands still there is no fault.
ANY_AGE = timedelta(days=36_500)

#: A Monday morning.
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
JANA = Actor(kind="person", username="jana", name="Jana Nová")
PETR = Actor(kind="person", username="petr", name="Petr Malý")
OPERATOR = Actor(kind="person", username="spravce", name="Správce", groups=frozenset({"operator"}))
APPLICANT = Actor(kind="applicant", name="Obec Horní Dolní")


class Office:
    """Everything a test of the engine touches."""

    def __init__(self, database: Database, tenant: str = "town") -> None:
        self.database = database
        #: For looking at rows past the engine, of all tenants.
        self.everything = everybodys(database)
        self.tenant = tenant
        self.clock = SettableClock(MORNING)
        self.hints: list[Hint] = []
        self.engine = Engine(command_sessions(database), self.clock, self.hints.extend)
        self._read = read_sessions(database, EVERY)
        self._tenants: list[str] = []
        self.add_tenant(tenant)

    def close(self) -> None:
        self.database.dispose()

    def findings(self) -> list[Finding]:
        """What doesn't fit together."""
        with self._read() as session:
            return [each for tenant in self._tenants for each in verify(session, tenant, self.clock.now(), ANY_AGE)]

    def restarted(self) -> Engine:
        """An engine that has nothing in memory, as after a restart of the process."""
        self.engine = Engine(command_sessions(self.database), self.clock, self.hints.extend)
        return self.engine

    def add_tenant(self, key: str, **settings: str) -> None:
        self.engine.execute(AddTenant(tenant=key, actor=SYSTEM, name=key, settings=settings))
        self._tenants.append(key)

    def add_person(self, username: str, *groups: str) -> None:
        self.engine.execute(
            AddPerson(tenant=self.tenant, actor=SYSTEM, username=username, name=username, groups=groups)
        )

    def deploy(self, *diagrams: bytes, agenda: str = "agenda", tenant: str | None = None, **facts: Any) -> None:
        files = {f"{number}.bpmn": diagram for number, diagram in enumerate(diagrams)}
        files |= facts.pop("files", {})
        self.engine.execute(
            Deploy(
                tenant=tenant or self.tenant,
                actor=SYSTEM,
                agenda=agenda,
                title={"cs": agenda},
                files=files,
                **facts,
            )
        )

    def start(self, process_key: str = "p", variables: Mapping[str, Any] | None = None, **facts: Any) -> Started:
        return self.do(StartInstance, process_key=process_key, variables=dict(variables or {}), **facts)

    def do(self, command: type[Command[R]], actor: Actor = SYSTEM, **facts: Any) -> R:
        """Execute a command in the office's name."""
        return self.engine.execute(command(tenant=self.tenant, actor=actor, **facts))

    def complete(self, node: str, data: Mapping[str, Any] | None = None, by: Actor = JANA, case: str = "") -> None:
        """Answer the open human task at a node."""
        task = self.open_task(node, case)
        self.do(CompleteHumanTask, by, task_id=task.id, data=dict(data or {}))

    def message(self, name: str, correlation: Mapping[str, Any] | None = None, **facts: Any) -> str | None:
        return self.do(CorrelateMessage, name=name, correlation=dict(correlation or {}), **facts)

    def open_task(self, node: str, case: str = "") -> HumanTaskRow:
        tasks = [task for task in self.open_tasks() if task.node == node and case in ("", task.instance_id)]
        assert len(tasks) == 1, f"{node} is open {len(tasks)} times"
        return tasks[0]

    def open_tasks(self) -> Sequence[HumanTaskRow]:
        return [task for task in self.rows(HumanTaskRow) if task.state in ("open", "claimed")]

    def case(self, instance_id: str) -> InstanceRow:
        return self.rows(InstanceRow, id=instance_id)[0]

    def story(self, instance_id: str) -> list[str]:
        """The kinds of the case's history, each with its node where it has one."""
        rows = sorted(self.rows(HistoryRow, instance_id=instance_id), key=lambda row: row.id)
        return [f"{row.kind} {row.node}" if row.node else row.kind for row in rows]

    def readable_to(self, actor: Actor) -> int:
        """How many cases of the office a person may read."""
        with self._read() as session:
            return cases.cases(session, self.tenant, cases.Wanted(), actor).total

    def begun_elsewhere(self, agenda: str) -> Mapping[str, Mapping[str, str]]:
        """Which processes of other agendas messages begin."""
        with self._read() as session:
            return definitions.begun_elsewhere(session, self.tenant, agenda)

    def rows(self, row_class: type[Row], **where: Any) -> Sequence[Row]:
        with self._read() as session:
            return session.execute(select(row_class).filter_by(**where)).scalars().all()

    def pass_time(self, by: timedelta) -> None:
        self.clock.advance(by)
