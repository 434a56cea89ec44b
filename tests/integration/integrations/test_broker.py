"""The distributed set-up: web, worker and beat as processes of their own, hints through Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.integration.integrations.test_worker import WELCOME
from tests.integration.integrations.town import deploy, installation, process, start, status, until
from web.bootstrap import Parts
from web.worker import connect_hints, start_embedded

RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"
#: Seconds for a process to start on a busy machine and do its work.
PATIENCE = 120
PROCESS = """
import sys
from pathlib import Path
from tests.integration.integrations.town import a_setting
from web import worker
from web.bootstrap import bootstrap

parts = bootstrap(a_setting(Path(sys.argv[2]), sys.argv[3], broker_url=sys.argv[4]))
getattr(worker, sys.argv[1])(parts)
"""


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with machine.redis() as url:
        if url is None:
            if os.environ.get("CI") == "true":
                pytest.fail("Redis is not reachable (RADNICE_TEST_REDIS_URL)")
            pytest.skip("Redis is not reachable (RADNICE_TEST_REDIS_URL)")
        # A database of its own, so that hints of another run don't come here.
        yield url.rsplit("/", 1)[0] + "/9"


@pytest.fixture
def parts(tmp_path: Path, database_url: str, redis_url: str) -> Iterator[Parts]:
    made = installation(tmp_path, database_url, broker_url=redis_url)
    deploy(made, process(WELCOME))
    yield made
    made.database.dispose()


def begin(role: str, parts: Parts) -> subprocess.Popen[bytes]:
    settings = parts.settings
    arguments = [role, str(settings.var), settings.database_url, settings.broker_url]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    return subprocess.Popen([sys.executable, "-c", PROCESS, *arguments], env=environment)


def end(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=20)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_worker_and_beat_of_their_own_hear_of_work_find_what_they_did_not_hear_of_and_stop_politely(
    parts: Parts,
) -> None:
    connect_hints(parts)
    worker = begin("run_worker", parts)
    try:
        told = start(parts)
        until(lambda: status(parts, told) == "completed", PATIENCE)
        parts.hints.listener = None
        untold = start(parts)
        beat = begin("run_beat", parts)
        try:
            until(lambda: status(parts, untold) == "completed", PATIENCE)
        finally:
            assert end(beat) == 0
    finally:
        assert end(worker) == 0
    assert len(list((parts.settings.var / "mail").glob("*.eml"))) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_embedded_worker_can_lean_on_rabbitmq_as_well(tmp_path: Path, database_url: str) -> None:
    url = os.environ.get("RADNICE_TEST_RABBITMQ_URL") or (RABBITMQ if machine.reachable(5672) else None)
    if url is None:
        pytest.skip("RabbitMQ is not reachable (RADNICE_TEST_RABBITMQ_URL)")
    parts = installation(tmp_path, database_url, broker_url=url)
    deploy(parts, process(WELCOME))
    stop = start_embedded(parts)
    try:
        instance = start(parts)
        until(lambda: status(parts, instance) == "completed", PATIENCE)
    finally:
        stop()
    parts.database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broker_that_is_away_costs_no_case(tmp_path: Path, database_url: str) -> None:
    parts = installation(tmp_path, database_url, broker_url=f"redis://127.0.0.1:{machine.free_port()}/0")
    deploy(parts, process(WELCOME))
    connect_hints(parts)
    instance = start(parts)
    assert status(parts, instance) == "running"
    assert parts.engine.due(10).job_ids
    parts.database.dispose()
