"""5,000 timers due in the same minute, fired by one worker and by several: how many a second, each exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import perf_counter

from sqlalchemy import func, select

from engine.store.cases import HistoryRow
from engine.store.session import make_engine
from tests.benchmarks.places import databases
from tests.integration.diagrams import catch, chain, diagram, end, start, timer
from tests.integration.office import Office
from web.migrations import upgrade

TIMERS = 5_000
WORKERS = (1, 4)
WAITING = diagram(start(), catch("wait", timer("PT1M")), end(), chain("s", "wait", "e"))


def main() -> None:
    print(f"{TIMERS:,} timers of one minute: fired a second")
    for name, place in databases():
        with place as url:
            measure(name, url)


def measure(name: str, url: str) -> None:
    database = make_engine(url)
    upgrade(database)
    office = Office(database)
    try:
        office.deploy(WAITING, agenda="waiting")
        for workers in WORKERS:
            for _ in range(TIMERS // len(WORKERS)):
                office.start("p")
            office.pass_time(timedelta(minutes=2))
            before, seconds = fired(office), drained(office, workers)
            once = fired(office) - before
            print(f"  {name:<11} {workers} at once {once / seconds:9.0f} a second, {once:,} fired", flush=True)
    finally:
        office.close()


def drained(office: Office, workers: int) -> float:
    """Fire what is due until nothing is; gives the seconds."""
    begin = perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        while due := office.engine.due(limit=500).timer_ids:
            for batch in [pool.submit(fire_all, office, due[offset::workers]) for offset in range(workers)]:
                batch.result()
    return perf_counter() - begin


def fire_all(office: Office, timers: Sequence[str]) -> None:
    for timer_id in timers:
        office.engine.fire(timer_id)


def fired(office: Office) -> int:
    """How often the event was passed, says the history."""
    statement = select(func.count()).where(HistoryRow.kind == "passed", HistoryRow.node == "wait")
    with office.everything.connect() as connection:
        return int(connection.execute(statement).scalar_one())
