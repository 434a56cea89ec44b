"""Somebody of the staff at the desk: an office in memory, the web application in front of it, a browser that signs in.

An office is founded once; what a test begins with is copied from memory.
"""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import yaml
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from engine.commands import AddPerson, AddTenant, AddToken
from engine.ids import new_id
from engine.model import SYSTEM
from engine.store.bank_orders import BankOrderRow
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.money import PaymentRequestRow
from engine.store.wall import everybodys
from processes.agenda import Agenda
from processes.catalogue import load, to_command
from processes.scenarios import Scenario, play
from processes.scenarios.office import Office
from processes.scenarios.reading import Step, as_json
from tests.unit.forms.browser import Page, changed
from web.app import create_app
from web.stage import MemoryStage, Theatre

NOW = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
#: An organisation that has an operator of the same name, and must see nothing of the first one.
FOREIGN, FOREIGN_HOST = "jinde", "jinde.example"
#: Passwords of tests needn't be slow to check.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Answer = tuple[str, str, Mapping[str, Any]]


class Window(FlaskClient):
    """A browser window at one host."""

    host = "localhost"

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Ask this host."""
        return super().open(*args, **{"base_url": f"http://{self.host}", **options})


@dataclass
class Desk:
    """A browser window of the office."""

    stage: MemoryStage
    app: Flask
    agenda: Agenda
    client: Window = field(init=False)
    #: Images of the database by what happened in it.
    images: dict[str, sqlite3.Connection] = field(default_factory=dict)
    #: What happened since the office was founded, while it can be copied.
    past: str | None = None

    def begin(self) -> None:
        """Forget everything since the office was founded."""
        self.restore("founded")
        self.stage.mailer.sent.clear()
        self.begin_window()

    def begin_window(self) -> None:
        """A new browser window, in which nobody is signed in."""
        self.client = Window(self.app)

    def tell_time(self, moment: str) -> None:
        """Let time pass up to a moment, and what is due be done."""
        Office(self.stage).until(moment)

    # --- images of the database --------------------------------------------------------------------------------------

    def keep(self, past: str) -> None:
        """Remember the database as it is."""
        self.images[past] = sqlite3.connect(":memory:", check_same_thread=False)
        self.copy(into=self.images[past])
        self.past = past

    def restore(self, past: str) -> None:
        """Make the database what it was."""
        self.copy(out_of=self.images[past])
        self.stage.clock.set(NOW)
        self.past = past

    def copy(self, into: sqlite3.Connection | None = None, out_of: sqlite3.Connection | None = None) -> None:
        """Copy the office's database page by page."""
        with self.stage.parts.database.connect() as connection:
            own: Any = connection.connection.driver_connection
            if into is not None:
                own.backup(into)
            if out_of is not None:
                out_of.backup(own)

    # --- the case's side ---------------------------------------------------------------------------------------------

    def tell(self, *steps: Step) -> None:
        """Let people do something outside the browser, as in a scenario."""
        self.past = None
        story = Scenario(path="", title="", process="membership", starts=NOW, steps=steps)
        outcome = play(story, self.agenda, self.stage)
        assert outcome.ok, outcome.problem

    def application(self, like: str = "rokytnice") -> str:
        """A town applies; gives the case's number."""
        past = f"{self.past}, {like} applied" if self.past else None
        if past in self.images:
            self.restore(past)
        else:
            forms = as_json(yaml.safe_load(self.agenda.text("scenarios/_forms.yaml") or ""))
            self.tell(Step(kind="start", what="application", words={"with": deepcopy(forms[like])}))
            if past:
                self.keep(past)
        with self.stage.sessions() as session:
            newest = select(InstanceRow.business_key).order_by(InstanceRow.business_key.desc())
            return str(session.scalars(newest).first())

    def answers(self, *answers: Answer) -> None:
        """People answer tasks of the case that the office got last: step, who, what."""
        self.tell(
            *(
                Step(kind="answer", what=node, words={"by": by, "with": data, "in": "membership"})
                for node, by, data in answers
            )
        )

    def accepted(self) -> str:
        """A case that asks for its fee; gives its number."""
        number, past = self.application(), "accepted"
        if past in self.images:
            self.restore(past)
        else:
            verdict = {"outcome": "complete", "board_mode": "per_rollam"}
            votes = [("vote", f"vybor{n}", {"vote": {"choice": "for"}}) for n in (1, 2, 3)]
            self.answers(("check", "sekretarka", verdict), *votes)
            self.keep(past)
        return number

    def task(self, number: str, node: str) -> str:
        """Id of an open task of a case."""
        open_ones = select(HumanTaskRow.id).join(InstanceRow, InstanceRow.id == HumanTaskRow.instance_id)
        wanted = open_ones.where(InstanceRow.business_key == number, HumanTaskRow.node == node)
        with self.stage.sessions() as session:
            found = session.scalars(wanted.where(HumanTaskRow.state.in_(("open", "claimed")))).first()
        assert found is not None, f"{node} is not open in {number}"
        return found

    def payment(self, number: str) -> PaymentRequestRow:
        """What a case asks to be paid."""
        wanted = select(PaymentRequestRow).join(InstanceRow, InstanceRow.id == PaymentRequestRow.instance_id)
        with self.stage.sessions() as session:
            return session.scalars(wanted.where(InstanceRow.business_key == number)).one()

    def order(self, number: str, **what: Any) -> None:
        """Let a case order a payment from the bank."""
        case = select(InstanceRow.id).where(InstanceRow.business_key == number).scalar_subquery()
        now = self.stage.clock.now()
        facts = {"account": self.stage.account, "due_on": now.date(), "prepared_at": now, "state": "prepared"}
        row = {"id": new_id(), "tenant": self.stage.tenant, "instance_id": case, "currency": "CZK"} | facts | what
        with everybodys(self.stage.parts.database).begin() as connection:
            connection.execute(insert(BankOrderRow).values(**row))

    # --- the browser -------------------------------------------------------------------------------------------------

    def sign_in(self, username: str, host: str = "localhost") -> None:
        """Sign in with a password that is the username."""
        self.client = Window(self.app)
        self.client.host = host
        answer = self.post("/prihlaseni", {"username": username, "password": username})
        assert answer.status_code == 303, answer.text

    def get(self, path: str, status: int = 200) -> str:
        """Read a page."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        return answer.text

    def post(self, path: str, data: Mapping[str, Any], page: str | None = None) -> TestResponse:
        """Send a form with the token of its page."""
        found = TOKEN.search(self.client.get(page or path).text)
        token = found[1] if found else ""
        return self.client.post(path, data={"csrf_token": token, **data}, content_type="multipart/form-data")

    def fill(self, path: str, said: Mapping[str, str], button: str = "continue") -> TestResponse:
        """Open a page, fill its form and press a button, as a browser without JavaScript posts it."""
        pairs = Page(self.get(path).split('enctype="multipart/form-data"', 1)[1].split("</form>", 1)[0]).pairs
        for name, value in said.items():
            pairs = changed(pairs, name, value)
        return self.send(path, [*pairs, ("_go", button)])

    def send(self, path: str, pairs: Sequence[tuple[str, str]]) -> TestResponse:
        """Post controls in their order."""
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        return self.client.post(path, data=data, content_type="multipart/form-data")

    def upload(self, content: bytes, filename: str = "vypis.gpc") -> TestResponse:
        """Send a bank statement."""
        return self.post("/prace/banka", {"statement": (io.BytesIO(content), filename)})


def token(username: str, tenant: str) -> str:
    """The secret of a person's API token."""
    return f"token-of-{username}-{tenant}"


