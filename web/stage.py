"""A whole office in memory for scenarios: real engine, real templates, nothing sent, a clock that can be turned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import cast, get_args

import yaml
from sqlalchemy.orm import Session, sessionmaker

from engine.calendar import SettableClock
from engine.commands import AddPerson, AddTenant
from engine.facade import Engine
from engine.model import SYSTEM, Json
from engine.store.base import Base
from engine.store.session import read_sessions
from engine.store.wall import EVERY, everybodys, raise_wall
from integrations.ares import RecordedAres
from integrations.connectors import Systems
from integrations.databox.memory import DataBoxInMemory
from integrations.databox.shape import BY_LOGIN, UNDELIVERABLE
from integrations.fake_calls import RememberingCalls, RememberingWebhook
from integrations.fake_register import FakeContractsRegister
from integrations.fakes import GatewayInMemory, PlainPdf, RememberingMailer
from integrations.gateway.shape import State
from integrations.ports import Mail
from processes.agenda import Agenda
from processes.catalogue import to_command
from processes.scenarios import Person
from processes.scenarios.failing import Failed
from web.bootstrap import Parts, bootstrap
from web.data_messages import tell_of_deliveries
from web.delivery import Delivery
from web.outside import Outside
from web.settings import Settings

TENANT = "scenario"
ACCOUNT = "19-2000145399/0800"


@dataclass(kw_only=True)
class MemoryStage:
    """The stage of one scenario."""

    parts: Parts
    clock: SettableClock
    people: Mapping[str, Person]
    mailer: RememberingMailer = field(default_factory=RememberingMailer)
    gateway: GatewayInMemory = field(default_factory=GatewayInMemory)
    databox: DataBoxInMemory = field(default_factory=DataBoxInMemory)
    http: RememberingCalls = field(default_factory=RememberingCalls)
    webhook: RememberingWebhook = field(default_factory=RememberingWebhook)
    tenant: str = TENANT
    account: str = ACCOUNT

    def __post_init__(self) -> None:
        outside = Outside(
            mailer=self.mailer,
            pdf=PlainPdf(),
            companies=RecordedAres(),
            systems=Systems(
                gateway=self.gateway,
                contracts=FakeContractsRegister(),
                databox=self.databox,
                http=self.http,
                webhook=self.webhook,
            ),
        )
        self._delivery = Delivery(self.parts, outside)
        self.engine: Engine = self.parts.engine
        self.sessions: sessionmaker[Session] = read_sessions(self.parts.database, EVERY)

    @property
    def mails(self) -> Sequence[Mail]:
        """Mails so far."""
        return self.mailer.sent

    def deliver(self, job_id: str) -> None:
        """Do an outside action."""
        self._delivery.deliver(job_id)

    def card(self, state: str) -> str:
        """Let the newest payment of the gateway stand so; gives its number."""
        if state not in get_args(State):
            raise Failed("{state} is no state of a payment.", state=state)
        return self.gateway.move(cast(State, state))

    @property
    def calls(self) -> Sequence[str]:
        """Calls of other systems so far."""
        return [*self.http.made, *self.webhook.made]

    def prepare(self, url: str, status: int, body: Json) -> None:
        """Let other systems answer so at addresses that begin with this one."""
        self.http.answers[url] = (status, body)

    def data_message(self, fate: str) -> None:
        """Let the newest data message be placed, read or lost, and tell whoever waits for it."""
        now = self.clock.now()
        if fate == "placed":
            self.databox.place(now)
        elif fate == "read":
            self.databox.move(BY_LOGIN, accepted_at=now)
        elif fate == "lost":
            self.databox.move(UNDELIVERABLE)
        elif fate != "asked":
            raise Failed("A data message is placed, read, lost or asked for, not {fate}.", fate=fate)
        tell_of_deliveries(self.parts, self.databox)

    def close(self) -> None:
        """Let the database go."""
        self.parts.database.dispose()


class Theatre:
    """One database, in memory unless told otherwise, that serves scenarios one after another; each finds it empty."""

    def __init__(self, database_url: str = "sqlite://") -> None:
        self.clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
        settings = Settings(database_url=database_url, secret_key="scenario", var=Path(gettempdir()))  # noqa: S106
        self.parts = bootstrap(settings, self.clock)
        self._everything = everybodys(self.parts.database)
        with self._everything.begin() as connection:
            Base.metadata.create_all(connection)
            raise_wall(connection)

    def __enter__(self) -> Theatre:
        return self

    def __exit__(self, *error: object) -> None:
        self.parts.database.dispose()

    def stage(self, agenda: Agenda, parameters: Mapping[str, Json] | None = None) -> MemoryStage:
        """Build an office with the agenda deployed, some parameters otherwise, and what its `demo/` says of people."""
        given = parameters or {}
        changes = [
            {**one, "values": {name: value for name, value in one["values"].items() if name not in given}}
            for one in agenda.parameter_changes
        ]
        agenda = replace(agenda, parameters={**agenda.parameters, **given}, parameter_changes=changes)
        self._clear()
        people = {person["username"]: _person(person) for person in _demo(agenda, "people")}
        tenant = {"account": ACCOUNT, **_demo(agenda, "tenant", {})}
        execute = self.parts.engine.execute
        execute(AddTenant(tenant=TENANT, actor=SYSTEM, name=str(tenant.pop("name", "Scénář")), settings=tenant))
        for one in people.values():
            execute(AddPerson(tenant=TENANT, actor=SYSTEM, username=one.username, name=one.name, groups=one.groups))
        execute(to_command(agenda, agenda.files, TENANT, SYSTEM))
        return MemoryStage(parts=self.parts, clock=self.clock, people=people, account=str(tenant["account"]))

    def _clear(self) -> None:
        with self._everything.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())


def make_stage(agenda: Agenda) -> MemoryStage:
    """Build one stage with a database of its own; close it afterwards."""
    return Theatre().stage(agenda)


def _person(read: Mapping[str, Json]) -> Person:
    return Person(username=read["username"], name=read["name"], groups=tuple(read.get("groups", ())))


def _demo(agenda: Agenda, name: str, otherwise: Json = ()) -> Json:
    return yaml.safe_load(agenda.text(f"demo/{name}.yaml") or "") or otherwise
