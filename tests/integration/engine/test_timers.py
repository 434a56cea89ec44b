"""Timers: at their time, once each, whoever fires them."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import shuffle

from sqlalchemy import event, select, update

from engine.commands import ResumeInstance, SuspendInstance
from engine.store.cases import HistoryRow, IncidentRow, InstanceRow, JobRow, TimerRow
from tests.integration.diagrams import (
    boundary,
    catch,
    chain,
    diagram,
    end,
    gateway,
    script,
    service,
    start,
    timer,
    user,
)
from tests.integration.office import OPERATOR, Office

WAITS = diagram(start(), catch("t", timer("P1D")), user("a"), end(), chain("s", "t", "a", "e"))

#: `make test-long`
LONG = os.environ.get("RADNICE_TEST_LONG") == "1"


def fire_due(office: Office, limit: int = 1_000) -> int:
    return sum(office.engine.fire(timer_id) for timer_id in office.engine.due(limit).timer_ids)


def test_a_timer_fires_when_it_is_due_and_not_before(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    engine_on.start()
    (row,) = engine_on.rows(TimerRow)
    assert not engine_on.engine.due()
    assert engine_on.engine.fire(row.id) is False
    engine_on.pass_time(timedelta(days=1))
    assert fire_due(engine_on) == 1
    assert engine_on.open_task("a")
    assert engine_on.engine.fire(row.id) is False
    assert not engine_on.engine.due()


def test_a_hint_tells_when_the_timer_will_be_due(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    engine_on.start()
    (row,) = engine_on.rows(TimerRow)
    (hint,) = engine_on.hints
    assert (hint.kind, hint.id, hint.at) == ("timer", row.id, row.due_at)


def test_timers_and_jobs_of_one_command_are_written_in_one_statement_each(engine_on: Office) -> None:
    timers, jobs = [f"t{n}" for n in range(40)], [f"j{n}" for n in range(40)]
    body = [start(), gateway("g", "parallel"), end(), chain("s", "g")]
    body += [catch(each, timer("P1D")) for each in timers] + [
        service(each, "mail.send", to='"a@b.cz"') for each in jobs
    ]
    engine_on.deploy(diagram(*body, *(chain("g", each, "e") for each in timers + jobs)))
    seen: list[str] = []
    event.listen(engine_on.database, "before_cursor_execute", lambda c, cursor, text, *rest: seen.append(text))
    engine_on.start()
    assert len([text for text in seen if text.startswith(("INSERT INTO timer", "INSERT INTO job"))]) == 2
    promised = {(row.id, row.due_at) for row in engine_on.rows(TimerRow)}
    promised |= {(row.id, row.next_at) for row in engine_on.rows(JobRow)}
    assert len(promised) == 80
    assert {(hint.id, hint.at) for hint in engine_on.hints} == promised


def test_a_timer_of_a_task_that_was_done_is_gone(engine_on: Office) -> None:
    body = diagram(
        start(),
        user("a"),
        boundary("b", "a", timer("P1D")),
        user("c"),
        end(),
        chain("s", "a", "e") + chain("b", "c", "e"),
    )
    engine_on.deploy(body)
    engine_on.start()
    engine_on.complete("a")
    engine_on.pass_time(timedelta(days=2))
    assert not engine_on.engine.due()
    assert engine_on.rows(TimerRow)[0].state == "cancelled"


def test_a_timer_that_interrupts_closes_the_task(engine_on: Office) -> None:
    body = diagram(
        start(),
        user("a"),
        boundary("b", "a", timer("P1D")),
        user("c"),
        end(),
        chain("s", "a", "e") + chain("b", "c", "e"),
    )
    engine_on.deploy(body)
    case = engine_on.start().instance_id
    engine_on.pass_time(timedelta(days=1))
    fire_due(engine_on)
    assert [task.node for task in engine_on.open_tasks()] == ["c"]
    assert "cancelled a" in engine_on.story(case)


def test_a_cycle_fires_as_often_as_it_says(engine_on: Office) -> None:
    cycle = timer("R3/P1D").replace("timeDuration", "timeCycle")
    body = diagram(
        start(),
        user("a"),
        boundary("b", "a", cycle, interrupting=False),
        user("c"),
        end(),
        chain("s", "a", "e") + chain("b", "c", "e"),
    )
    engine_on.deploy(body)
    engine_on.start()
    for _ in range(5):
        engine_on.pass_time(timedelta(days=1))
        fire_due(engine_on)
    assert sorted(task.node for task in engine_on.open_tasks()) == ["a", "c", "c", "c"]


def test_a_timer_of_a_suspended_case_waits_for_it(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    case = engine_on.start().instance_id
    engine_on.do(SuspendInstance, OPERATOR, instance_id=case, reason="court")
    engine_on.pass_time(timedelta(days=2))
    assert not engine_on.engine.due()
    assert engine_on.engine.fire(engine_on.rows(TimerRow)[0].id) is False
    engine_on.do(ResumeInstance, OPERATOR, instance_id=case, reason="over")
    assert fire_due(engine_on) == 1


def test_a_timer_that_fails_in_an_unforeseen_way_is_put_off_with_an_incident(
    engine_on: Office,
) -> None:
    engine_on.deploy(WAITS)
    case = engine_on.start().instance_id
    engine_on.pass_time(timedelta(days=1))
    with engine_on.everything.begin() as connection:
        intact = connection.execute(select(InstanceRow.state)).scalar_one()
        connection.execute(update(InstanceRow).values(state=intact.replace('"tokens"', '"nokens"')))
    assert fire_due(engine_on) == 0
    (incident,) = engine_on.rows(IncidentRow)
    assert (incident.instance_id, incident.node) == (case, "t")
    assert not engine_on.engine.due()
    with engine_on.everything.begin() as connection:
        connection.execute(update(InstanceRow).values(state=intact))
    engine_on.pass_time(timedelta(hours=1))
    assert fire_due(engine_on) == 1


def test_many_timers_of_one_minute_fire_once_each_by_four_workers(engine_on: Office) -> None:
    """Fifty cases with as many timers each as make 5,000, or 1,000 in the short run."""
    waits = [f"t{n}" for n in range(100 if LONG else 20)]
    body = [catch(each, timer("P1D")) for each in waits]
    flows = chain("s", "g") + "".join(chain("g", each, "j") for each in waits) + chain("j", "e")
    engine_on.deploy(diagram(start(), gateway("g", "parallel"), *body, gateway("j", "parallel"), end(), flows))
    cases = [engine_on.start().instance_id for _ in range(50)]
    engine_on.pass_time(timedelta(days=1))

    def worker(_number: int) -> int:
        fired = 0
        while due := list(engine_on.engine.due(200).timer_ids):
            # Each worker begins elsewhere, as they do who hear of different hints.
            shuffle(due)
            fired += sum(engine_on.engine.fire(timer_id) for timer_id in due)
        return fired

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(worker, range(4))) == 50 * len(waits)
    assert {engine_on.case(case).status for case in cases} == {"completed"}
    told = Counter((row.instance_id, row.node) for row in engine_on.rows(HistoryRow, kind="timer-fired"))
    assert len(told) == 50 * len(waits) and set(told.values()) == {1}


def test_two_hundred_timers_fire_once_each_by_three_workers(engine_on: Office) -> None:
    engine_on.deploy(WAITS)
    cases = [engine_on.start().instance_id for _ in range(200)]
    engine_on.pass_time(timedelta(days=1))

    def worker(_number: int) -> int:
        fired = 0
        while due := engine_on.engine.due(50).timer_ids:
            fired += sum(engine_on.engine.fire(timer_id) for timer_id in due)
        return fired

    with ThreadPoolExecutor(3) as workers:
        assert sum(workers.map(worker, range(3))) == 200
    assert sorted(task.instance_id for task in engine_on.open_tasks()) == sorted(cases)
    assert all(engine_on.story(case).count("timer-fired t") == 1 for case in cases)


def test_a_case_that_never_rests_gets_an_incident_and_holds_up_nobody(engine_on: Office) -> None:
    spins = diagram(
        start(),
        catch("t", timer("P1D")),
        gateway("m"),
        script("x", "n = 1"),
        chain("s", "t", "m", "x", "m"),
    )
    engine_on.deploy(spins)
    case = engine_on.start().instance_id
    engine_on.pass_time(timedelta(days=1))
    assert fire_due(engine_on) == 0
    (incident,) = engine_on.rows(IncidentRow)
    assert (incident.instance_id, incident.node, incident.state) == (case, "t", "open")
    assert not engine_on.engine.due()
    engine_on.pass_time(timedelta(hours=1))
    assert engine_on.engine.due()
