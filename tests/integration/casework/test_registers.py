"""Registers: unique, versioned, searched without accents, shown only to those who may see."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import DeleteRecord, SaveRecord
from engine.errors import DuplicateRecord, EngineError, Invalid, NotAllowed, NotFound, StaleRecord
from engine.kernel import variables
from engine.model import Actor, Json
from engine.queries import registers
from engine.queries.registers import Wanted
from engine.store.cases import IncidentRow, InstanceRow
from tests.integration.casework.agenda import MEMBERS
from tests.integration.casework.office import APPLICANT, SECRETARY, TREASURER, Office

RICANY = {"ico": "00240702", "name": "Říčany", "kind": "město", "inhabitants": 16_000, "phone": "777"}


def save(office: Office, actor: Actor = SECRETARY, **facts: Any) -> str:
    data = RICANY | facts.pop("data", {})
    return office.engine.execute(SaveRecord(tenant=office.home, actor=actor, register="members", data=data, **facts))


def listed(office: Office, actor: Actor = TREASURER, **wanted: Any) -> list[registers.RecordFacts]:
    with office.read() as session:
        return list(registers.records(session, office.home, "members", Wanted(**wanted), actor).items)


def public(office: Office, **wanted: Any) -> list[dict[str, Json]]:
    with office.read() as session:
        found = registers.public_records(session, office.home, "members", Wanted(**wanted))
        return [one.data for one in found.items]


def test_a_record_has_its_caption_and_is_found_without_accents(office: Office) -> None:
    save(office)
    assert [one.caption for one in listed(office, q="RICANY 0024")] == ["Říčany (město)"]
    assert listed(office, q="ricany 999") == []


def test_a_record_that_breaks_the_schema_is_refused_naming_every_place(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        save(office, data={"ico": "1", "inhabitants": "many"})
    assert "/ico" in str(refused.value) and "/inhabitants" in str(refused.value)
    assert listed(office) == []


def test_a_unique_value_is_taken_once_and_free_again_after_deletion(office: Office) -> None:
    first = save(office)
    with pytest.raises(DuplicateRecord):
        save(office, data={"name": "Druhé"})
    assert len(listed(office)) == 1
    office.engine.execute(
        DeleteRecord(tenant=office.home, actor=SECRETARY, register="members", record_id=first, version=1)
    )
    save(office, data={"name": "Druhé"})
    assert [one.data["name"] for one in listed(office)] == ["Druhé"]


def test_of_two_records_with_one_value_at_once_one_is_refused(office: Office) -> None:
    def attempt(_: int) -> bool:
        try:
            save(office)
        except DuplicateRecord:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(attempt, range(3))) == [False, False, True]
    assert len(listed(office)) == 1


def test_a_change_on_a_version_not_seen_is_refused(office: Office) -> None:
    record = save(office)
    save(office, record_id=record, version=1, data={"inhabitants": 16_100})
    with pytest.raises(StaleRecord):
        save(office, record_id=record, version=1, data={"inhabitants": 1})
    with office.read() as session:
        history = registers.versions(session, office.home, "members", record, SECRETARY)
    assert [(one.version, one.data and one.data["inhabitants"]) for one in history] == [(2, 16_100), (1, 16_000)]


def test_who_may_not_write_or_read_is_refused(office: Office) -> None:
    with pytest.raises(NotAllowed):
        save(office, TREASURER)
    with pytest.raises(NotAllowed):
        listed(office, APPLICANT)
    with pytest.raises(NotFound), office.read() as session:
        registers.records(session, office.home, "nothing", Wanted(), SECRETARY)


def test_a_field_of_another_group_is_hidden_and_can_not_be_narrowed_by(office: Office) -> None:
    save(office)
    assert "phone" not in listed(office)[0].data
    assert listed(office, SECRETARY)[0].data["phone"] == "777"
    with pytest.raises(NotAllowed):
        listed(office, where={"phone": "777"})


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"kind": "město"}, 2),
        ({"inhabitants": 16_000}, 1),
        ({"inhabitants": "16000"}, 0),
        ({"visible": False}, 1),
        ({"visible": None}, 1),
        ({"kind": "kraj"}, 0),
    ],
)
def test_a_list_is_narrowed_by_exact_values_of_any_type(office: Office, where: dict[str, Json], found: int) -> None:
    save(office)
    save(office, data={"ico": "00000001", "name": "Aš", "inhabitants": 13_000, "visible": False})
    assert len(listed(office, where=where)) == found


def test_a_list_is_sorted_by_numbers_as_numbers_and_paged(office: Office) -> None:
    for number, count in enumerate((9, 10, 100)):
        save(office, data={"ico": f"0000000{number}", "name": f"Obec {number}", "inhabitants": count})
    assert [one.data["inhabitants"] for one in listed(office, sort="-inhabitants")] == [100, 10, 9]
    assert [one.data["inhabitants"] for one in listed(office, sort="inhabitants", page=2, page_size=2)] == [100]


def test_of_many_public_records_with_one_text_a_single_one_is_given(office: Office) -> None:
    for number in range(3):
        save(office, data={"ico": f"0000000{number}", "name": "Aš"})
    save(office, data={"ico": "00000009", "name": "Skryté", "visible": False})
    with office.read() as session:
        found = registers.public_with(session, office.home, "members", "name", ["Aš", "Skryté", "nic"])
        assert [one.data["name"] for one in found] == ["Aš"]
        assert registers.public_with(session, office.home, "members", "name", []) == []
        with pytest.raises(NotAllowed):
            registers.public_with(session, office.home, "members", "ico", ["00000000"])


def test_the_public_sees_public_records_fields_and_nothing_by_searching(office: Office) -> None:
    save(office)
    save(office, data={"ico": "00000001", "name": "Skryté", "visible": False})
    assert public(office) == [{"name": "Říčany", "kind": "město"}]
    assert public(office, q="ricany") == [{"name": "Říčany", "kind": "město"}]
    assert public(office, q="00240702") == []
    with pytest.raises(NotAllowed):
        public(office, where={"ico": "00240702"})


def test_a_case_writes_finds_and_deletes_records(office: Office) -> None:
    case = office.start().instance_id
    made = office.inside(case, "register.save", register="members", data=RICANY)
    merged = office.inside(case, "register.save", register="members", key="00240702", data={"since": "2026-01-01"})
    assert (merged["id"], merged["version"], merged["data"]["name"]) == (made["id"], 2, "Říčany")
    assert merged["data"]["since"] == "2026-01-01"
    kept = office.inside(
        case, "register.save", register="members", key="00240702", existing="keep", data={"since": "1"}
    )
    assert (kept["id"], kept["version"], kept["data"]["since"]) == (made["id"], 2, "2026-01-01")
    found = office.inside(case, "register.find", register="members", where={"kind": "město"})
    assert [one["caption"] for one in found] == ["Říčany (město)"]
    assert office.inside(case, "register.delete", register="members", key="00240702") == {"deleted": True}
    assert office.inside(case, "register.delete", register="members", key="00240702") == {"deleted": False}
    with office.read() as session:
        history = registers.versions(session, office.home, "members", made["id"], SECRETARY)
    assert [(one.version, one.data is None) for one in history] == [(3, True), (2, False), (1, False)]
    assert history[0].business_key == "POP-2026-0001"


STORE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"
 xmlns:radnice="https://radnice.cz/bpmn/1.0"><process id="stored" isExecutable="true">
<dataStoreReference id="store" name="Členové" radnice:register="members"/>
<startEvent id="st_s"/><sequenceFlow id="st_f" sourceRef="st_s" targetRef="st_write"/>
<scriptTask id="st_write" scriptFormat="text/starlark">
<ioSpecification>
<dataOutput id="out" name="town"/><inputSet/><outputSet><dataOutputRefs>out</dataOutputRefs></outputSet>
</ioSpecification>
<dataOutputAssociation id="w" radnice:key="ico"><sourceRef>out</sourceRef><targetRef>store</targetRef>
</dataOutputAssociation><script>town = dict(record)</script></scriptTask>
<sequenceFlow id="st_f2" sourceRef="st_write" targetRef="st_look"/>
<scriptTask id="st_look" scriptFormat="text/starlark">
<ioSpecification><dataInput id="in" name="found"/><inputSet><dataInputRefs>in</dataInputRefs></inputSet><outputSet/>
</ioSpecification>
<dataInputAssociation id="r" radnice:key="ico"><sourceRef>store</sourceRef><targetRef>in</targetRef>
<transformation>members["version"]</transformation></dataInputAssociation><script>seen = found</script></scriptTask>
<sequenceFlow id="st_f3" sourceRef="st_look" targetRef="st_e"/><endEvent id="st_e"/></process></definitions>""".encode()


