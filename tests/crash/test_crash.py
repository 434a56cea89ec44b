"""Everything is killed under load, again and again; then nothing is lost, nothing happened twice, nothing is stuck.

How much is done before the power is cut depends on the machine; the verdict doesn't.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from engine.calendar import SystemClock
from engine.commands import CompleteHumanTask, CorrelateMessage
from engine.errors import HumanTaskNotOpen
from engine.lifecycle import OPEN_TASK
from engine.model import SYSTEM
from engine.queries.verification import Finding
from engine.store.cases import HumanTaskRow, InstanceRow, KeptMessageRow
from tests.crash.agenda import STEPS, TENANT, found
from tests.crash.clients import Accepted, Client
from tests.crash.installation import Installation, distributed, embedded, own_rabbitmq, own_rabbitmq_server, own_redis
from tests.crash.receiver import Receiver, receiving
from tests.crash.roles import reaching_home, settings_of
from tests.integration.conftest import ALL, make_tables, scratch_database
from web.bootstrap import Parts, bootstrap
from web.commands.verifying import findings
from web.worker import start_embedded

LONG = os.environ.get("RADNICE_TEST_LONG") == "1"
#: Seconds of load, and at least so many cases and so much harm, however slow the machine is.
SECONDS, CASES, HARM = (300.0, 100, 60) if LONG else (25.0, 15, 4)
CLIENTS = 4
#: Seconds after which the test gives up on a machine.
PATIENCE = 300.0
#: Whoever looks at the installation afterwards comes so much later: leases have run out, pauses are over.
LATER = timedelta(hours=1)
SEED = int(os.environ.get("RADNICE_TEST_SEED", "20261125"))


class LaterClock(SystemClock):
    """The machine's clock, put forward."""

    def now(self) -> datetime:
        return super().now() + LATER


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing happened in time"
        time.sleep(0.2)


def under_fire(installation: Installation, random: Random) -> Accepted:
    """Load and harm until the power is cut."""
    accepted, stop = Accepted(), threading.Event()
    clients = [
        Client(name=f"C{n}", ports=installation.ports, accepted=accepted, stop=stop, random=Random(SEED + n))
        for n in range(CLIENTS)
    ]
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    installation.start()
    try:
        for thread in threads:
            thread.start()
        until(lambda: len(accepted.started) >= CLIENTS)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end or len(accepted.started) < CASES or len(installation.done) < HARM:
            assert time.monotonic() < end + PATIENCE, "the machine is too slow for this test"
            time.sleep(random.uniform(*installation.pause))
            installation.harm(random)
    finally:
        installation.cut_power()
        stop.set()
    for thread in threads:
        thread.join(timeout=60)
    assert installation.died == []
    return accepted


def afterwards(parts: Parts) -> None:
    """Somebody starts the installation again; people finish what is left."""
    stop = start_embedded(parts, parts.outside)
    try:
        until(lambda: finish(parts))
    finally:
        stop()


def finish(parts: Parts) -> bool:
    """Do what people and the bank still have to do; True when every case has ended."""
    with parts.sessions(info=ALL) as session:
        running = session.execute(
            select(InstanceRow.business_key, InstanceRow.process_key).where(InstanceRow.status != "completed")
        ).all()
        tasks = session.scalars(select(HumanTaskRow.id).where(HumanTaskRow.state.in_(OPEN_TASK))).all()
    for number, process in running:
        if process == "main":
            paid = {"name": "paid", "correlation": {"number": number}, "message_id": f"paid-{number}"}
            parts.engine.execute(CorrelateMessage(tenant=TENANT, actor=SYSTEM, **paid))  # type: ignore[arg-type]
    for task in tasks:
        try:
            parts.engine.execute(CompleteHumanTask(tenant=TENANT, actor=SYSTEM, task_id=task, data={}))
        except HumanTaskNotOpen:
            continue
    due = parts.engine.due()
    return not running and not (due.job_ids or due.timer_ids or due.message_ids)


