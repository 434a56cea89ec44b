"""Pages of the workplace and a completion beside 1,000,000 finished cases and 100,000 open tasks in PostgreSQL.

`RADNICE_BENCH_CASES=finished,open` makes it smaller; `RADNICE_BENCH_DATABASE` names an empty database that is filled
and stays, or one that was filled before.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from time import perf_counter

import structlog
from flask.testing import FlaskClient
from sqlalchemy import select, text

from engine.calendar import SettableClock
from engine.commands import CompleteHumanTask
from engine.desk import KeepView
from engine.model import Actor
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.wall import everybodys
from tests.benchmarks.many_cases import fill
from tests.benchmarks.models import ANSWER
from tests.benchmarks.places import postgres
from tests.integration.office import MORNING, Office
from web.app import create_app
from web.batches import carry_batches
from web.bootstrap import Parts, bootstrap
from web.limits import limiter
from web.migrations import upgrade
from web.settings import Settings

ROUNDS = 7
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CLERK = Actor(kind="person", username="clerk0", name="Clerk0", groups=frozenset({"g0", "g1"}))
BULK = 100


def main() -> None:
    finished, open_cases = map(int, os.environ.get("RADNICE_BENCH_CASES", "1000000,100000").split(","))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with place() as url:
        parts = bootstrap(Settings(database_url=url, secret_key="bench"), SettableClock(MORNING))
        upgrade(parts.database)
        with everybodys(parts.database).connect() as connection:
            filled = connection.scalar(text("SELECT count(*) FROM tenant"))
        office = Office.__new__(Office) if filled else Office(parts.database)
        if filled:
            office.database, office.everything, office.tenant = parts.database, everybodys(parts.database), "town"
            office.clock, office.engine = SettableClock(MORNING), parts.engine
        else:
            begun = perf_counter()
            fill(parts.database, office, finished=finished, open_cases=open_cases)
            print(f"  filled in {perf_counter() - begun:.0f} s, {size(office)}", flush=True)
            views(office)
        limiter.enabled = False
        app = create_app(replace(parts, settings=replace(parts.settings, default_tenant="town")))
        print(f"Beside {finished:,} finished cases and {open_cases:,} open tasks: milliseconds, the middle of {ROUNDS}")
        for who, of in (("clerk0", "two agendas of ten"), ("boss", "everything")):
            client = signed_in(app.test_client(), who)
            print(f"  {who}, who may see {of}", flush=True)
            for name, path in pages(office):
                told(name, lambda path=path, client=client: read(client, path))
        commands(office, signed_in(app.test_client(), "clerk0"), parts)
        parts.database.dispose()


def pages(office: Office) -> Iterator[tuple[str, str]]:
    """What people open, by name and address."""
    with everybodys(office.database).connect() as connection:
        done = select(InstanceRow.business_key, InstanceRow.applicant_ico).where(
            InstanceRow.status == "completed", InstanceRow.process_key == "p0"
        )
        number, ico = connection.execute(done.order_by(InstanceRow.id.desc()).limit(1)).one()
    yield "inbox, all", "/prace/ukoly?view=all"
    yield "inbox, mine", "/prace/ukoly?view=mine"
    yield "inbox, agenda + group + deadline", "/prace/ukoly?view=all&process=p0&group=g0&due=week"
    yield "inbox, page 100", "/prace/ukoly?view=all&page=100"
    yield "inbox, by the case's deadline", "/prace/ukoly?view=all&sort=legal"
    yield "inbox, newest first", "/prace/ukoly?view=all&sort=opened"
    yield "inbox, applicant by name", "/prace/ukoly?view=all&applicant=sokol+horni+lhota"
    yield "inbox, applicant by number", f"/prace/ukoly?view=all&applicant={ico}"
    yield "inbox, two words", "/prace/ukoly?view=all&q=sokol+lhota"
    yield "counts of five saved views", "/prace/pohledy/pocty"
    yield "cases, newest", "/prace/pripady"
    yield "cases, two words that many have", "/prace/pripady?q=sokol+lhota"
    yield "cases, three rare words", "/prace/pripady?q=sokol+bila+paka+17"
    yield "a case by its number", f"/prace/pripady/{number}"
    yield "its forms", f"/prace/pripady/{number}/formulare"
    yield "its deadlines", f"/prace/pripady/{number}/lhuty"


def commands(office: Office, client: FlaskClient, parts: Parts) -> None:
    """A completion, and as many tasks taken at once as a page may hold."""
    with everybodys(office.database).connect() as connection:
        free = select(HumanTaskRow.id).where(HumanTaskRow.state == "open", HumanTaskRow.candidate_group == "g0")
        ids = list(connection.scalars(free.order_by(HumanTaskRow.due_at).limit(ROUNDS + 2 * BULK)))
    waiting = iter(ids[:ROUNDS])
    told("a completion", lambda: office.do(CompleteHumanTask, CLERK, task_id=next(waiting), data=ANSWER))
    page = client.get("/prace/ukoly?view=groups").text
    token = TOKEN.search(page)
    assert token, page[:300]
    begun = perf_counter()
    answer = client.post(
        "/prace/ukoly/hromadne", data={"csrf_token": token[1], "do": "claim", "task": ids[ROUNDS : ROUNDS + BULK]}
    )
    assert answer.status_code == 303, answer.text
    carry_batches(parts)
    print(f"    {f'{BULK} tasks taken at once':<36} {(perf_counter() - begun) * 1000:9,.0f}", flush=True)


def views(office: Office) -> None:
    lists = (
        {"view": "mine"},
        {"view": "all", "due": "week"},
        {"view": "all", "process": "p0", "sort": "legal"},
        {"view": "groups", "group": "g1"},
        {"view": "overdue", "applicant": "sokol"},
    )
    for who in (CLERK, replace(CLERK, username="boss")):
        for place_of, given in enumerate(lists):
            office.do(KeepView, who, name=f"Pohled {place_of}", given=given)


def told(name: str, act: Callable[[], object]) -> None:
    taken = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        act()
        taken.append(perf_counter() - begun)
    print(f"    {name:<36} {median(taken) * 1000:9,.0f}   worst {max(taken) * 1000:9,.0f}", flush=True)


def read(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def signed_in(client: FlaskClient, username: str) -> FlaskClient:
    token = TOKEN.search(client.get("/prihlaseni").text)
    assert token
    typed = {"csrf_token": token[1], "username": username, "password": username}
    assert client.post("/prihlaseni", data=typed).status_code == 303
    return client


def size(office: Office) -> str:
    with everybodys(office.database).connect() as connection:
        return str(connection.scalar(text("SELECT pg_size_pretty(pg_database_size(current_database()))")))


@contextmanager
def place() -> Iterator[str]:
    """The named database, or one of its own that is dropped afterwards."""
    named = os.environ.get("RADNICE_BENCH_DATABASE", "")
    if named:
        yield named
    else:
        with postgres() as url:
            yield url
