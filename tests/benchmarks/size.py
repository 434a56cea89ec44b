"""What a finished case of five tasks takes in the database, its whole history and all indexes with it."""

from __future__ import annotations

from sqlalchemy import Engine as Database
from sqlalchemy import inspect, text

from engine.store.session import make_engine
from tests.benchmarks.models import FIVE_TASKS
from tests.benchmarks.ours import complete
from tests.benchmarks.places import databases
from tests.integration.office import Office
from web.migrations import upgrade

#: Enough for whole pages to count little.
CASES = 400
TASKS = 5


def main() -> None:
    print(f"Bytes of a finished case of {TASKS} tasks, each with a form of four fields, history and indexes included")
    for name, database in databases():
        with database as url:
            measure(name, make_engine(url))


def measure(name: str, database: Database) -> None:
    upgrade(database)
    office = Office(database)
    office.deploy(FIVE_TASKS, agenda="five")
    before = sizes(database)
    for _ in range(CASES):
        case = office.start("p").instance_id
        for _ in range(TASKS):
            complete(office, case)
    grown = {table: (size - before[table]) / CASES for table, size in sizes(database).items()}
    office.close()
    parts = ", ".join(f"{table} {size:,.0f}" for table, size in sorted(grown.items(), key=lambda e: -e[1]) if size > 1)
    print(f"  {name:<11} {sum(grown.values()):9,.0f}   {parts}", flush=True)


def sizes(database: Database) -> dict[str, int]:
    """Give the bytes of each table with its indexes."""
    with database.connect() as connection:
        if database.dialect.name == "sqlite":
            pages = "SELECT m.tbl_name, SUM(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY 1"
            return {table: size for table, size in connection.execute(text(pages))}
        total = text("SELECT pg_total_relation_size(CAST(:table AS regclass))")
        tables = inspect(connection).get_table_names()
        return {table: connection.execute(total, {"table": table}).scalar_one() for table in tables}
