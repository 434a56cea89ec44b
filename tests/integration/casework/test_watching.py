"""Watched registers: a date that draws near or a change begins a case or sends a message, once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import yaml
from sqlalchemy import Connection, event, select

from engine.commands import DeleteRecord, SaveRecord
from engine.errors import NotAllowed, NotFound
from engine.handlers.watching import FireWatch
from engine.interventions import RetryWatch
from engine.model import ROLE_OPERATOR, SYSTEM, Actor, Json
from engine.queries.watches import FailingWatch, failing_watches
from engine.store.cases import InstanceRow
from engine.store.registers import RecordWatchRow
from processes.agenda import parse_agenda
from processes.scenarios.playing import play
from processes.scenarios.reading import read_scenarios
from tests.integration.casework.agenda import HEAD
from tests.integration.casework.office import SECRETARY, Office
from web.stage import make_stage

OPERATOR = Actor(kind="person", username="spravce", name="Spravce", groups=frozenset({ROLE_OPERATOR}))
RENEWAL = f"""{HEAD}
  <bpmn:message id="moved" name="contract.moved"/>
  <bpmn:process id="renewal" name="Obnova smlouvy" isExecutable="true">
    <bpmn:startEvent id="near"/>
    <bpmn:sequenceFlow id="rf1" sourceRef="near" targetRef="renew"/>
    <bpmn:userTask id="renew" name="Rozhodnout"><bpmn:extensionElements>
      <radnice:task group="secretariat" subject="record['caption']"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="rf2" sourceRef="renew" targetRef="renewed"/>
    <bpmn:endEvent id="renewed"/>
  </bpmn:process>
  <bpmn:process id="moving" name="Změna místa" isExecutable="true">
    <bpmn:startEvent id="heard"><bpmn:messageEventDefinition messageRef="moved"/></bpmn:startEvent>
    <bpmn:sequenceFlow id="rg1" sourceRef="heard" targetRef="stamp"/>
    <bpmn:serviceTask id="stamp" name="Zapsat"><bpmn:extensionElements>
      <radnice:connector name="register.save" result="saved">
        <radnice:parameter name="register">"contracts"</radnice:parameter>
        <radnice:parameter name="key">record["data"]["number"]</radnice:parameter>
        <radnice:parameter name="data">{{"note": "ok"}}</radnice:parameter>
      </radnice:connector></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:sequenceFlow id="rg2" sourceRef="stamp" targetRef="over"/>
    <bpmn:endEvent id="over"/>
  </bpmn:process>
