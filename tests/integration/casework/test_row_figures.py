"""Figures of rows in time: in one unit by factors of their days, shared out among buildings, for who may read all."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands import AppendRows, SaveRecord
from engine.errors import NotAllowed
from engine.model import SYSTEM, Actor, Json
from engine.queries.figures import figures, may_ask
from engine.queries.questions import Question
from engine.registering import LinkRecords, UnlinkRecords
from processes.catalogue import load
from tests.integration.casework.office import Office

MANAGER = Actor(kind="person", username="energetik", groups=frozenset({"energy"}))
SHARED = {"by": "through", "split": "kind", "of": "converted"}


def keep(office: Office, register: str, **data: Json) -> str:
    return office.engine.execute(SaveRecord(tenant=office.home, actor=SYSTEM, register=register, data=data))


def tie(office: Office, point: str, building: str, share: float) -> None:
    facts: dict[str, Any] = {"register": "supply_points", "name": "buildings", "record_id": point}
    data = {"share_percent": share}
    office.engine.execute(LinkRecords(tenant=office.home, actor=SYSTEM, other_id=building, data=data, **facts))


def send(office: Office, meter: str, *read: tuple[str, int]) -> None:
    rows = [{"meter": meter, "at": at, "counter": counter} for at, counter in read]
    office.engine.execute(AppendRows(tenant=office.home, actor=SYSTEM, register="readings", rows=rows))


@pytest.fixture
def boiler(office: Office) -> dict[str, str]:
    """A boiler room on gas for a school and a kindergarten, and a meter that belongs to no supply point."""
    agenda = load("energy")
    office.deploy({path: content for path, content in agenda.files.items() if path.startswith("registers/")})
    made = {name: keep(office, "buildings", code=name, name=name, town="Lhota") for name in ("Škola", "Školka")}
    point = keep(office, "supply_points", number="27ZG", kind="gas")
    tie(office, point, made["Škola"], 75)
    tie(office, point, made["Školka"], 25)
    keep(office, "meters", serial="G", point="27ZG", kind="gas", state="active", town="Lhota")
    keep(office, "meters", serial="E", kind="electricity", state="active", town="Lhota")
    send(office, "G", ("2026-01-01", 0), ("2026-01-31", 300), ("2026-02-10", 400))
    send(office, "E", ("2026-01-01", 0), ("2026-01-11", 50))
    return made | {"point": point}


def asked(office: Office, actor: Actor = MANAGER, **question: Any) -> dict[tuple[str | None, str | None], float | None]:
    with office.read() as session:
        whole = Question(**{"source": "rows", "name": "readings", "aggregate": "sum", **question})
        found = figures(session, office.home, "energy", whole, office.clock.now(), actor)
        return {(one.group, one.part): one.value and round(one.value, 3) for one in found.figures}


def test_what_is_shared_is_divided_by_its_shares_and_what_is_nobodys_stays_apart(
    office: Office, boiler: dict[str, str]
) -> None:
    assert asked(office, by="through", split="kind", of="total") == {
        ("Škola, Lhota", "gas"): 300,
        ("Školka, Lhota", "gas"): 100,
        (None, "electricity"): 50,
    }


def test_cubic_metres_become_kilowatt_hours_by_the_factor_of_their_day(office: Office, boiler: dict[str, str]) -> None:
    assert asked(office, by="kind", of="converted")["gas", None] == 400
    keep(office, "conversions", kind="gas", valid_from="2026-01-01", calorific_value=10)
    assert asked(office, by="kind", of="converted")["gas", None] == 4000
    keep(office, "conversions", kind="gas", valid_from="2026-02-06", calorific_value=11, coefficient=0.5)
    assert asked(office, **SHARED) == {
        ("Škola, Lhota", "gas"): round(0.75 * total_of_february(), 3),
        ("Školka, Lhota", "gas"): round(0.25 * total_of_february(), 3),
        (None, "electricity"): 50,
    }
    assert asked(office, by="period", by_span="year", of="converted", where={"kind": "gas"}) == {
        ("2026", None): round(total_of_february(), 3)
    }


def total_of_february() -> float:
    """300 m³ to the end of January, ten a day to the ninth of February; the factor changes on the sixth."""
    return (300 + 60) * 10 + 40 * 11 * 0.5


def test_a_share_that_was_ended_counts_no_more(office: Office, boiler: dict[str, str]) -> None:
    facts: dict[str, Any] = {"register": "supply_points", "name": "buildings", "record_id": boiler["point"]}
    office.engine.execute(UnlinkRecords(tenant=office.home, actor=SYSTEM, other_id=boiler["Školka"], **facts))
    tie(office, boiler["point"], boiler["Škola"], 100)
    assert asked(office, by="through", of="total", where={"kind": ["gas", "water"]}) == {("Škola, Lhota", None): 400}


def test_who_may_not_read_all_of_it_gets_no_answer(office: Office, boiler: dict[str, str]) -> None:
    stranger = Actor(kind="person", username="x", groups=frozenset({"secretariat"}))
    question = Question(source="rows", name="readings", aggregate="sum", of="total", by="through")
    with office.read() as session:
        assert may_ask(session, office.home, question, MANAGER)
        assert not may_ask(session, office.home, question, stranger)
    with pytest.raises(NotAllowed):
        asked(office, stranger, by="through", of="total")
