"""Rows in time: stored once, judged, counted by day, month and year; held back until somebody has looked."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from engine.commands import AddTenant, AppendRows, SaveRecord, SettleRow
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.model import SYSTEM, Json, RowFate
from engine.queries.series import Wanted, rows, totals
from engine.store.cases import InstanceRow
from engine.store.registers import RecordWatchRow
from engine.store.series import SeriesRow, SeriesTotalRow
from tests.integration.casework.agenda import HEAD
from tests.integration.casework.office import SECRETARY, TREASURER, Office

LOOK = f"""{HEAD}
  <bpmn:process id="looking" name="Prověřit odečet" isExecutable="true">
    <bpmn:startEvent id="l_held"/>
    <bpmn:sequenceFlow id="lf1" sourceRef="l_held" targetRef="l_look"/>
    <bpmn:serviceTask id="l_look" name="Co čeká"><bpmn:extensionElements>
      <radnice:connector name="series.held" result="waiting">
        <radnice:parameter name="register">"readings"</radnice:parameter>
        <radnice:parameter name="record">record["id"]</radnice:parameter>
      </radnice:connector></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:sequenceFlow id="lf2" sourceRef="l_look" targetRef="l_decide"/>
    <bpmn:userTask id="l_decide" name="Rozhodnout"><bpmn:extensionElements>
      <radnice:task group="secretariat" subject="record['caption']"/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="lf3" sourceRef="l_decide" targetRef="l_done"/>
    <bpmn:endEvent id="l_done"/>
  </bpmn:process>
