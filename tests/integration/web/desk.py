"""Somebody of the staff at the desk: an office in memory, the web application in front of it, a browser that signs in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import yaml
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.commands import AddPerson, AddToken
from engine.model import SYSTEM
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.money import PaymentRequestRow
from processes.agenda import Agenda
from processes.catalogue import load
from processes.scenarios import Scenario, play
from processes.scenarios.reading import Step, as_json
from web.app import create_app
from web.limits import limiter
from web.passwords import hash_password
from web.stage import MemoryStage, make_stage

NOW = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Desk:
    """A browser window of the office."""

    stage: MemoryStage
    app: Flask
    agenda: Agenda
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    # --- the case's side ---------------------------------------------------------------------------------------------

    def tell(self, *steps: Step) -> None:
        """Let people do something outside the browser, as in a scenario."""
        story = Scenario(path="", title="", process="membership", starts=NOW, steps=steps)
        outcome = play(story, self.agenda, self.stage)
        assert outcome.ok, outcome.problem

    def application(self, like: str = "rokytnice", **changes: Any) -> str:
        """A town applies; gives the case's number."""
        forms = as_json(yaml.safe_load(self.agenda.text("scenarios/_forms.yaml") or ""))
        self.tell(Step(kind="start", what="application", words={"with": deepcopy(forms[like]) | changes}))
        with self.stage.sessions() as session:
            newest = select(InstanceRow.business_key).order_by(InstanceRow.business_key.desc())
            return str(session.scalars(newest).first())

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

    # --- the browser -------------------------------------------------------------------------------------------------

    def sign_in(self, username: str) -> None:
        """Sign in with a password that is the username."""
        self.client = self.app.test_client()
        person = self.stage.people[username]
        self.stage.engine.execute(
            AddPerson(
                tenant=self.stage.tenant,
                actor=SYSTEM,
                username=username,
                name=person.name,
                groups=person.groups,
                password_hash=hash_password(username),
            )
        )
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

    def upload(self, content: bytes, filename: str = "vypis.gpc") -> TestResponse:
        """Send a bank statement."""
        return self.post("/prace/banka", {"statement": (io.BytesIO(content), filename)})

    def token(self, username: str) -> dict[str, str]:
        """Headers with a new API token of a person."""
        secret = f"token-of-{username}"
        hashed = sha256(secret.encode()).hexdigest()
        self.stage.engine.execute(
            AddToken(tenant=self.stage.tenant, actor=SYSTEM, username=username, token_hash=hashed)
        )
        return {"Authorization": f"Bearer {secret}"}


@contextmanager
def open_desk() -> Iterator[Desk]:
    """An office with the membership agenda and nobody signed in."""
    agenda = load("membership")
    stage = make_stage(agenda)
    stage.clock.set(NOW)
    app = create_app(stage.parts)
    limiter.enabled = False
    try:
        yield Desk(stage=stage, app=app, agenda=agenda)
    finally:
        limiter.enabled = True
        stage.close()
