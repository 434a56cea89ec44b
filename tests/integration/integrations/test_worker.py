"""The embedded worker with the real engine, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.calendar import SettableClock
from engine.commands import SaveDraft
from engine.handlers.jobs import LEASE, MOST_ATTEMPTS
from engine.model import Actor
from engine.queries import cases, operations, papers
from engine.store.cases import JobRow
from engine.store.papers import DraftRow
from integrations.ares import RecordedAres
from integrations.failures import Temporary
from integrations.fakes import PlainPdf, RememberingMailer
from integrations.ports import Mail
from tests.integration.conftest import ALL
from tests.integration.integrations.town import (
    TENANT,
    a_setting,
    deploy,
    installation,
    process,
    service,
    start,
    status,
    until,
)
from web.bootstrap import Parts, bootstrap
from web.delivery import Delivery
from web.outside import Outside
from web.worker import make_celery, register_tasks, start_embedded

WELCOME = service("mail", "mail.send", "mail", to='case["applicant_email"]', template='"welcome"')


@dataclass
class SlowMailer(RememberingMailer):
    """A mailer that waits until it is let go."""

    begun: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)

    def send(self, mail: Mail) -> str:
        self.begun.set()
        assert self.free.wait(20)
        return super().send(mail)


@contextmanager
def working(parts: Parts, outside: Outside | None = None) -> Iterator[None]:
    stop = start_embedded(parts, outside)
    try:
        yield
    finally:
        stop()


def an_outside(mailer: RememberingMailer) -> Outside:
    return Outside(mailer=mailer, pdf=PlainPdf(), companies=RecordedAres())


@pytest.fixture
def make(tmp_path: Path, database_url: str) -> Iterator[Callable[..., Parts]]:
    made: list[Parts] = []

    def one(clock: SettableClock | None = None, **settings: str) -> Parts:
        made.append(installation(tmp_path, database_url, clock, **settings))
        return made[-1]

    yield one
    for parts in made:
        parts.database.dispose()


def test_letters_are_printed_looked_up_and_mailed_without_anybody_waiting(
    make: Callable[..., Parts], tmp_path: Path
) -> None:
    parts = make()
    deploy(
        parts,
        process(
            service("copy", "submission.render", "copy", public="True"),
            service("letter", "document.render", "letter", template='"letter"'),
            service("ares", "ares.lookup", "ares", ico='"00276057"'),
            service(
                "mail", "mail.send", "mail", to='case["applicant_email"]', template='"welcome"', attach="[copy, letter]"
            ),
        ),
    )
    with working(
        parts,
        Outside(mailer=parts.outside.mailer, pdf=PlainPdf(), companies=RecordedAres()),
    ):
        instance = start(parts)
        until(lambda: status(parts, instance) != "running")
    assert status(parts, instance) == "completed"
    with parts.sessions(info=ALL) as session:
        variables = cases.variables(session, TENANT, instance)
        documents = papers.documents(session, TENANT, instance)
    assert variables["ares"]["obchodniJmeno"] == "Město Rokytnice nad Jizerou"
    assert {one.id for one in documents} == {variables["copy"]["document"], variables["letter"]["document"]}
    assert {one.title for one in documents} == {"Přihláška", "Dopis"}
    (file,) = (tmp_path / "mail").glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["Subject"], mail["From"].addresses[0].addr_spec) == ("Vítejte, Rokytnice", "urad@example.cz")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["D-0001-submission.pdf", "D-0001-letter.pdf"]
    assert "/p/D-0001?k=" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_hint_that_was_lost_costs_only_a_beat(make: Callable[..., Parts]) -> None:
    parts, mailer = make(), RememberingMailer()
    deploy(parts, process(WELCOME))
    with working(parts, an_outside(mailer)):
        parts.hints.listener = None
        instance = start(parts)
        until(lambda: status(parts, instance) == "completed")
    assert len(mailer.sent) == 1


def test_two_workers_of_one_process_do_each_its_own_work(make: Callable[..., Parts]) -> None:
    parts, own, others = make(), RememberingMailer(), RememberingMailer()
    deploy(parts, process(WELCOME))
    with working(parts, an_outside(own)):
        listener = parts.hints.listener
        with working(parts, an_outside(others)):
            pass
        parts.hints.listener = listener
        instance = start(parts)
        until(lambda: status(parts, instance) == "completed")
    assert (len(own.sent), len(others.sent)) == (1, 0)


def test_work_left_by_the_last_run_is_done_by_the_next_one(make: Callable[..., Parts]) -> None:
    parts, mailer = make(), RememberingMailer()
    deploy(parts, process(WELCOME))
    instances = [start(parts) for _ in range(5)]
    with working(parts, an_outside(mailer)):
        until(lambda: all(status(parts, each) == "completed" for each in instances))
    assert len(mailer.sent) == 5


def test_a_failure_is_tried_again_later_and_used_up_tries_become_an_incident(make: Callable[..., Parts]) -> None:
    clock = SettableClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    parts, mailer = make(clock), RememberingMailer(failures=[Temporary("The mail server did not answer.")] * 5)
    deploy(parts, process(WELCOME))
    with working(parts, an_outside(mailer)):
        instance = start(parts)
        for tries in range(1, 5):
            until(lambda wanted=tries: attempts(parts) == wanted and waiting(parts))  # type: ignore[misc]
            clock.advance(timedelta(hours=1))
        until(lambda: status(parts, instance) == "incident")
    with parts.sessions(info=ALL) as session:
        (incident,) = operations.incidents(session, TENANT).items
    assert (incident.node, incident.message) == ("mail", "The mail server did not answer.")
    assert mailer.sent == []


def test_a_worker_that_died_leaves_the_job_to_another_one_once(make: Callable[..., Parts]) -> None:
    clock = SettableClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    parts, mailer = make(clock), RememberingMailer()
    deploy(parts, process(WELCOME))
    instance = start(parts)
    with parts.sessions(info=ALL) as session:
        job_id = session.scalars(select(JobRow.id)).one()
    assert parts.engine.claim_job(job_id) is not None
    with working(parts, an_outside(mailer)):
        assert parts.engine.claim_job(job_id) is None
        clock.advance(timedelta(minutes=6))
        until(lambda: status(parts, instance) == "completed")
    assert len(mailer.sent) == 1
    assert attempts(parts) == 2


def test_stopping_lets_a_running_job_finish(make: Callable[..., Parts]) -> None:
    parts, mailer = make(), SlowMailer()
    deploy(parts, process(WELCOME))
    stop = start_embedded(parts, an_outside(mailer))
    instance = start(parts)
    assert mailer.begun.wait(20)
    threading.Timer(0.5, mailer.free.set).start()
    stop()
    assert status(parts, instance) == "completed"


def test_no_session_is_open_while_the_world_outside_is_called(make: Callable[..., Parts]) -> None:
    parts, mailer = make(), SlowMailer()
    deploy(parts, process(WELCOME))
    with working(parts, an_outside(mailer)):
        first = start(parts)
        assert mailer.begun.wait(20)
        # SQLite has one writer: were the worker's transaction open, this would wait for it in vain.
        second = start(parts)
        mailer.free.set()
        until(lambda: status(parts, first) == status(parts, second) == "completed")


def test_a_timer_fires_when_its_time_has_come(make: Callable[..., Parts]) -> None:
    clock = SettableClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    parts = make(clock)
    timer = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P60D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    deploy(parts, process(timer))
    with working(parts, an_outside(RememberingMailer())):
        instance = start(parts)
        clock.advance(timedelta(days=59))
        assert status(parts, instance) == "running"
        clock.advance(timedelta(days=2))
        until(lambda: status(parts, instance) == "completed")


def test_a_parameter_that_makes_no_sense_is_an_incident_at_once(make: Callable[..., Parts]) -> None:
    parts = make()
    deploy(parts, process(service("mail", "mail.send", "mail", to='""', template='"welcome"')))
    with working(parts, an_outside(RememberingMailer())):
        instance = start(parts)
        until(lambda: status(parts, instance) == "incident")
    assert attempts(parts) == 1


def test_drafts_whose_time_is_over_are_thrown_away(make: Callable[..., Parts]) -> None:
    clock = SettableClock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    parts = make(clock)
    deploy(parts, process(WELCOME))
    parts.engine.execute(
        SaveDraft(tenant=TENANT, actor=Actor(kind="applicant"), process_key="letters", form="application", data={})
    )
    clock.advance(timedelta(days=400))
    with working(parts, an_outside(RememberingMailer())):
        until(lambda: count(parts, DraftRow) == 0)


CHILD = """
import sys, time
from pathlib import Path
from tests.integration.integrations.test_worker import an_outside
from tests.integration.integrations.town import a_setting
from integrations.fakes import RememberingMailer
from web.bootstrap import bootstrap
from web.worker import start_embedded