def test_a_diagram_writes_and_reads_a_register_by_data_associations(office: Office) -> None:
    office.deploy({"stored.bpmn": STORE})
    for version in (1, 2):
        started = office.start("stored", record=RICANY, ico="00240702")
        with office.read() as session:
            instance = session.get_one(InstanceRow, started.instance_id)
            assert (instance.status, variables(instance.state)["seen"]) == ("completed", version)
    assert [one.version for one in listed(office)] == [2]


def test_a_record_of_a_data_association_that_the_register_refuses_is_an_incident(office: Office) -> None:
    office.deploy({"stored.bpmn": STORE})
    started = office.start("stored", record=RICANY | {"inhabitants": "many"}, ico="00240702")
    with office.read() as session:
        assert session.get_one(InstanceRow, started.instance_id).status == "running"
        (incident,) = session.scalars(select(IncidentRow).where(IncidentRow.instance_id == started.instance_id))
        assert "/inhabitants" in incident.message
    assert listed(office) == []


def test_a_case_that_saves_the_same_twice_is_refused_and_nothing_is_half_written(office: Office) -> None:
    case = office.start().instance_id
    office.inside(case, "register.save", register="members", data=RICANY)
    with pytest.raises(DuplicateRecord):
        office.inside(case, "register.save", register="members", data=RICANY)
    with pytest.raises(EngineError, match="colour"):
        office.inside(case, "register.find", register="members", where={"colour": 1})
    with pytest.raises(Invalid, match="At most 300 values"):
        office.inside(case, "register.find", register="members", where={"kind": ["město"] * 301})
    assert len(listed(office)) == 1