def must_be_whole(parts: Parts, accepted: Accepted, receiver: Receiver) -> None:
    """Nothing is lost, nothing happened twice, every case is where its history says."""
    assert accepted.wrong == []
    with parts.sessions(info=ALL) as session:
        numbers = set(session.scalars(select(InstanceRow.business_key).where(InstanceRow.process_key == "main")))
        completed = set(session.scalars(select(HumanTaskRow.id).where(HumanTaskRow.state == "completed")))
        messages = set(session.scalars(select(KeptMessageRow.message_id)))
    assert accepted.started <= numbers
    assert accepted.completed <= completed
    assert accepted.sent <= messages
    assert set(receiver.taken) == {(number, step) for number in numbers for step in STEPS}
    assert {effect: keys for effect, keys in receiver.taken.items() if len(keys) != 1} == {}
    assert whatever_does_not_fit(parts) == []


def whatever_does_not_fit(parts: Parts) -> list[Finding]:
    return list(findings(parts))


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    with receiving() as made:
        yield made


def survive(
    folder: Path, database_url: str, receiver: tuple[Receiver, str], make: Callable[..., Installation], **more: str
) -> Accepted:
    settings = {"var": str(folder / "var"), "database_url": database_url, "smtp_url": receiver[1], **more}
    later = bootstrap(settings_of(settings | {"broker_url": ""}), LaterClock())
    later = replace(later, outside=reaching_home(later.outside))
    try:
        found(later.engine, receiver[0].url)
        accepted = under_fire(make(folder, settings), Random(SEED))
        standing = [each for each in whatever_does_not_fit(later) if not each.kind.endswith(("stuck", "undelivered"))]
        assert standing == [], "straight after the power was cut"
        afterwards(later)
        must_be_whole(later, accepted, receiver[0])
    finally:
        later.database.dispose()
    return accepted


def tell(record_property: Callable[[str, object], None], what: str, accepted: Accepted, receiver: Receiver) -> None:
    figures = f"{len(accepted.started)} cases, {len(accepted.completed)} tasks, {receiver.calls} calls"
    record_property("summary", f"crash test, {what}: {figures}")


@pytest.mark.xdist_group("crash")
def test_web_workers_beat_broker_and_connections_die_under_load_and_nothing_is_lost_or_done_twice(
    tmp_path: Path, receiver: tuple[Receiver, str], record_property: Callable[[str, object], None]
) -> None:
    with scratch_database() as url, own_redis(tmp_path) as (redis, broker_url):
        make_tables(url)
        accepted = survive(
            tmp_path, url, receiver, lambda *given: distributed(*given, broker=redis), broker_url=broker_url
        )
    tell(record_property, "PostgreSQL and Redis", accepted, receiver[0])


@pytest.mark.skipif(not LONG, reason="make test-long")
@pytest.mark.xdist_group("crash")
def test_the_same_with_rabbitmq(
    tmp_path: Path, receiver: tuple[Receiver, str], record_property: Callable[[str, object], None]
) -> None:
    if own_rabbitmq_server() is None:
        pytest.skip("RabbitMQ is not installed")
    with scratch_database() as url, own_rabbitmq(tmp_path) as (rabbit, broker_url):
        make_tables(url)
        accepted = survive(
            tmp_path, url, receiver, lambda *given: distributed(*given, broker=rabbit), broker_url=broker_url
        )
    tell(record_property, "PostgreSQL and RabbitMQ", accepted, receiver[0])


@pytest.mark.xdist_group("crash")
def test_one_process_with_sqlite_dies_under_load_and_nothing_is_lost_or_done_twice(
    tmp_path: Path, receiver: tuple[Receiver, str], record_property: Callable[[str, object], None]
) -> None:
    url = f"sqlite:///{tmp_path / 'radnice.db'}"
    make_tables(url)
    accepted = survive(tmp_path, url, receiver, embedded)
    tell(record_property, "one process with SQLite", accepted, receiver[0])
