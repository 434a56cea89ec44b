"""The distributed set-up as it runs: web processes over HTTP with PostgreSQL, workers on Redis; real processes.

Clients, servers, workers and the database share the cores of this machine, so N processes show what the product
costs them all together, not what a bigger machine would do.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import func, select

from engine.commands import AddToken
from engine.model import SYSTEM, Hint
from engine.store.cases import HumanTaskRow, JobRow
from engine.store.session import make_engine
from tests.benchmarks.models import ANSWER, SCHEMA, STEPS
from tests.benchmarks.places import postgres
from tests.integration.diagrams import chain, diagram, end, service, start, user
from tests.integration.office import Office
from tests.machine import free_port, reachable
from web.migrations import upgrade
from web.worker import DELIVER, make_celery

TOKEN = "bench"  # of a database that lives for a minute
CASES, CLIENTS, JOBS = 60, 6, 1_000
FORMS = diagram(
    start(), *(user(step, 'form="answer" group="office"') for step in STEPS), end(), chain("s", *STEPS, "e")
)
AGENDA = """
key = "forms"
title = {cs = "Formuláře", en = "Forms"}
summary = {cs = "Deset úkolů.", en = "Ten tasks."}
[groups.office]
cs = "Úřad"
en = "Office"
"""
MAIL = diagram(
    start(),
    service("send", "mail.send", to='"jana@example.cz"', subject='"Zpráva"', text='"Dobrý den"'),
    end(),
    chain("s", "send", "e"),
    process="mail",
)


def main() -> None:
    broker = os.environ.get("RADNICE_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
    with postgres() as url, tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        environment = {**os.environ, "RADNICE_DATABASE_URL": url, "RADNICE_VAR": folder, "RADNICE_BROKER_URL": broker}
        database = make_engine(url)
        upgrade(database)
        office = Office(database)
        try:
            found(office)
            print("Over HTTP, PostgreSQL: POST /human-tasks/{id}/complete with its form, every task another request")
            for processes in (1, 2):
                print(f"  {processes} web, {CLIENTS} clients {over_http(office, environment, processes):9.0f} a second")
            print("Workers on Redis: mails written to files, each job claimed, done, reported")
            for processes in (1, 2):
                print(f"  {processes} × 4 threads {by_workers(office, environment, processes):9.0f} a second")
        finally:
            office.close()


def found(office: Office) -> None:
    files = {"forms/answer.json": json.dumps(SCHEMA).encode(), "agenda.toml": AGENDA.encode()}
    office.deploy(FORMS, agenda="forms", files=files)
    office.deploy(MAIL, agenda="mail")
    office.add_person("jana", "office")
    office.do(AddToken, SYSTEM, username="jana", token_hash=hashlib.sha256(TOKEN.encode()).hexdigest())


# --- HTTP ------------------------------------------------------------------------------------------------------------


def over_http(office: Office, environment: dict[str, str], processes: int) -> float:
    """Completions a second by several clients, each with its cases."""
    ports = [free_port() for _ in range(processes)]
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(running(environment, "serve", "--no-worker", "--port", str(port)))
        for port in ports:
            wait_for(port)
            ask(HTTPConnection("127.0.0.1", port), "GET", "/api/v1/process-definitions")
        cases = [office.start("p").instance_id for _ in range(CASES)]
        shares = [(ports[client % processes], cases[client::CLIENTS]) for client in range(CLIENTS)]
        begin = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            done = sum(pool.map(lambda share: complete_all(office, *share), shares))
        return done / (time.perf_counter() - begin)


def complete_all(office: Office, port: int, cases: Sequence[str]) -> int:
    connection = HTTPConnection("127.0.0.1", port)
    done = 0
    for _ in STEPS:
        for task_id in open_tasks(office, cases):
            ask(connection, "POST", f"/api/v1/human-tasks/{task_id}/complete", {"data": ANSWER})
            done += 1
    return done


def ask(connection: HTTPConnection, method: str, path: str, body: object = None) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status < 300, f"{answer.status} {text[:300]!r}"


def open_tasks(office: Office, cases: Sequence[str]) -> Sequence[str]:
    statement = select(HumanTaskRow.id).where(HumanTaskRow.instance_id.in_(cases), HumanTaskRow.state == "open")
    with office.everything.connect() as connection:
        return connection.execute(statement).scalars().all()


def wait_for(port: int) -> None:
    while not reachable(port):
        time.sleep(0.05)


# --- workers ---------------------------------------------------------------------------------------------------------


def by_workers(office: Office, environment: dict[str, str], processes: int) -> float:
    """Jobs a second from the first that is done to the last; all are there and hinted before a worker starts."""
    office.hints.clear()
    for _ in range(JOBS):
        office.start("mail")
    hint(environment["RADNICE_BROKER_URL"], office.hints)
    before = done_jobs(office)
    with ExitStack() as stack:
        for _ in range(processes):
            stack.enter_context(running(environment, "worker", "--concurrency", "4"))
        while done_jobs(office) == before:
            time.sleep(0.02)
        begin, at_begin = time.perf_counter(), done_jobs(office)
        while (now_done := done_jobs(office)) < before + JOBS:
            time.sleep(0.05)
        return (now_done - at_begin) / (time.perf_counter() - begin)


def hint(broker: str, hints: Sequence[Hint]) -> None:
    app = make_celery(broker)
    for one in hints:
        app.send_task(DELIVER, [one.id])


def done_jobs(office: Office) -> int:
    statement = select(func.count()).where(JobRow.state == "done")
    with office.everything.connect() as connection:
        return int(connection.execute(statement).scalar_one())


@contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator[None]:
    command = [sys.executable, "-c", "from web.cli import main; main()", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
