"""Completions per second with everything durable, beside two yardsticks, in one run.

ours   the form validated, then one command: state restored, moved, saved; rows, history; committed
bare   the same rows written by the driver in one transaction, nothing read, nothing decided; statement by statement,
       and for PostgreSQL sent at once besides
stock  SpiffWorkflow as it comes: its JSON restored, moved by one task, saved; no history, no lists, no locks
Ours and bare take turns on the same database, so what else the machine does hits them alike. Figures are medians.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median

from engine.store.session import make_engine
from tests.benchmarks.bare import Bare, OpenCase, Written
from tests.benchmarks.models import LOOP, TEN_TASKS, many_items
from tests.benchmarks.ours import complete, open_task, watched
from tests.benchmarks.places import databases
from tests.benchmarks.stock import Stock
from tests.integration.office import Office
from web.migrations import upgrade

ITEMS = (10, 1_000)
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
    #: PostgreSQL: the bare statements sent together, as ours are.
    at_once: float | None
    stock: float | None

    def line(self) -> str:
        stock = f"{1 / self.stock:8.0f} {self.stock / self.ours:11.1f}x" if self.stock else f"{'stopped':>8} {'–':>12}"
        at_once = f"{self.ours / self.at_once:8.2f}x" if self.at_once else f"{'–':>9}"
        rates = f"{1 / self.ours:8.0f} {1 / self.bare:8.0f} {self.ours / self.bare:11.2f}x {at_once}"
        return f"{self.name:<22} {self.database:<11} {rates} {stock}"


def main() -> None:
    print(f"{ROUNDS} completions each")
    print(
        f"{'':<34} {'ours/s':>8} {'bare/s':>8} {'ours : bare':>12} {'at once':>9} {'stock/s':>8} {'stock : ours':>12}"
    )
    for name, database in databases():
        with database as url:
            measure(name, url)


def measure(name: str, url: str) -> None:
    database = make_engine(url)
    upgrade(database)
    office = Office(database)
    office.deploy(TEN_TASKS, agenda="ten")
    office.deploy(LOOP, agenda="loop")
    for count in ITEMS:
        office.deploy(many_items(count, f"items{count}"), agenda=f"items{count}")
    try:
        print(ten_tasks(office, name).line(), flush=True)
        young, old = loops(office, name)
        print(f"{young.line()}\n{old.line()}")
        print(f"{'':<22} {name:<11} round {OLD:,} costs {old.ours / young.ours:.2f}x of round 10")
        few, many = items(office)
        words = f"1 of {ITEMS[1]:,} open items costs {many / few:.2f}x of 1 of {ITEMS[0]}"
        print(f"{'':<22} {name:<11} {words}\n", flush=True)
    finally:
        office.close()


def ten_tasks(office: Office, name: str) -> Figures:
    """Each case is completed nine times of ten, so that every completion opens another task."""
    cases = [office.start("p").instance_id for _ in range(ROUNDS // 9 + 2)]
    sample = watched(office, cases.pop())
    plan = [(case,) for _ in range(9) for case in cases]
    yardsticks = bares(office, sample, [office.start("p").instance_id for _ in cases])
    ((ours,), (bare, at_once)), stock = compare(office, yardsticks, plan), stock_seconds(office, TEN_TASKS, "p", 0)
    return Figures("10 tasks", name, ours, bare, at_once, stock)


def loops(office: Office, name: str) -> tuple[Figures, Figures]:
    """Young cases and an old one take turns."""
    young = [aged(office, 10) for _ in range(ROUNDS // 9 + 2)]
    sample, old = watched(office, young.pop()), aged(office, OLD)
    plan = [(case, old) for _ in range(9) for case in young]
    yardsticks = bares(office, sample, [office.start("loop").instance_id for _ in young])
    (of_young, of_old), (bare, at_once) = compare(office, yardsticks, plan)
    stock_young, stock_old = (stock_seconds(office, LOOP, "loop", age) for age in (10, OLD))
    return (
        Figures("loop, round 10", name, of_young, bare, at_once, stock_young),
        Figures(f"loop, round {OLD:,}", name, of_old, bare, at_once, stock_old),
    )


def items(office: Office) -> list[float]:
    """Seconds of one item of few and of one of many; cases take turns, items go in any order."""
    cases = [[office.start(f"items{count}").instance_id for _ in range(ROUNDS // 8 + 1)] for count in ITEMS]
    plan = [pair for pair in zip(*cases, strict=True) for _ in range(8)]
    taken = [tuple(complete(office, case) for case in pair) for pair in plan[:ROUNDS]]
    return [median(column) for column in zip(*taken, strict=True)]


def bares(office: Office, sample: Written, cases: Sequence[str]) -> list[Bare]:
    """The yardstick on cases of its own, and on PostgreSQL another that sends its statements at once."""
    opened = [OpenCase(case, open_task(office, case)) for case in cases]
    if office.database.dialect.name == "sqlite":
        return [Bare(office.database, sample, opened)]
    half = len(opened) // 2
    return [Bare(office.database, sample, opened[:half]), Bare(office.database, sample, opened[half:], at_once=True)]


def aged(office: Office, rounds: int) -> str:
    """A case that has gone round so often."""
    case = office.start("loop").instance_id
    for _ in range(rounds):
        complete(office, case)
    return case


def compare(
    office: Office, yardsticks: Sequence[Bare], plan: Sequence[tuple[str, ...]]
) -> tuple[list[float], tuple[float, float | None]]:
    """Complete the cases of each turn and write by the yardsticks; gives the medians."""
    ours: list[tuple[float, ...]] = []
    bare: list[tuple[float, ...]] = []
    for cases in plan[:ROUNDS]:
        ours.append(tuple(complete(office, case) for case in cases))
        bare.append(tuple(yardstick.write() for yardstick in yardsticks))
    for yardstick in yardsticks:
        yardstick.close()
    one_by_one, *at_once = (median(column) for column in zip(*bare, strict=True))
    return [median(column) for column in zip(*ours, strict=True)], (one_by_one, at_once[0] if at_once else None)


def stock_seconds(office: Office, diagram: bytes, process: str, age: int) -> float | None:
    """The median of stock cases at about this age; None where it has stopped by then."""
    if age > STOCK_STOPS:
        return None
    return median(islice(stock_completions(office, diagram, process, age), ROUNDS // 2))


def stock_completions(office: Office, diagram: bytes, process: str, age: int) -> Iterator[float]:
    while True:
        case = Stock(office.database, diagram, process)
        try:
            for _ in range(age):
                case.complete()
            for _ in range(8):
                seconds = case.complete()
                if seconds is not None:
                    yield seconds
        finally:
            case.close()
