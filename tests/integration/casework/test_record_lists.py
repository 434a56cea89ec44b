"""Long lists of records: sorted by what values are, turned both ways, and no word about what isn't seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.commands import DeleteRecord, SaveRecord
from engine.errors import Invalid, NotAllowed
from engine.model import Actor, Json
from engine.queries import record_lists
from engine.queries.record_lists import Asked, Listed
from tests.integration.casework.agenda import MEMBERS
from tests.integration.casework.office import SECRETARY, TREASURER, Office

KEPT: dict[str, Any] = dict(MEMBERS)
SHAPE = KEPT["schema"]
INDEXED: dict[str, Any] = {
    **KEPT,
    "index": ["inhabitants", "phone", "since"],
    "schema": {
        **SHAPE,
        "properties": {**SHAPE["properties"], "kind": {"type": "string", "enum": ["město", "obec"]}},
    },
}
TOWNS = [
    ("Aš", 13_000, "město"),
    ("Bor", 4_500, "město"),
    ("Cvrčovice", 800, "obec"),
    ("Dno", -5, "obec"),
    ("Ei", None, "obec"),
]


@pytest.fixture
def towns(office: Office) -> Office:
    office.deploy({"registers/members.json": json.dumps(INDEXED).encode()})
    for number, (name, inhabitants, kind) in enumerate(TOWNS):
        data: dict[str, Json] = {"ico": f"{number:08}", "name": name, "kind": kind, "phone": str(number)}
        if inhabitants is not None:
            data["inhabitants"] = inhabitants
        office.engine.execute(SaveRecord(tenant=office.home, actor=SECRETARY, register="members", data=data))
    return office


def listed(office: Office, asked: Asked, actor: Actor = SECRETARY) -> Listed:
    with office.read() as session:
        return record_lists.listed(session, record_lists.staff_view(session, office.home, "members", actor), asked)


def names(found: Listed) -> list[Json]:
    return [one.data["name"] for one in found.items]


def turned(office: Office, asked: Asked) -> Iterator[list[Json]]:
    while True:
        found = listed(office, asked)
        yield names(found)
        if not found.next:
            return
        asked = replace(asked, after=found.next)


def test_numbers_sort_by_size_and_nothing_is_first(towns: Office) -> None:
    assert names(listed(towns, Asked(sort="inhabitants"))) == ["Ei", "Dno", "Cvrčovice", "Bor", "Aš"]
    assert names(listed(towns, Asked(sort="-inhabitants"))) == ["Aš", "Bor", "Cvrčovice", "Dno", "Ei"]


@pytest.mark.parametrize("sort", ["", "-", "inhabitants", "-inhabitants", "changed_at", "-changed_at"])
def test_a_list_is_turned_without_a_gap_and_back_again(towns: Office, sort: str) -> None:
    whole = names(listed(towns, Asked(sort=sort)))
    assert len(whole) == 5
    assert list(turned(towns, Asked(sort=sort, size=2))) == [whole[:2], whole[2:4], whole[4:]]
    second = listed(towns, Asked(sort=sort, size=2, after=listed(towns, Asked(sort=sort, size=2)).next))
    first = listed(towns, Asked(sort=sort, size=2, before=second.previous))
    assert names(first) == whole[:2]
    assert first.previous == "" and first.next


def test_a_list_is_narrowed_by_values_and_ranges_and_counted(towns: Office) -> None:
    assert names(listed(towns, Asked(between={"inhabitants": (800, 5000)}))) == ["Bor", "Cvrčovice"]
    assert names(listed(towns, Asked(between={"inhabitants": (None, 0)}))) == ["Dno"]
    both = Asked(among={"kind": ["město"]}, q="as")
    assert names(listed(towns, both)) == ["Aš"]
    with towns.read() as session:
        view = record_lists.staff_view(session, towns.home, "members", SECRETARY)
        counts = {one.field: dict(one.counts) for one in record_lists.facets(session, view, both)}
    # As if no kind were chosen.
    assert counts["kind"] == {"město": 1}


def test_a_field_that_is_not_seen_neither_narrows_nor_sorts(towns: Office) -> None:
    for asked in (Asked(sort="phone"), Asked(among={"phone": ["1"]}), Asked(between={"phone": ("1", None)})):
        assert listed(towns, asked).total
        with pytest.raises(NotAllowed):
            listed(towns, asked, TREASURER)


def test_what_is_not_indexed_does_not_sort(towns: Office) -> None:
    with pytest.raises(NotAllowed):
        listed(towns, Asked(sort="ico"))


@pytest.mark.parametrize("cursor", ["x", "[]", '["a"]', "[1, 2]", '{"a": 1}', '["a", "b", "c"]'])
def test_a_broken_cursor_is_refused(towns: Office, cursor: str) -> None:
    with pytest.raises(Invalid):
        listed(towns, Asked(after=cursor))


def test_a_record_that_was_taken_out_is_in_no_list_and_no_count(towns: Office) -> None:
    record = listed(towns, Asked(q="bor")).items[0]
    towns.engine.execute(
        DeleteRecord(tenant=towns.home, actor=SECRETARY, register="members", record_id=record.id, reason="zanikla")
    )
    assert "Bor" not in names(listed(towns, Asked(sort="inhabitants")))
    with towns.read() as session:
        view = record_lists.staff_view(session, towns.home, "members", SECRETARY)
        (kinds,) = record_lists.facets(session, view, Asked(), ["kind"])
        everything = [one.data["name"] for one in record_lists.everything(session, view, Asked(sort="-"))]
    assert dict(kinds.counts) == {"město": 1, "obec": 3}
    assert everything == ["Ei", "Dno", "Cvrčovice", "Aš"]