</bpmn:definitions>
"""
TEXT: Json = {"type": "string"}
METERS: Json = {
    "key": "meters",
    "title": {"cs": "Měřidla"},
    "schema": {
        "type": "object",
        "properties": {
            "serial": TEXT,
            "device": TEXT,
            "digits": {"type": "integer"},
            "multiplier": {"type": "number"},
            "removed_on": TEXT,
        },
    },
    "unique": [["serial"], ["device"]],
    "search": ["serial"],
    "rights": {"read": ["secretariat"], "write": ["secretariat"]},
}
READINGS: Json = {
    "key": "readings",
    "title": {"cs": "Odečty"},
    "schema": {
        "type": "object",
        "required": ["meter", "at", "counter"],
        "properties": {
            "meter": TEXT,
            "at": TEXT,
            "counter": {"type": "number"},
            "tariff": {"enum": ["VT", "NT"]},
            "sequence": {"type": "integer"},
            "note": TEXT,
        },
        "additionalProperties": False,
    },
    "rights": {"read": ["secretariat"], "write": ["secretariat"]},
    "series": True,
    "rows": {
        "under": "meters",
        "by": "meter",
        "time": "at",
        "value": "counter",
        "channel": "tariff",
        "source_key": "sequence",
        "digits": "digits",
        "times": "multiplier",
        "ended": "removed_on",
        "jump": 5,
    },
    "watch": [{"held": True, "start": "looking"}],
}


@pytest.fixture
def meter(office: Office) -> str:
    files = {"meters": METERS, "readings": READINGS}
    office.deploy(
        {f"registers/{name}.json": json.dumps(one).encode() for name, one in files.items()}
        | {"looking.bpmn": LOOK.encode()}
    )
    return add_meter(office, "A1", digits=5)


def add_meter(office: Office, serial: str, **data: Json) -> str:
    data = {"serial": serial, **data}
    return office.engine.execute(SaveRecord(tenant=office.home, actor=SECRETARY, register="meters", data=data))


def send(office: Office, *read: tuple[str, Json], meter: str = "A1", **more: Json) -> Sequence[RowFate]:
    sent = [{"meter": meter, "at": at, "counter": counter, **more} for at, counter in read]
    return append(office, sent)


def append(office: Office, sent: Sequence[Json], **more: Json) -> Sequence[RowFate]:
    return office.engine.execute(
        AppendRows(tenant=office.home, actor=SECRETARY, register="readings", rows=sent, **more)
    )


def statuses(fates: Sequence[RowFate]) -> list[str]:
    return [f"{fate.status} {fate.reason}".strip() for fate in fates]


def counted(office: Office, meter: str, span: str = "month") -> dict[str, float]:
    with office.read() as session:
        return {one.period: one.total for one in totals(session, office.home, "readings", [meter], span, SECRETARY)}


def beat(office: Office) -> None:
    for watch_id in office.engine.due().watch_ids:
        office.engine.fire_watch(watch_id)


def cases(office: Office) -> int:
    with office.read() as session:
        query = select(func.count()).select_from(InstanceRow).where(InstanceRow.process_key == "looking")
        return session.scalar(query) or 0


def settle(office: Office, fate: RowFate, verdict: str, value: Json = None) -> str:
    facts = {"row_id": fate.row_id or "", "verdict": verdict, "value": value}
    return office.engine.execute(SettleRow(tenant=office.home, actor=SECRETARY, register="readings", **facts))


def test_rows_are_counted_by_day_month_and_year(office: Office, meter: str) -> None:
    assert statuses(send(office, ("2025-12-31", 100), ("2026-01-02", 102), ("2026-02-01", 132.5))) == ["accepted"] * 3
    assert counted(office, meter) == {"2025-12": 1, "2026-01": 31.5}
    assert counted(office, meter, "year") == {"2025": 1, "2026": 31.5}
    assert counted(office, meter, "day")["2026-01-01"] == 1


def test_the_order_in_which_rows_come_changes_nothing(office: Office, meter: str) -> None:
    there = add_meter(office, "B1")
    read: list[tuple[str, Json]] = [("2026-01-01", 0), ("2026-01-11", 50), ("2026-01-31", 60), ("2026-02-20", 90)]
    send(office, *read)
    for one in (read[3], read[0], read[2], read[1]):
        assert statuses(send(office, one, meter="B1")) == ["accepted"]
    assert counted(office, there, "day") == counted(office, meter, "day")


def test_the_multiplier_of_the_record_counts(office: Office, meter: str) -> None:
    there = add_meter(office, "C1", multiplier=40)
    send(office, ("2026-01-01", 1), ("2026-01-02", 1.5), meter="C1")
    assert counted(office, there) == {"2026-01": 20}


def test_the_same_row_is_stored_once_by_its_number_its_moment_or_within_one_batch(office: Office, meter: str) -> None:
    one = {"meter": "A1", "at": "2026-01-01", "counter": 5, "sequence": 7}
    again = one | {"counter": 6, "at": "2026-01-02"}
    fates = append(office, [one, one, again])
    assert statuses(fates) == ["accepted", "duplicate", "duplicate"]
    assert [fate.differs for fate in fates] == [False, False, True]
    assert statuses(append(office, [one | {"sequence": 8}])) == ["duplicate"]
    assert statuses(append(office, [one | {"sequence": 9, "counter": 6}])) == ["held conflict"]


def test_tariffs_of_a_meter_count_apart(office: Office, meter: str) -> None:
    send(office, ("2026-01-01", 100), tariff="VT")
    assert statuses(send(office, ("2026-01-01", 5), ("2026-01-03", 9), tariff="NT")) == ["accepted", "accepted"]
    assert counted(office, meter) == {"2026-01": 4}


def test_bad_rows_are_answered_one_by_one_and_are_in_nobodys_way(office: Office, meter: str) -> None:
    good = {"meter": "A1", "at": "2026-01-01", "counter": "1 234,5"}
    bad: list[Json] = [
        good | {"meter": "nobody"},
        good | {"counter": "many"},
        good | {"counter": float("nan")},
        good | {"at": "yesterday"},
        good | {"at": "2026-03-09"},
        good | {"colour": "red"},
        {"at": "2026-01-01", "counter": 1},
        "text",
        None,
        good | {"tariff": "XX"},
    ]
    assert statuses(append(office, [*bad, good])) == [
        "unknown no-such-record",
        "rejected bad-value",
        "rejected bad-value",
        "rejected bad-time",
        "rejected in-the-future",
        *["rejected bad-row"] * 5,
        "accepted",
    ]


def test_too_many_rows_and_strangers_are_refused(office: Office, meter: str) -> None:
    with pytest.raises(Invalid):
        append(office, [{}] * 20_001)
    with pytest.raises(NotAllowed):
        office.engine.execute(AppendRows(tenant=office.home, actor=TREASURER, register="readings", rows=[]))
    with pytest.raises(Invalid):
        office.engine.execute(AppendRows(tenant=office.home, actor=SECRETARY, register="meters", rows=[]))


def test_what_is_sent_within_some_records_reaches_no_others(office: Office, meter: str) -> None:
    row = {"meter": "A1", "at": "2026-01-01", "counter": 1}
    assert statuses(append(office, [row], within={"device": "other"})) == ["unknown no-such-record"]


def test_another_organisation_has_neither_the_register_nor_the_meter(office: Office, meter: str) -> None:
    office.engine.execute(AddTenant(tenant="jinde", actor=SYSTEM, name="Jinde", settings={}))
    with pytest.raises(NotFound):
        office.engine.execute(AppendRows(tenant="jinde", actor=SYSTEM, register="readings", rows=[]))


def test_a_lower_value_is_kept_but_not_counted_until_somebody_says_why(office: Office, meter: str) -> None:
    first, low = send(office, ("2026-01-01", 100), ("2026-01-11", 90))
    assert statuses([first, low]) == ["accepted", "held lower"]
    assert counted(office, meter) == {}
    with pytest.raises(Invalid, match="lower"):
        settle(office, low, "counted")
    settle(office, low, "counted", "190")
    assert counted(office, meter) == {"2026-01": 90}
    with pytest.raises(Conflict):
        settle(office, low, "refused")
    with office.read() as session:
        kept = rows(session, office.home, "readings", meter, Wanted(state="all"), SECRETARY).items
    assert sorted((one.state, one.value, one.supersedes) for one in kept) == [
        ("counted", 100, None),
        ("counted", 190, low.row_id),
        ("superseded", 90, None),
    ]


@pytest.mark.parametrize(("verdict", "expected"), [("reset", 10), ("rollover", 99_920), ("refused", 20)])
def test_a_meter_was_changed_rolled_over_or_misread(office: Office, meter: str, verdict: str, expected: int) -> None:
    _, low, last = send(office, ("2026-01-01", 100), ("2026-01-11", 10), ("2026-01-21", 120))
    assert low.reason == "lower"
    settle(office, last, "refused")
    if verdict != "refused":
        settle(office, low, verdict)
        send(office, ("2026-01-31", 20))
    else:
        settle(office, low, verdict)
        send(office, ("2026-01-31", 120))
    assert counted(office, meter) == {"2026-01": expected}


def test_a_correction_of_what_counted_moves_what_lies_around_it(office: Office, meter: str) -> None:
    _, middle, _ = send(office, ("2026-01-01", 0), ("2026-02-01", 31), ("2026-03-01", 59))
    settle(office, middle, "counted", 40)
    assert counted(office, meter) == {"2026-01": 40, "2026-02": 19}


def test_one_case_begins_for_a_record_however_many_rows_were_held_back(office: Office, meter: str) -> None:
    send(office, ("2026-01-01", 100), ("2026-01-11", 90), ("2026-01-12", 80))
    send(office, ("2026-01-13", 70))
    beat(office)
    send(office, ("2026-01-14", 60))
    beat(office)
    assert cases(office) == 1
    with office.read() as session:
        state = session.scalars(select(InstanceRow.state).where(InstanceRow.process_key == "looking")).one()
        waiting = session.scalars(select(RecordWatchRow).where(RecordWatchRow.state == "waiting")).all()
    assert str(state).count("lower") == 3
    assert waiting == []


def test_rows_of_a_removed_meter_are_held_back(office: Office, meter: str) -> None:
    add_meter(office, "R1", removed_on="2026-01-10")
    fates = send(office, ("2026-01-10T12:00", 5), ("2026-01-11", 6), meter="R1")
    assert statuses(fates) == ["accepted", "held ended"]


def test_totals_are_what_they_would_be_counted_anew(office: Office, meter: str) -> None:
    """Whatever was sent, corrected and refused, the totals are those of the rows that stand."""
    fates = send(office, *[(f"2026-01-{day:02}", day * 3) for day in range(1, 29, 3)])
    settle(office, fates[3], "refused")
    settle(office, fates[5], "counted", 50)
    settle(office, fates[7], "reset", 1)
    with office.read() as session:
        days = session.scalars(select(SeriesTotalRow.total).where(SeriesTotalRow.span == "day")).all()
        standing = session.execute(
            select(SeriesRow.value, SeriesRow.mark).where(SeriesRow.state == "counted").order_by(SeriesRow.at)
        ).all()
    expected = sum(
        0 if mark == "reset" else value - before for (before, _), (value, mark) in itertools.pairwise(standing)
    )
    assert sum(days) == expected


def test_the_biggest_number_a_device_can_send_is_held_back_and_breaks_nothing(office: Office, meter: str) -> None:
    add_meter(office, "N1")
    usual = [(f"2026-01-{day:02}", day) for day in range(1, 8)]
    fates = send(office, *usual, ("2026-01-08", 999_999_999_999), meter="N1")
    assert statuses(fates) == ["accepted"] * 7 + ["held jump"]
