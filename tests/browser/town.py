"""The product as `radnice serve` runs it, inside the test's process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import yaml
from waitress.server import create_server

from engine.calendar import Clock
from engine.commands import CompleteHumanTask
from engine.errors import NotAllowed
from engine.model import Actor
from engine.queries.cases import case
from engine.queries.inbox import tasks_of_case
from engine.queries.operations import incidents, jobs
from integrations.gateway.shape import Gateway
from processes.catalogue import load
from tests.browser.traffic import PATIENCE
from tests.integration.conftest import ALL
from web import log
from web.app import create_app
from web.bootstrap import Parts, bootstrap
from web.demo import found
from web.limits import limiter
from web.migrations import upgrade
from web.settings import Settings
from web.worker import start_embedded


@dataclass(frozen=True, kw_only=True)
class Town:
    """The organisation being visited, and its people as far as a test plays them."""

    url: str
    parts: Parts
    tenant: str

    def open_task(self, number: str, node: str) -> str:
        """Wait until a case comes to a task; gives the task's id."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with self.parts.sessions(info=ALL) as session:
                facts = case(session, self.tenant, number=number)
                for task in tasks_of_case(session, self.tenant, facts.id, self.parts.clock.now()):
                    if task.node == node:
                        return task.id
            time.sleep(0.1)
        raise AssertionError(f"{number} did not come to {node}: {self.trouble(number)}")

    def trouble(self, number: str) -> str:
        """What a case waits for, when it doesn't come where it should."""
        with self.parts.sessions(info=ALL) as session:
            facts = case(session, self.tenant, number=number)
            failed = incidents(session, self.tenant, instance_id=facts.id).items
            waiting = jobs(session, self.tenant, instance_id=facts.id).items
        told = [f"incident at {one.node}: {one.message}" for one in failed]
        return "; ".join(told + [f"{one.connector} {one.state} {one.message or ''}" for one in waiting])

    def answer(self, number: str, node: str, username: str, group: str, data: Mapping[str, Any]) -> None:
        """Somebody of the staff answers a task."""
        actor = Actor(kind="person", username=username, name=username, groups=frozenset({group}))
        task_id = self.open_task(number, node)
        self.parts.engine.execute(CompleteHumanTask(tenant=self.tenant, actor=actor, task_id=task_id, data=dict(data)))

    def answer_of(self, number: str, node: str, username: str, group: str, data: Mapping[str, Any]) -> None:
        """Somebody answers the one of several tasks of a step that is theirs."""
        actor = Actor(kind="person", username=username, name=username, groups=frozenset({group}))
        with self.parts.sessions(info=ALL) as session:
            facts = case(session, self.tenant, number=number)
            found = tasks_of_case(session, self.tenant, facts.id, self.parts.clock.now())
        for task in [one for one in found if one.node == node]:
            command = CompleteHumanTask(tenant=self.tenant, actor=actor, task_id=task.id, data=dict(data))
            with suppress(NotAllowed):
                self.parts.engine.execute(command)
                return
        raise AssertionError(f"No task {node} of {number} is for {username}.")

    def mails(self) -> list[str]:
        """Whom the mails sent so far went to, and their texts, as their readers see them."""
        found = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in self._mail_files()]
        return [f"{mail['To']}\n{mail['Subject']}\n{plain_text(mail)}" for mail in found]

    def _mail_files(self) -> list[Path]:
        return sorted(self.parts.settings.mail_dir.glob("*.eml"))


def plain_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


@contextmanager
def nobody_is_slowed_down() -> Iterator[None]:
    """Let the few people of a test sign in as often as it plays them; towns may be open inside each other."""
    # The limiter is one for all applications of the process.
    before, limiter.enabled = limiter.enabled, False
    try:
        yield
    finally:
        limiter.enabled = before


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """Serve a new organisation with the membership agenda from an empty folder."""
    with nobody_is_slowed_down():
        yield from serve(folder)


def serve(
    folder: Path,
    found_by: Callable[[Parts], str] | None = None,
    clock: Clock | None = None,
    gateway: Gateway | None = None,
) -> Iterator[Town]:
    """Serve it until whoever asked has done; `found_by` founds another one than the association."""
    parts = bootstrap(Settings(var=folder, ares_url="offline", secret_key="only for tests"), clock)
    if gateway:
        systems = replace(parts.outside.systems, gateway=gateway)
        parts = replace(parts, outside=replace(parts.outside, systems=systems))
    tenant = (found_by or seed)(parts)
    app = create_app(parts)
    log.configure()
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    stop = start_embedded(parts)
    try:
        yield Town(url=f"http://127.0.0.1:{server.effective_port}", parts=parts, tenant=tenant)
    finally:
        stop()
        server.close()
        thread.join(timeout=10)
        parts.database.dispose()


def seed(parts: Parts) -> str:
    """The demo's organisation and people, no cases; gives the tenant's key."""
    upgrade(parts.database)
    agenda = load("membership")
    tenant = yaml.safe_load(agenda.text("demo/tenant.yaml") or "")
    people = yaml.safe_load(agenda.text("demo/people.yaml") or "")
    found(parts, [agenda], tenant, people)
    return str(tenant["key"])