def test_a_field_that_may_be_a_list_is_looked_for_as_the_list(office: Office) -> None:
    shape = MEMBERS["schema"]["properties"] | {"tags": {"type": ["array", "null"], "items": {"type": "string"}}}
    changed = MEMBERS | {"schema": MEMBERS["schema"] | {"properties": shape}}
    office.deploy({"registers/members.json": json.dumps(changed).encode()})
    save(office, data={"tags": ["á", "b"]})
    case = office.start().instance_id
    found = office.inside(case, "register.find", register="members", where={"tags": ["á", "b"]})
    assert [one["data"]["tags"] for one in found] == [["á", "b"]]
    assert office.inside(case, "register.find", register="members", where={"tags": ["á"]}) == []


def test_a_new_definition_derives_captions_and_the_public_part_anew(office: Office) -> None:
    save(office)
    changed = MEMBERS | {"caption": "ico", "public": {"where": "inhabitants > 20000", "fields": ["name"]}}
    office.deploy({"registers/members.json": json.dumps(changed).encode()})
    assert [one.caption for one in listed(office)] == ["00240702"]
    assert public(office) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "Members!"}, "/key"),
        ({"schema": {"type": 7}}, "JSON Schema"),
        ({"unique": 5}, "/unique"),
        ({"rights": ["treasurer"]}, "/rights"),
        ({"serach": ["name"]}, "serach"),
        ({"retention": "ten years"}, "/retention"),
        ({"watch": [{"date": "since", "before": ["180"]}]}, "/watch/0/before/0"),
        ({"search": ["nothing"]}, "nothing"),
        ({"schema": {"$ref": "../forms/none.json"}}, "missing"),
    ],
)
def test_a_wrong_register_is_refused_with_its_agenda(office: Office, change: dict[str, Json], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        office.deploy({"registers/members.json": json.dumps(MEMBERS | change).encode()})


def test_a_schema_never_makes_the_engine_fetch_anything(office: Office) -> None:
    schema = MEMBERS["schema"] | {"properties": {**RICANY_PROPERTIES, "name": {"$ref": "http://127.0.0.1:1/x.json"}}}
    office.deploy({"registers/members.json": json.dumps(MEMBERS | {"schema": schema}).encode()})
    with pytest.raises(EngineError, match="which is not in it"):
        save(office)


RICANY_PROPERTIES: dict[str, Json] = MEMBERS["schema"]["properties"]
