"""100,000 records of a register: brought in from a table, listed, narrowed, searched, brought once more, taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from engine.model import SYSTEM
from engine.queries import imports, record_lists
from engine.queries.record_lists import Asked
from engine.registering import AskUndo, BeginImport, ChooseColumns, RunImport
from engine.store.session import TENANT
from tests.benchmarks.places import databases
from tests.integration.web.desk import open_office
from web.importing.carrying import carry
from web.stage import MemoryStage

RECORDS = int(os.environ.get("RADNICE_BENCH_RECORDS", "100000"))
COLUMNS = {
    "IČO": "ico",
    "Název": "name",
    "Druh členství": "kind",
    "Členem od": "since",
    "Stav": "state",
    "Počet obyvatel": "inhabitants",
}
KINDS, STATES = ("řádné", "startovací", "přidružené"), ("aktivní", "pozastaveno", "ukončeno")
LISTS = {
    "the first page by name": Asked(),
    "the first page by a number, downwards": Asked(sort="-since"),
    "narrowed by a choice": Asked(among={"kind": ["starter"]}),
    "narrowed by a range of days": Asked(between={"since": ("2020-01-01", "2020-01-31")}),
    "narrowed by both, sorted by the day": Asked(
        among={"state": ["active"]}, between={"since": ("2020-01-01", None)}, sort="since"
    ),
    "a word": Asked(q="obec 77777"),
}
ROUNDS = 5


def main() -> None:
    """Print the figures."""
    print(f"{RECORDS:,} records of six fields, four of them indexed besides the day")
    for name, place in databases():
        with place as url, open_office(url) as (stage, _agenda):
            print(f"{name}:")
            measure(stage)


def measure(stage: MemoryStage) -> None:
    """Bring a table in, look at it, bring it again, take it back."""
    table = "\n".join([";".join(COLUMNS), *rows(), ""]).encode()
    print(f"  the table has {len(table) / 1e6:.1f} MB")
    first = bring(stage, table, "tried, none there yet", "stored")
    look(stage)
    bring(stage, table, "tried again, all of them there")
    stage.engine.execute(AskUndo(tenant=stage.tenant, actor=SYSTEM, import_id=first))
    with told("taken back"):
        carry(stage.parts, stage.tenant, first)


def rows() -> Iterator[str]:
    """Towns with numbers whose check digit is right."""
    for number in range(RECORDS):
        day = f"{number % 28 + 1}. {number % 12 + 1}. {2000 + number % 27}"
        yield ";".join(
            (ico(number), f"Obec {number}", KINDS[number % 3], day, STATES[number // 7 % 3], f"{number % 9000 + 1}")
        )


def ico(number: int) -> str:
    """Seven digits and the eighth that the others give."""
    digits = f"{number:07}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True)) % 11
    return digits + str((11 - rest) % 10)


def bring(stage: MemoryStage, table: bytes, tried: str, stored: str = "") -> str:
    """Import the table; gives the import."""
    at: dict[str, Any] = {"tenant": stage.tenant, "actor": SYSTEM}
    begin = BeginImport(register="members", filename="t.csv", content=table, columns=COLUMNS, **at)
    made = stage.engine.execute(begin)
    stage.engine.execute(ChooseColumns(import_id=made, columns=COLUMNS, mode="replace", **at))
    with told(tried):
        carry(stage.parts, stage.tenant, made)
    with stage.parts.sessions(info={TENANT: stage.tenant}) as session:
        facts = imports.import_by_id(session, stage.tenant, made)
    print(f"    {facts.state} {dict(facts.counts)}")
    if stored:
        stage.engine.execute(RunImport(import_id=made, **at))
        with told(stored):
            carry(stage.parts, stage.tenant, made)
    return made


def look(stage: MemoryStage) -> None:
    """Ask for lists and facets, the quickest of some rounds."""
    with stage.parts.sessions(info={TENANT: stage.tenant}) as session:
        view = record_lists.staff_view(session, stage.tenant, "members", SYSTEM)
        for name, asked in LISTS.items():
            times, counted = [], []
            for _ in range(ROUNDS):
                before = perf_counter()
                found = record_lists.listed(session, view, asked)
                middle = perf_counter()
                record_lists.facets(session, view, asked)
                times.append(middle - before)
                counted.append(perf_counter() - middle)
                session.expunge_all()
            print(f"  {name}: {min(times) * 1000:.0f} ms for {found.total:,}, facets {min(counted) * 1000:.0f} ms")


@contextmanager
def told(what: str) -> Iterator[None]:
    """Print how long it took."""
    before = perf_counter()
    yield
    took = perf_counter() - before
    print(f"  {what}: {took:.1f} s, {RECORDS / took:,.0f} rows a second; load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
