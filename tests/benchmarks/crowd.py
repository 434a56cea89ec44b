"""A completion and a page of the inbox while 10 … 100,000 other cases stand open in the same database.

The other cases are copies of one that was started like any other: a row of the case and one of its task, which is what
lists and locks meet.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

from engine.ids import new_id
from engine.queries.inbox import Wanted, inbox
from engine.store.base import table_of
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.session import make_engine, read_sessions
from tests.benchmarks.models import TEN_TASKS
from tests.benchmarks.ours import complete
from tests.benchmarks.places import databases
from tests.integration.office import JANA, Office
from web.migrations import upgrade

CROWDS = (10, 1_000, 10_000, 100_000)
CASES = 12
AT_ONCE = 2_000


def main() -> None:
    print("Open cases beside: a completion, a page of 50 of the inbox with its counts (ms, the middle of many)")
    for name, place in databases():
        with place as url:
            measure(name, url)


def measure(name: str, url: str) -> None:
    database = make_engine(url)
    upgrade(database)
    office = Office(database)
    try:
        office.deploy(TEN_TASKS, agenda="ten")
        sample = office.start("p").instance_id
        standing = 0
        for crowd in CROWDS:
            stand_beside(office, sample, crowd - standing)
            standing = crowd
            print(f"  {name:<11} {crowd:8,} open {completion(office):9.2f} {page(office):9.1f}", flush=True)
    finally:
        office.close()


def completion(office: Office) -> float:
    cases = [office.start("p").instance_id for _ in range(CASES)]
    return median(complete(office, case) for _ in range(9) for case in cases) * 1000


def page(office: Office) -> float:
    taken = []
    for _ in range(7):
        with read_sessions(office.database, office.tenant)() as session:
            begin = perf_counter()
            inbox(session, office.tenant, JANA, Wanted(view="all"), office.clock.now())
            taken.append(perf_counter() - begin)
    return median(taken) * 1000


def stand_beside(office: Office, sample: str, count: int) -> None:
    with office.everything.begin() as connection:
        case = one(connection, table_of(InstanceRow), id=sample)
        task = one(connection, table_of(HumanTaskRow), instance_id=sample)
        for begin in range(0, count, AT_ONCE):
            ids = [new_id() for _ in range(min(AT_ONCE, count - begin))]
            cases = [case | {"id": each, "business_key": f"KOPIE-{each}"} for each in ids]
            tasks = [task | {"id": new_id(), "instance_id": each} for each in ids]
            connection.execute(insert(table_of(InstanceRow)), cases)
            connection.execute(insert(table_of(HumanTaskRow)), tasks)
        connection.execute(text("ANALYZE"))


def one(connection: Connection, table: Table, **where: Any) -> dict[str, Any]:
    statement = select(table).filter_by(**where)
    return dict(connection.execute(statement).mappings().one())
