"""An office with one agenda, people and an account, on a database that is there only for one test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from engine.banking import BankTransaction, ImportStatement, StatementImported
from engine.calendar import SettableClock
from engine.commands import AddPerson, AddTenant, Deploy, StartInstance
from engine.facade import Engine
from engine.handlers import inside
from engine.handlers.published import Published
from engine.handlers.work import Work
from engine.model import SYSTEM, Actor, Applicant, Json, Started
from engine.queries import inbox as inbox_queries
from engine.store.session import TENANT, command_sessions, read_sessions
from engine.store.wall import everybodys
from tests.integration.casework.agenda import FILES

HOME = "mesto"
KEY = b"the key of this installation"
ACCOUNT = "19-2000145399/0800"
#: A Monday.
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TREASURER = Actor(kind="person", username="hospodar", name="Hana Hospodářka", groups=frozenset({"treasurer"}))
SECRETARY = Actor(kind="person", username="sekretarka", name="Sára Sekretářka", groups=frozenset({"secretariat"}))
APPLICANT = Actor(kind="applicant", name="Obec Plátce")


class Office:
    """What a test does with the engine and reads from it."""

    def __init__(self, database: Database, home: str = HOME) -> None:
        self.clock = SettableClock(MORNING)
        self.key = KEY
        self.commands = command_sessions(database)
        self.reads = read_sessions(database)
        self.engine = Engine(self.commands, self.clock, ballot_key=lambda: self.key)
        self.home = home
        settings = {"account": ACCOUNT, "accounts": ["222885/5500"]}
        self.engine.execute(AddTenant(tenant=home, actor=SYSTEM, name="Město", settings=settings))
        for actor in (TREASURER, SECRETARY):
            groups = sorted(actor.groups)
            self.engine.execute(
                AddPerson(tenant=home, actor=SYSTEM, username=actor.username, name=actor.name, groups=groups)
            )
        self.deploy()

    def deploy(self, files: Mapping[str, bytes] | None = None) -> None:
        self.engine.execute(
            Deploy(
                tenant=self.home,
                actor=SYSTEM,
                agenda="fees",
                title={"cs": "Poplatky", "en": "Fees"},
                files=FILES | dict(files or {}),
                numbering="POP-{year}-{n:04}",
                groups={
                    "treasurer": {"cs": "Hospodář", "en": "Treasurer"},
                    "secretariat": {"cs": "Péče", "en": "Care"},
                },
            )
        )

    def start(self, process: str = "fee", name: str = "Obec Plátce", **variables: Json) -> Started:
        return self.engine.execute(
            StartInstance(
                tenant=self.home,
                actor=SYSTEM,
                process_key=process,
                variables={"amount": 762_000} | variables,
                applicant=Applicant(name=name, email="obec@example.cz", ico="05129061"),
            )
        )

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.reads() as session:
            session.info[TENANT] = self.home
            yield session

    @contextmanager
    def work(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """A transaction as Engine.execute opens one."""
        with everybodys(self.commands.kw["bind"]).begin() as connection:
            facts = {"now": self.clock.now(), "tenant": self.home, "actor": actor, "published": Published()}
            facts |= {"ballot_key": lambda: self.key}
            work = Work(connection=connection, sessions=self.commands, **facts)
            yield work
            work.finish()
            work.close()

    def inside(self, instance_id: str, connector: str, **parameters: Json) -> Json:
        """Do an inside effect of a case."""
        with self.work() as work:
            return inside.perform(work, work.lock(instance_id), connector, parameters)

    def bring(self, *transactions: BankTransaction, **changes: Any) -> StatementImported:
        """Import a statement whose balance adds up."""
        return self.engine.execute(self.statement(*transactions, **changes))

    def statement(self, *transactions: BankTransaction, **changes: Any) -> ImportStatement:
        """The command of such a statement."""
        moved = sum(one.amount for one in transactions)
        facts: dict[str, Any] = {
            "account": ACCOUNT,
            "number": "1",
            "sha256": sha256(repr((transactions, changes)).encode()).hexdigest(),
            "opened_on": date(2026, 3, 1),
            "closed_on": date(2026, 3, 2),
            "opening_balance": 100_000,
            "closing_balance": 100_000 + moved,
            "transactions": transactions,
        }
        return ImportStatement(tenant=self.home, actor=TREASURER, **(facts | changes))

    def inbox(self, actor: Actor, **wanted: Any) -> inbox_queries.Inbox:
        with self.read() as session:
            return inbox_queries.inbox(session, self.home, actor, inbox_queries.Wanted(**wanted), self.clock.now())


def payment(symbol: str, amount: int = 762_000, key: str = "t1", **more: Any) -> BankTransaction:
    return BankTransaction(
        key=key,
        amount=amount,
        currency="CZK",
        booked_on=date(2026, 3, 2),
        counter_account="1265098001/5500",
        counter_name="OBEC PLATCE",
        variable_symbol=symbol,
        **more,
    )
