"""Processes that begin by themselves: at their times, once each, and not by being published."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from engine.calendar import parse_moment
from engine.errors import Invalid
from engine.store.cases import InstanceRow
from engine.store.definitions import ProcessStartRow
from tests.integration.diagrams import chain, diagram, end, message, start, user
from tests.integration.office import MORNING, Office

DAY = timedelta(days=1)


def at(kind: str, text: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def condition(text: str) -> str:
    inside = f"<bpmn:condition>{text}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{inside}</bpmn:conditionalEventDefinition>"


def begun(inner: str, process: str = "p", more: str = "") -> bytes:
    first, task, last = (f"{node}_{process}" for node in "sae")
    return diagram(start(first, inner), user(task), end(last), chain(first, task, last), more, process=process)


def beat(office: Office) -> int:
    """Begin what is due; gives how many cases began."""
    return sum(office.engine.begin(start_id) for start_id in office.engine.due().start_ids)


def days(office: Office, number: int, by: timedelta = DAY) -> list[int]:
    """Let days pass; gives how many cases began on each."""
    found = []
    for _ in range(number):
        office.pass_time(by)
        found.append(beat(office))
    return found


def due(office: Office) -> list[datetime | None]:
    return [row.due_at for row in office.rows(ProcessStartRow)]


def test_a_process_begins_at_its_time_and_only_once(engine_on: Office) -> None:
    engine_on.deploy(begun(at("timeDate", "2026-03-04T09:00")))
    assert not engine_on.engine.due()
    assert days(engine_on, 4) == [0, 1, 0, 0]
    (case,) = engine_on.rows(InstanceRow)
    assert (case.process_key, case.status, engine_on.open_task("a_p").instance_id) == ("p", "running", case.id)
    assert engine_on.story(case.id)[0] == "case-started"


def test_a_cycle_begins_a_case_each_time_and_as_often_as_it_says(engine_on: Office) -> None:
    engine_on.deploy(begun(at("timeCycle", "R3/2026-03-03T08:00/P2D")))
    assert days(engine_on, 8) == [1, 0, 1, 0, 1, 0, 0, 0]
    assert due(engine_on) == [None]


def test_a_cycle_without_end_keeps_the_hour_over_summer_time(engine_on: Office) -> None:
    engine_on.deploy(begun(at("timeCycle", "R/2026-03-28T06:00/P1D")))
    engine_on.clock.set(parse_moment("2026-03-30T07:00"))
    assert [beat(engine_on) for _ in range(4)] == [1, 1, 1, 0]
    assert due(engine_on) == [parse_moment("2026-03-31T06:00")]


def test_times_that_are_over_when_it_is_published_are_passed(engine_on: Office) -> None:
    engine_on.deploy(
        begun(at("timeDate", "2026-01-01"), "old"),
        begun(at("timeCycle", "R3/2020-01-01T00:00/P1D"), "spent"),
        begun(at("timeCycle", "R/2000-01-01T00:00/PT1S"), "seconds"),
        begun(at("timeCycle", "R10/2026-01-31T08:00/P1M"), "months"),
        begun(at("timeCycle", "R/2026-01-01T00:00/P3WD"), "working"),
        begun(at("timeCycle", "R0/P1D"), "never"),
    )
    rows = {row.process_key: (row.due_at, row.remaining) for row in engine_on.rows(ProcessStartRow)}
    assert rows == {
        "old": (None, None),
        "spent": (None, None),
        "seconds": (MORNING + timedelta(seconds=1), None),
        "months": (parse_moment("2026-03-31T08:00"), 8),
        "working": (parse_moment("2026-03-02T23:59:59"), None),
        "never": (None, None),
    }
    assert not engine_on.engine.due()


def test_a_new_version_goes_on_with_what_it_says_as_before(engine_on: Office) -> None:
    engine_on.deploy(begun(at("timeDuration", "P2D")))
    days(engine_on, 1)
    engine_on.deploy(begun(at("timeDuration", "P2D"), more=user("b")))
    assert days(engine_on, 2) == [1, 0]
    # It has begun once: publishing anew is no reason to begin again.
    engine_on.deploy(begun(at("timeDuration", "P2D"), more=user("c")))
    assert days(engine_on, 4) == [0, 0, 0, 0]
    assert [case.version for case in engine_on.rows(InstanceRow)] == [2]


def test_a_changed_time_or_a_process_that_is_gone_is_waited_for_no_more(engine_on: Office) -> None:
    engine_on.deploy(begun(at("timeCycle", "R/P1D")), begun(at("timeCycle", "R/P1D"), "q"))
    engine_on.deploy(begun(at("timeCycle", "R/P7D")))
    assert [(row.process_key, row.text) for row in engine_on.rows(ProcessStartRow)] == [("p", "R/P7D")]
    assert days(engine_on, 8) == [0, 0, 0, 0, 0, 0, 1, 0]
    engine_on.deploy(begun(""))
    assert engine_on.rows(ProcessStartRow) == []


def test_publishing_the_same_again_plans_what_was_never_planned_and_nothing_twice(engine_on: Office) -> None:
    daily = begun(at("timeCycle", "R/P1D"))
    engine_on.deploy(daily)
    before = due(engine_on)
    engine_on.pass_time(timedelta(hours=1))
    engine_on.deploy(daily)
    assert due(engine_on) == before
    with engine_on.everything.begin() as connection:
        connection.execute(delete(ProcessStartRow))
    engine_on.deploy(daily)
    assert due(engine_on) == [MORNING + timedelta(hours=25)]


def test_agendas_and_organisations_are_apart(engine_on: Office) -> None:
    engine_on.add_tenant("village")
    engine_on.deploy(begun(at("timeCycle", "R/P1D")), agenda="one")
    engine_on.deploy(begun(at("timeCycle", "R/P1D")), agenda="one", tenant="village")
    engine_on.deploy(begun("", "q"), agenda="two")
    assert days(engine_on, 1) == [2]
    assert {case.tenant for case in engine_on.rows(InstanceRow)} == {"town", "village"}


def test_a_time_may_be_worked_out_of_the_parameters(engine_on: Office) -> None:
    engine_on.deploy(begun(at("timeDate", "parameters['opens']")), parameters={"opens": "2026-03-05"})
    assert due(engine_on) == [parse_moment("2026-03-05")]
    with pytest.raises(Invalid, match="closes"):
        engine_on.deploy(begun(at("timeDate", "parameters['closes']")), parameters={"opens": "2026-03-05"})
    assert due(engine_on) == [parse_moment("2026-03-05")]


def test_several_workers_begin_one_case(engine_on: Office) -> None:
    engine_on.deploy(begun(at("timeCycle", "R5/P1D")))
    engine_on.pass_time(DAY)
    (start_id,) = engine_on.engine.due().start_ids
    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(engine_on.engine.begin, [start_id] * 4)) == [False, False, False, True]


def test_a_condition_begins_a_case_when_it_comes_true_and_not_while_it_stays_so(engine_on: Office) -> None:
    engine_on.deploy(begun(condition('today[8:] in ["02", "04", "05"]')))
    # It holds on the 2nd, when it is published.
    assert days(engine_on, 5) == [0, 1, 0, 0, 0]
    (case,) = engine_on.rows(InstanceRow)
    assert engine_on.open_task("a_p").instance_id == case.id


def test_all_of_several_events_begin_a_case_that_waits_for_the_others(engine_on: Office) -> None:
    head = '<bpmn:message id="m" name="m"/>'
    both = at("timeDate", "2026-03-03") + message("m")
    all_of = f'<bpmn:startEvent id="s" parallelMultiple="true">{both}</bpmn:startEvent>'
    engine_on.deploy(diagram(all_of, user("a"), end(), chain("s", "a", "e"), head=head))
    assert days(engine_on, 1) == [1]
    assert engine_on.open_tasks() == []
    engine_on.message("m")
    assert engine_on.open_task("a")
    assert len(engine_on.rows(InstanceRow)) == 1


def test_what_fails_is_put_off_and_tried_again(engine_on: Office) -> None:
    engine_on.deploy(begun(condition("parameters[today] == 1")), parameters={"2026-03-02": 0, "2026-03-04": 1})
    assert days(engine_on, 1) == [0]
    (row,) = engine_on.rows(ProcessStartRow)
    assert "2026-03-03" in row.problem
    assert not engine_on.engine.due()
    assert days(engine_on, 1) == [1]
    assert [row.problem for row in engine_on.rows(ProcessStartRow)] == [""]