def found(stage: MemoryStage, agenda: Agenda) -> None:
    """Give everybody a password and a token, and found the other organisation."""
    execute = stage.engine.execute
    execute(AddTenant(tenant=FOREIGN, actor=SYSTEM, name="Jiné město", settings={"hosts": [FOREIGN_HOST]}))
    execute(to_command(agenda, agenda.files, FOREIGN, SYSTEM))
    everybody = [(stage.tenant, person.username, person.name, person.groups) for person in stage.people.values()]
    for tenant, username, name, groups in [*everybody, (FOREIGN, "spravce", "Cizí správce", ALL_GROUPS)]:
        hashed = QUICK.hash(username)
        execute(
            AddPerson(tenant=tenant, actor=SYSTEM, username=username, name=name, groups=groups, password_hash=hashed)
        )
        secret = sha256(token(username, tenant).encode()).hexdigest()
        execute(AddToken(tenant=tenant, actor=SYSTEM, username=username, token_hash=secret))


def app_of(stage: MemoryStage) -> Flask:
    """The web application of the first organisation."""
    return create_app(replace(stage.parts, settings=replace(stage.parts.settings, default_tenant=stage.tenant)))


ALL_GROUPS = ("admin", "operator", "author", "secretariat", "board", "treasurer")


@contextmanager
def open_desk() -> Iterator[Desk]:
    """An office with the membership agenda and nobody signed in."""
    with open_office() as (stage, agenda):
        yield from desk_of(stage, agenda)


@contextmanager
def open_office(database_url: str = "sqlite://") -> Iterator[tuple[MemoryStage, Agenda]]:
    """The same without a desk, on any database."""
    agenda = load("membership")
    with Theatre(database_url) as theatre:
        stage = theatre.stage(agenda)
        stage.clock.set(NOW)
        found(stage, agenda)
        yield stage, agenda


def desk_of(stage: MemoryStage, agenda: Agenda) -> Iterator[Desk]:
    """The web application in front of an office."""
    desk = Desk(stage=stage, app=app_of(stage), agenda=agenda)
    desk.keep("founded")
    try:
        yield desk
    finally:
        for image in desk.images.values():
            image.close()