</bpmn:definitions>
"""
CONTRACTS: dict[str, Json] = {
    "key": "contracts",
    "title": {"cs": "Smlouvy", "en": "Contracts"},
    "schema": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("number", "until", "supplier", "place", "note")},
    },
    "unique": [["number"]],
    "search": ["number"],
    "rights": {"read": ["secretariat"], "write": ["secretariat"]},
    "watch": [
        {"date": "until", "before": ["P180D", "P30D"], "start": "renewal", "once_per": "id"},
        {"changed": ["place"], "message": "contract.moved"},
    ],
}


def deploy(office: Office, **changes: Json) -> None:
    definition = CONTRACTS | changes
    office.deploy({"renewal.bpmn": RENEWAL.encode(), "registers/contracts.json": json.dumps(definition).encode()})


def save(office: Office, record_id: str | None = None, **data: Json) -> str:
    return office.engine.execute(
        SaveRecord(tenant=office.home, actor=SECRETARY, register="contracts", data=data, record_id=record_id)
    )


def beat(office: Office, now: str | None = None) -> None:
    if now:
        office.clock.set(datetime.fromisoformat(now + "T12:00:00+00:00"))
    for watch_id in office.engine.due().watch_ids:
        office.engine.fire_watch(watch_id)


def failing(office: Office, reader: Actor = OPERATOR) -> Sequence[FailingWatch]:
    with office.read() as session:
        return failing_watches(session, office.home, reader).items


def cases(office: Office, process: str = "renewal") -> Sequence[str]:
    with office.read() as session:
        query = select(InstanceRow.title).where(InstanceRow.process_key == process).order_by(InstanceRow.started_at)
        return session.scalars(query).all()


def test_a_case_begins_once_for_each_period_before_the_day(office: Office) -> None:
    deploy(office)
    save(office, number="S-1", until="2026-12-31")
    beat(office, "2026-07-03")
    assert cases(office) == []
    beat(office, "2026-07-04")
    beat(office, "2026-07-05")
    assert cases(office) == ["S-1"]
    beat(office, "2026-12-01")
    beat(office, "2026-12-02")
    assert cases(office) == ["S-1", "S-1"]


def test_writing_the_record_again_with_the_same_day_sets_nothing_off_again_but_a_new_day_does(office: Office) -> None:
    deploy(office, watch=[{"date": "until", "before": ["P180D"], "start": "renewal"}])
    record = save(office, number="S-1", until="2026-12-31")
    beat(office, "2026-07-04")
    save(office, record, number="S-1", until="2026-12-31", note="changed")
    deploy(office, watch=[{"date": "until", "before": ["P180D"], "start": "renewal"}], title={"cs": "Nově"})
    beat(office)
    assert len(cases(office)) == 1
    save(office, record, number="S-1", until="2028-12-31")
    beat(office, "2028-07-03")
    assert len(cases(office)) == 1
    beat(office, "2028-07-04")
    assert len(cases(office)) == 2


def test_a_day_moved_away_or_a_record_deleted_before_its_moment_sets_nothing_off(office: Office) -> None:
    deploy(office)
    moved, gone = save(office, number="S-1", until="2026-12-31"), save(office, number="S-2", until="2026-12-31")
    save(office, moved, number="S-1", until="2029-12-31")
    office.engine.execute(DeleteRecord(tenant=office.home, actor=SECRETARY, register="contracts", record_id=gone))
    beat(office, "2026-12-30")
    assert cases(office) == []


@pytest.mark.parametrize(("until", "begun"), [("2026-03-12", 1), ("2026-03-02", 1), ("2026-03-01", 0), ("nikdy", 0)])
def test_of_periods_that_have_passed_only_the_last_counts_and_none_when_the_day_has(
    office: Office, until: str, begun: int
) -> None:
    deploy(office)
    save(office, number="S-1", until=until)
    beat(office)
    assert len(cases(office)) == begun


def test_records_of_the_same_supplier_are_watched_as_one(office: Office) -> None:
    deploy(office, watch=[{"date": "until", "before": ["P30D"], "start": "renewal", "once_per": "supplier"}])
    suppliers = {"1": "ČEZ", "2": "ČEZ", "3": "PRE", "4": "ČEZ"}
    first, *_others = [save(office, number=n, until="2026-12-31", supplier=s) for n, s in suppliers.items()]
    office.engine.execute(DeleteRecord(tenant=office.home, actor=SECRETARY, register="contracts", record_id=first))
    beat(office, "2026-12-10")
    assert len(cases(office)) == 2


def test_records_there_before_the_watch_are_watched_from_its_deployment(office: Office) -> None:
    deploy(office, watch=[])
    save(office, number="S-1", until="2026-12-31")
    deploy(office)
    beat(office, "2026-07-05")
    assert cases(office) == ["S-1"]


def test_a_change_sends_a_message_once_and_the_case_it_begins_does_not_hear_itself(office: Office) -> None:
    deploy(office, watch=[{"changed": [], "message": "contract.moved"}])
    record = save(office, number="S-1", place="radnice")
    beat(office)
    assert cases(office, "moving") == []
    save(office, record, number="S-1", place="škola")
    for _ in range(3):
        beat(office)
        office.clock.set(office.clock.now() + timedelta(minutes=1))
    assert len(cases(office, "moving")) == 1


def test_a_watch_whose_process_is_gone_is_put_off_and_carried_out_when_it_is_there(office: Office) -> None:
    deploy(office, watch=[{"date": "until", "start": "nothing"}])
    save(office, number="S-1", until="2026-03-02")
    beat(office)
    assert not office.engine.due()
    with office.read() as session:
        assert "nothing" in session.scalars(select(RecordWatchRow.problem)).one()
    office.clock.set(office.clock.now() + timedelta(hours=1))
    assert len(office.engine.due().watch_ids) == 1


def test_what_failed_is_seen_by_operators_tried_at_their_word_and_mended_by_publishing(office: Office) -> None:
    deploy(office, watch=[{"date": "until", "start": "nothing"}])
    save(office, number="S-1", until="2026-03-02")
    beat(office)
    (seen,) = failing(office)
    assert (seen.register, seen.start, seen.is_missing, seen.occasion) == ("contracts", "nothing", True, "2026-03-02")
    assert seen.caption == "" and failing(office, SECRETARY)[0].caption == "S-1", (
        "an operator may not read this register"
    )
    with pytest.raises(NotAllowed):
        office.engine.execute(RetryWatch(tenant=office.home, actor=SECRETARY, watch_id=seen.id))
    office.engine.execute(RetryWatch(tenant=office.home, actor=OPERATOR, watch_id=seen.id))
    assert office.engine.due().watch_ids == [seen.id]
    beat(office)
    assert not office.engine.due()
    nothing = RENEWAL.replace('"renewal"', '"nothing"').encode()
    definition = CONTRACTS | {"watch": [{"date": "until", "start": "nothing"}]}
    office.clock.set(office.clock.now() + timedelta(days=3))
    office.deploy({"renewal.bpmn": nothing, "registers/contracts.json": json.dumps(definition).encode()})
    beat(office)
    assert cases(office, "nothing") == ["S-1"] and not failing(office)
    with pytest.raises(NotFound):
        office.engine.execute(RetryWatch(tenant=office.home, actor=OPERATOR, watch_id=seen.id))


def test_what_should_have_been_set_off_is_owed_however_the_record_is_written_until_its_day_changes(
    office: Office,
) -> None:
    deploy(office)
    kept, moved = save(office, number="S-1", until="2026-03-12"), save(office, number="S-2", until="2026-03-12")
    office.clock.set(office.clock.now() + timedelta(days=30))
    save(office, kept, number="S-1", until="2026-03-12", note="the beat stood still for a month")
    save(office, moved, number="S-2", until="2029-03-12")
    beat(office)
    assert cases(office) == ["S-1"]


def test_a_worker_killed_just_before_the_end_leaves_the_watch_to_the_next(office: Office) -> None:
    deploy(office)
    save(office, number="S-1", until="2026-03-12")
    (watch,) = office.engine.due().watch_ids
    command = FireWatch(tenant=office.home, actor=SYSTEM, watch_id=watch)

    def killed(_connection: Connection) -> None:
        raise SystemExit

    event.listen(office.commands.kw["bind"], "commit", killed, once=True)
    with pytest.raises(SystemExit):
        office.engine.execute(command)
    assert cases(office) == []
    assert office.engine.execute(command)
    assert len(cases(office)) == 1


def test_workers_that_come_to_the_same_watch_at_once_begin_one_case(office: Office) -> None:
    deploy(office)
    save(office, number="S-1", until="2026-03-12")
    (watch,) = office.engine.due().watch_ids
    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(office.engine.fire_watch, [watch] * 4))
    assert sorted(done) == [False, False, False, True]
    assert len(cases(office)) == 1


STORY: dict[str, Json] = {"title": "Smlouva končí", "process": "renewal", "starts": "2026-01-05 08:00"}
SEED: Json = {"record": "contracts", "with": {"number": "S-1", "until": "2026-12-31"}}


def test_in_a_scenario_time_that_passes_lets_a_watch_fire() -> None:
    files = {
        "agenda.toml": b'key = "energy"\n[title]\ncs = "Energie"\nen = "Energy"\n[groups.secretariat]\ncs = "P"\n',
        "renewal.bpmn": RENEWAL.encode(),
        "registers/contracts.json": json.dumps(CONTRACTS).encode(),
        "demo/people.yaml": b"[]\n",
    }

    def played(wait: str) -> str:
        steps = [SEED, {"wait": wait}, {"expect": {"open": ["renew"]}, "in": "renewal"}]
        story = yaml.safe_dump(STORY | {"steps": steps}).encode()
        agenda = parse_agenda(files | {"scenarios/renewal.yaml": story})
        (scenario,) = read_scenarios(agenda)
        return play(scenario, agenda, make_stage(agenda)).problem

    assert "no case of renewal" in played("P178D")
    assert played("P181D") == ""
