"""`make bench`: completions per second with everything durable, beside two yardsticks, in one run.

ours   the form validated, then one command: state restored, moved, saved; rows, history; committed
bare   the same rows written by the driver in one transaction, nothing read, nothing decided
stock  SpiffWorkflow as it comes: its JSON restored, moved by one task, saved; no history, no lists, no locks
All three take turns on the same database, so what else the machine does hits them alike. Figures are medians.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median

from sqlalchemy.exc import OperationalError

from engine.store.session import make_engine
from tests.benchmarks.bare import Bare
from tests.benchmarks.models import LOOP, TEN_TASKS
from tests.benchmarks.ours import complete, watched
from tests.benchmarks.stock import Stock
from tests.integration.conftest import run_on_server, server
from tests.integration.office import Office
from web.migrations import upgrade

ROUNDS = int(os.environ.get("RADNICE_BENCH_ROUNDS", "200"))
OLD = int(os.environ.get("RADNICE_BENCH_OLD", "2000"))
#: Stock SpiffWorkflow stops without a word when its task tree is 1,000 deep.
STOCK_STOPS = 333


@dataclass(frozen=True)
class Figures:
    """Seconds of one completion, in the middle of many."""

    name: str
    database: str
    ours: float
    bare: float
    stock: float | None

    def line(self) -> str:
        stock = f"{1 / self.stock:8.0f} {self.stock / self.ours:11.1f}x" if self.stock else f"{'stopped':>8} {'–':>12}"
        rates = f"{1 / self.ours:8.0f} {1 / self.bare:8.0f} {self.ours / self.bare:11.2f}x"
        return f"{self.name:<22} {self.database:<11} {rates} {stock}"


def main() -> int:
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load {os.getloadavg()[0]:.1f}; {ROUNDS} completions each\n")
    print(f"{'':<22} {'':<11} {'ours/s':>8} {'bare/s':>8} {'ours : bare':>12} {'stock/s':>8} {'stock : ours':>12}")
    for name, database in databases():
        with database as url:
            figures = measure(name, url)
        growth = figures[-1].ours / figures[-2].ours
        print(f"{'':<22} {name:<11} round {OLD:,} costs {growth:.2f}x of round 10\n")
    return 0


def databases() -> Iterator[tuple[str, object]]:
    yield "SQLite", sqlite()
    try:
        run_on_server("SELECT 1")
    except OperationalError:
        print("PostgreSQL is not reachable", file=sys.stderr)
    else:
        yield "PostgreSQL", postgres()


@contextmanager
def sqlite() -> Iterator[str]:
    # Beside the sources, not in /tmp: that may be memory, where nothing is durable.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        yield f"sqlite:///{folder}/radnice.db"


@contextmanager
def postgres() -> Iterator[str]:
    name = f"radnice_bench_{os.getpid()}"
    run_on_server(f"CREATE DATABASE {name}")
    try:
        yield server().set(database=name).render_as_string(hide_password=False)
    finally:
        run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


def measure(name: str, url: str) -> list[Figures]:
    database = make_engine(url)
    upgrade(database)
    office = Office(database)
    office.deploy(TEN_TASKS, agenda="ten")
    office.deploy(LOOP, agenda="loop")
    try:
        return [
            shown(ten_tasks(office, name)),
            shown(loop(office, name, 10)),
            shown(loop(office, name, OLD)),
        ]
    finally:
        office.close()


def shown(figures: Figures) -> Figures:
    print(figures.line(), flush=True)
    return figures


def ten_tasks(office: Office, name: str) -> Figures:
    """Each case is completed nine times of ten, so that every completion opens another task."""
    cases = [office.start("p").instance_id for _ in range(ROUNDS // 9 + 2)]
    return compare(office, "10 tasks", name, [case for _ in range(9) for case in cases], (TEN_TASKS, "p", 0))


def loop(office: Office, name: str, age: int) -> Figures:
    """Cases that have gone round `age` times: many young ones, one old one."""
    cases = [office.start("loop").instance_id for _ in range(ROUNDS // 9 + 2 if age < ROUNDS else 2)]
    for case in cases:
        for _ in range(age):
            complete(office, case)
    plan = [case for _ in range(ROUNDS // len(cases)) for case in cases]
    return compare(office, f"loop, round {age:,}", name, plan, (LOOP, "loop", age))


def compare(office: Office, title: str, name: str, plan: list[str], stock: tuple[bytes, str, int]) -> Figures:
    # The yardstick writes into a case of its own.
    sample = watched(office, plan.pop())
    plan = [case for case in plan if case != sample.instance_id]
    ours, bare, theirs = [], [], []
    with ExitStack() as stack:
        yardstick = Bare(office.database)
        stack.callback(yardstick.close)
        next_stock = stock_completions(office, *stock, stack)
        for case in plan:
            ours.append(complete(office, case))
            bare.append(yardstick.write(sample))
            theirs.append(next(next_stock))
    measured = [seconds for seconds in theirs if seconds]
    return Figures(title, name, median(ours), median(bare), median(measured) if measured else None)


def stock_completions(
    office: Office, diagram: bytes, process: str, age: int, stack: ExitStack
) -> Iterator[float | None]:
    """Completions of stock cases at about this age; nothing where it has stopped by then."""
    if age > STOCK_STOPS:
        yield from cycle([None])
    while True:
        case = Stock(office.database, diagram, process)
        with ExitStack() as one:
            one.callback(case.close)
            for _ in range(age):
                case.complete()
            for _ in range(8):
                if (seconds := case.complete()) is not None:
                    yield seconds


if __name__ == "__main__":
    sys.exit(main())
