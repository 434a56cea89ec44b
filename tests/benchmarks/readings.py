"""1,000,000 readings: 115 meters read every hour for a year, sent in batches as devices send them; then charted.

How the rate grows is told by tenths: the last one is stored beside nine tenths of a million.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

from sqlalchemy import func, select

from engine.commands import AppendRows, SaveRecord
from engine.model import SYSTEM, Json
from engine.queries.figures import figures
from engine.queries.questions import Question
from engine.store.series import SeriesRow
from engine.store.session import TENANT, make_engine, read_sessions
from tests.benchmarks.places import databases
from tests.integration.casework.office import Office
from web.migrations import upgrade

READINGS = int(os.environ.get("RADNICE_BENCH_READINGS", "1000000"))
METERS, BATCH, TENTHS = 115, 5_000, 10
START = datetime(2025, 1, 1, tzinfo=UTC)
_TEXT: Json = {"type": "string"}
_RIGHTS: Json = {"read": ["secretariat"], "write": ["secretariat"]}
FILES: dict[str, Json] = {
    "meters": {
        "key": "meters",
        "title": {"cs": "Měřidla"},
        "schema": {"type": "object", "properties": {"serial": _TEXT, "town": _TEXT}},
        "unique": [["serial"]],
        "search": ["serial"],
        "rights": _RIGHTS,
    },
    "readings": {
        "key": "readings",
        "title": {"cs": "Odečty"},
        "schema": {
            "type": "object",
            "required": ["meter", "at", "counter"],
            "properties": {"meter": _TEXT, "at": _TEXT, "counter": {"type": "number"}, "source": _TEXT},
        },
        "rights": _RIGHTS,
        "series": True,
        "rows": {"under": "meters", "by": "meter", "time": "at", "value": "counter", "jump": 5},
    },
}


def main() -> None:
    """Print the figures."""
    print(f"{READINGS:,} readings of {METERS} meters in batches of {BATCH:,}")
    for name, place in databases():
        with place as url:
            measure(name, url)


def measure(name: str, url: str) -> None:
    """Store, then chart, on one database."""
    database = make_engine(url)
    upgrade(database)
    office = Office(database)
    office.deploy({f"registers/{key}.json": json.dumps(one).encode() for key, one in FILES.items()})
    office.clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    for number in range(METERS):
        data = {"serial": f"E-{number}", "town": f"Obec {number % 10}"}
        office.engine.execute(SaveRecord(tenant=office.home, actor=SYSTEM, register="meters", data=data))
    spent, stored, rates = 0.0, 0, []
    for batch in _batches():
        begun = perf_counter()
        fates = office.engine.execute(
            AppendRows(tenant=office.home, actor=SYSTEM, register="readings", rows=batch, sent_by="bench")
        )
        spent += perf_counter() - begun
        assert all(fate.status == "accepted" for fate in fates)
        stored += len(batch)
        if stored * TENTHS // READINGS > len(rates):
            rates.append(stored / spent if not rates else READINGS / TENTHS / spent)
            spent = 0.0
    print(f"  {name}: stored a second, by tenths: {', '.join(f'{rate:,.0f}' for rate in rates)}")
    with read_sessions(database)(info={TENANT: office.home}) as session:
        assert session.scalar(select(func.count()).select_from(SeriesRow)) == READINGS
        for split in ("", "town"):
            question = Question(
                source="rows", name="readings", aggregate="sum", of="total", by="period", by_span="month", split=split
            )
            begun = perf_counter()
            answer = figures(session, office.home, "fees", question, office.clock.now(), SYSTEM)
            took = (perf_counter() - begun) * 1000
            print(
                f"  {name}: {len(answer.figures)} figures by month{' and ' + split if split else ''} in {took:.0f} ms"
            )
    database.dispose()


def _batches() -> Iterator[list[Json]]:
    """Readings as they come: hour after hour, of all meters."""
    batch: list[Json] = []
    for number in range(READINGS):
        hour, meter = divmod(number, METERS)
        at = (START + timedelta(hours=hour)).isoformat()
        batch.append({"meter": f"E-{meter}", "at": at, "counter": hour * 2 + hour % 3, "source": "http"})
        if len(batch) == BATCH or number == READINGS - 1:
            yield batch
            batch = []


if __name__ == "__main__":
    main()