class Stuck(RememberingMailer):
    def send(self, mail):
        print("sending", flush=True)
        time.sleep(60)

start_embedded(bootstrap(a_setting(Path(sys.argv[1]), sys.argv[2])), an_outside(Stuck()))
time.sleep(60)
"""


def test_a_process_killed_in_the_middle_of_a_mail_loses_nothing_and_sends_once(
    make: Callable[..., Parts], tmp_path: Path, database_url: str
) -> None:
    parts = make()
    deploy(parts, process(WELCOME))
    instance = start(parts)
    command = [sys.executable, "-c", CHILD, str(tmp_path), database_url]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert child.stdout and child.stdout.readline() == "sending\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    # Half an hour later somebody starts the installation again.
    later = bootstrap(a_setting(tmp_path, database_url), SettableClock(datetime.now(UTC) + timedelta(minutes=30)))  # noqa: TID251
    mailer = RememberingMailer()
    with working(later, an_outside(mailer)):
        until(lambda: status(later, instance) == "completed")
    later.database.dispose()
    assert len(mailer.sent) == 1
    assert mailer.sent[0].key.startswith(instance)


def attempts(parts: Parts) -> int:
    with parts.sessions(info=ALL) as session:
        return session.scalar(select(func.sum(JobRow.attempts))) or 0


def count(parts: Parts, row: type[DraftRow]) -> int:
    with parts.sessions(info=ALL) as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def waiting(parts: Parts) -> bool:
    with parts.sessions(info=ALL) as session:
        return session.scalar(select(JobRow.state)) == "ready"


def test_a_job_in_which_workers_die_again_and_again_becomes_an_incident(make: Callable[..., Parts]) -> None:
    clock = SettableClock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    parts, mailer = make(clock), RememberingMailer()
    deploy(parts, process(WELCOME))
    start(parts)
    (job_id,) = parts.engine.due().job_ids
    for _ in range(MOST_ATTEMPTS):
        assert parts.engine.claim_job(job_id) is not None
        clock.set(clock.now() + LEASE + timedelta(seconds=1))
    Delivery(parts, an_outside(mailer)).deliver(job_id)
    with parts.sessions(info=ALL) as session:
        (incident,) = operations.incidents(session, TENANT).items
    assert "died" in incident.message and not mailer.sent
    assert not parts.engine.due().job_ids


def test_the_beat_can_send_everything_in_its_plan(make: Callable[..., Parts]) -> None:
    parts = make()
    app = make_celery()
    register_tasks(app, Delivery(parts, parts.outside))
    app.finalize()
    for entry in app.conf.beat_schedule.values():
        # As Celery's beat looks at a task before it sends it: whatever has to be given besides is an error.
        app.tasks[entry["task"]].__header__()
