"""Records tied to one another: what the tie says, what it said before, and what ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.commands import DeleteRecord, SaveRecord
from engine.errors import Invalid, NotAllowed, NotFound
from engine.model import Actor, Json
from engine.queries import links, registers
from engine.registering import LinkRecords, UnlinkRecords
from tests.integration.casework.agenda import MEMBERS
from tests.integration.casework.office import SECRETARY, TREASURER, Office

BUILDINGS = {
    "key": "buildings",
    "title": {"cs": "Budovy"},
    "schema": {"type": "object", "properties": {"name": {"type": "string"}}},
    "search": ["name"],
    "unique": ["name"],
    "rights": {"read": ["treasurer", "secretariat"], "write": ["secretariat"]},
}
TIED: dict[str, Any] = {
    **MEMBERS,
    "links": {
        "buildings": {
            "to": "buildings",
            "data": {"share_percent": {"type": "number", "maximum": 100}},
            "mostTogether": {"share_percent": 100},
        },
        "seat": {"to": "buildings", "many": False},
    },
}


@pytest.fixture
def town(office: Office) -> Office:
    office.deploy(
        {
            "registers/members.json": json.dumps(TIED).encode(),
            "registers/buildings.json": json.dumps(BUILDINGS).encode(),
        }
    )
    return office


def save(office: Office, register: str, **data: Json) -> str:
    return office.engine.execute(SaveRecord(tenant=office.home, actor=SECRETARY, register=register, data=data))


def member(office: Office) -> str:
    return save(office, "members", ico="00240702", name="Říčany", kind="město")


def link(
    office: Office, record: str, other: str, name: str = "buildings", actor: Actor = SECRETARY, **data: Json
) -> None:
    facts = {"register": "members", "record_id": record, "name": name, "other_id": other, "data": data}
    office.engine.execute(LinkRecords(tenant=office.home, actor=actor, **facts))


def ties(office: Office, record: str, key: str = "members", name: str = "buildings") -> links.Ties:
    with office.read() as session:
        kept = registers.register(session, office.home, key)
        found = links.ties_of(session, office.home, kept, record, SECRETARY)
    return next(one for one in found if one.link.name == name)


def test_a_tie_says_its_share_and_is_seen_from_both_ends(town: Office) -> None:
    record, school = member(town), save(town, "buildings", name="Škola")
    link(town, record, school, share_percent=40)
    assert [(one.caption, one.data) for one in ties(town, record).now] == [("Škola", {"share_percent": 40})]
    back = ties(town, school, "buildings")
    assert back.backwards and [one.caption for one in back.now] == ["Říčany (město)"]


def test_a_change_of_a_tie_keeps_what_it_said_and_the_same_again_changes_nothing(town: Office) -> None:
    record, school = member(town), save(town, "buildings", name="Škola")
    link(town, record, school, share_percent=40)
    link(town, record, school, share_percent=40)
    assert ties(town, record).before == []
    link(town, record, school, share_percent=60)
    found = ties(town, record)
    assert [one.data["share_percent"] for one in found.now] == [60]
    assert [(one.data["share_percent"], one.ended_by) for one in found.before] == [(40, "sekretarka")]


def test_shares_of_a_record_come_to_no_more_than_a_hundred(town: Office) -> None:
    record, other = member(town), save(town, "members", ico="00276057", name="Rokytnice", kind="město")
    school, hall, pool = (save(town, "buildings", name=name) for name in ("Škola", "Radnice", "Bazén"))
    link(town, record, school, share_percent=33.3)
    link(town, record, hall, share_percent=33.3)
    with pytest.raises(Invalid) as refused:
        link(town, record, pool, share_percent=33.41)
    assert refused.value.facts["total"] == "100.01"
    link(town, record, pool, share_percent=33.4)
    link(town, record, pool, share_percent=20)
    link(town, other, pool, share_percent=100)
    assert sorted(one.data["share_percent"] for one in ties(town, record).now) == [20, 33.3, 33.3]


def test_a_tie_ends_by_hand_and_with_either_record(town: Office) -> None:
    record = member(town)
    school, hall = save(town, "buildings", name="Škola"), save(town, "buildings", name="Radnice")
    link(town, record, school)
    link(town, record, hall)
    facts = {"register": "members", "record_id": record, "name": "buildings"}
    town.engine.execute(UnlinkRecords(tenant=town.home, actor=SECRETARY, other_id=school, **facts))
    with pytest.raises(NotFound):
        town.engine.execute(UnlinkRecords(tenant=town.home, actor=SECRETARY, other_id=school, **facts))
    town.engine.execute(DeleteRecord(tenant=town.home, actor=SECRETARY, register="buildings", record_id=hall))
    found = ties(town, record)
    assert found.now == [] and {one.caption for one in found.before} == {"Škola", "Radnice"}


def test_what_does_not_fit_is_refused(town: Office) -> None:
    record, school = member(town), save(town, "buildings", name="Škola")
    for wrong in ({"share_percent": 120}, {"share_percent": "x"}, {"colour": "red"}):
        with pytest.raises(Invalid):
            link(town, record, school, **wrong)
    with pytest.raises(NotFound):
        link(town, record, school, name="nothing")
    with pytest.raises(NotFound):
        link(town, record, record)
    with pytest.raises(NotAllowed):
        link(town, record, school, actor=TREASURER)
    assert ties(town, record).now == []


def test_a_link_for_one_takes_no_second(town: Office) -> None:
    record = member(town)
    school, hall = save(town, "buildings", name="Škola"), save(town, "buildings", name="Radnice")
    link(town, record, school, name="seat")
    with pytest.raises(Invalid):
        link(town, record, hall, name="seat")


def test_a_case_ties_unties_and_asks(town: Office) -> None:
    member(town)
    save(town, "buildings", name="Škola")
    case = town.start().instance_id
    ends = {"register": "members", "key": "00240702", "link": "buildings"}
    town.inside(case, "register.link", **ends, to="Škola", data={"share_percent": 25})
    (found,) = town.inside(case, "register.linked", **ends)
    assert (found["data"]["name"] if "data" in found else found["name"]) == "Škola"
    assert found["link"] == {"share_percent": 25}
    assert town.inside(case, "register.unlink", **ends, to="Škola") == {"untied": True}
    assert town.inside(case, "register.linked", **ends) == []
    with pytest.raises(NotFound):
        town.inside(case, "register.link", **ends, to="Nikde")
