"""Several at once, and a process that dies in the middle."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from random import shuffle
from typing import Any

import pytest
from sqlalchemy import select

from engine import kernel
from engine.commands import CompleteHumanTask, CorrelateMessage
from engine.errors import HumanTaskNotOpen
from engine.handlers import movement
from engine.store.base import Base
from engine.store.cases import InstanceRow, KeptMessageRow, TimerRow
from tests.integration.diagrams import (
    catch,
    chain,
    correlation,
    diagram,
    end,
    gateway,
    message,
    messages,
    start,
    throw,
    timer,
    user,
)
from tests.integration.office import JANA, PETR, Office

PAID = message("paid")
HEAD = messages("paid")
TWO_TASKS = diagram(start(), user("a"), user("b"), end(), chain("s", "a", "b", "e"))
SIDE_BY_SIDE = diagram(
    start(),
    gateway("g", "parallel"),
    *(user(f"u{n}") for n in range(8)),
    gateway("j", "parallel"),
    end(),
    chain("s", "g") + "".join(chain("g", f"u{n}", "j") for n in range(8)) + chain("j", "e"),
)


class Killed(BaseException):
    """What a process that is killed looks like from inside: nobody catches it."""


def everything(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    with office.everything.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_of_two_people_at_one_task_one_wins_and_the_other_is_told(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    for _ in range(5):
        case = engine_on.start().instance_id
        task = engine_on.open_task("a", case)

        def complete(person: Any, task_id: str = task.id) -> str:
            try:
                engine_on.do(CompleteHumanTask, person, task_id=task_id)
            except HumanTaskNotOpen:
                return "told"
            return "won"

        with ThreadPoolExecutor(2) as people:
            assert sorted(people.map(complete, [JANA, PETR])) == ["told", "won"]
        assert engine_on.story(case).count("task-completed a") == 1


def test_commands_on_one_case_follow_each_other_and_none_is_lost(engine_on: Office) -> None:
    engine_on.deploy(SIDE_BY_SIDE)
    case = engine_on.start().instance_id
    tasks = engine_on.open_tasks()
    with ThreadPoolExecutor(4) as people:
        list(
            people.map(lambda task: engine_on.do(CompleteHumanTask, JANA, task_id=task.id, data={task.node: 1}), tasks)
        )
    instance = engine_on.case(case)
    assert instance.status == "completed"
    assert {f"u{n}" for n in range(8)} <= kernel.variables(instance.state).keys()


def test_what_dies_in_the_middle_leaves_nothing(engine_on: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_on.deploy(TWO_TASKS)
    engine_on.start()
    task = engine_on.open_task("a")
    before = everything(engine_on)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(movement.Movement, "finish", lambda self: (self.teller.rows.write(), die()))
        with pytest.raises(Killed):
            engine_on.do(CompleteHumanTask, JANA, task_id=task.id)
    assert everything(engine_on) == before
    engine_on.complete("a")
    assert engine_on.open_task("b")


def test_a_message_sent_by_a_process_that_dies_after_commit_is_delivered_by_the_beat(
    engine_on: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = diagram(start(), catch("m", PAID), user("a"), end(), chain("s", "m", "a", "e"), head=HEAD)
    sends = diagram(start("s2"), throw("t", PAID), end("e2"), chain("s2", "t", "e2"), process="q", head=HEAD)
    engine_on.deploy(waits, sends)
    engine_on.start()

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(engine_on.engine), "_follow", die)
        with pytest.raises(Killed):
            engine_on.start("q")
    engine = engine_on.restarted()
    (row_id,) = engine.due().message_ids
    engine.deliver(row_id)
    assert engine_on.open_task("a")
    assert not engine.due()


def test_a_message_and_its_receiver_that_come_at_the_same_time_meet(engine_on: Office) -> None:
    waits = diagram(start(), catch("m", PAID, correlation("vs", "vs")), end(), chain("s", "m", "e"), head=HEAD)
    engine_on.deploy(waits)

    def both(number: int) -> None:
        vs = str(number // 2)
        if number % 2:
            engine_on.start(variables={"vs": vs})
        else:
            engine_on.message("paid", {"vs": vs})

    with ThreadPoolExecutor(4) as people:
        list(people.map(both, range(40)))
    assert {row.state for row in engine_on.rows(KeptMessageRow)} <= {"delivered"}
    assert not engine_on.engine.due()


def test_cases_that_write_to_each_other_both_ways_do_not_wait_in_a_circle(engine_on: Office) -> None:
    """Pairs of cases whose tasks are completed at once, each sending a message to the other one's boundary."""
    names = messages("ping", "pong")

    def talks(process: str, says: str, hears: str) -> bytes:
        own = {node: f"{process}_{node}" for node in ("s", "u", "t", "b", "e", "w")}
        return diagram(
            start(own["s"]),
            user(own["u"]),
            throw(own["t"], message(says), correlation("pair", "pair")),
            catch(own["b"], message(hears), correlation("pair", "pair")),
            end(own["e"]),
            chain(own["s"], own["u"], own["t"], own["b"], own["e"]),
            process=process,
            head=names,
        )

    engine_on.deploy(talks("left", "ping", "pong"), talks("right", "pong", "ping"))
    pairs = [str(number) for number in range(15)]
    cases = [engine_on.start(side, {"pair": pair}).instance_id for pair in pairs for side in ("left", "right")]
    tasks = [task.id for task in engine_on.open_tasks()]
    with ThreadPoolExecutor(6) as people:
        list(people.map(lambda task: engine_on.do(CompleteHumanTask, JANA, task_id=task), tasks))
    for row_id in engine_on.engine.due().message_ids:
        engine_on.engine.deliver(row_id)
    assert {engine_on.case(case).status for case in cases} == {"completed"}
    assert len(engine_on.rows(KeptMessageRow, state="delivered")) == len(cases)


def test_a_case_that_is_held_by_a_slow_command_does_not_hold_up_others(engine_on: Office) -> None:
    if engine_on.database.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer; a command holds it for milliseconds")
    engine_on.deploy(TWO_TASKS)
    slow, quick = (engine_on.start().instance_id for _ in range(2))
    with engine_on.everything.begin() as connection:
        # What a slow command does: it holds the case's row.
        connection.execute(select(InstanceRow.id).where(InstanceRow.id == slow).with_for_update())
        engine_on.complete("a", case=quick)
        assert engine_on.open_task("b", quick)
    engine_on.complete("a", case=slow)


def test_tasks_of_one_case_messages_to_it_and_its_timers_come_at_once_and_all_count(engine_on: Office) -> None:
    inner = [user(f"u{n}") for n in range(5)] + [
        catch(f"m{n}", message(f"n{n}")) if n % 2 else catch(f"m{n}", timer("PT1S")) for n in range(6)
    ]
    nodes = [f"u{n}" for n in range(5)] + [f"m{n}" for n in range(6)]
    engine_on.deploy(
        diagram(
            start(),
            gateway("g", "parallel"),
            *inner,
            gateway("j", "parallel"),
            end(),
            chain("s", "g") + "".join(chain("g", each, "j") for each in nodes) + chain("j", "e"),
            head=messages(*(f"n{n}" for n in range(6))),
        )
    )
    cases = [engine_on.start().instance_id for _ in range(3)]
    engine_on.pass_time(timedelta(seconds=2))
    doings: list[Callable[[], object]] = []
    for case in cases:
        tasks = [task.id for task in engine_on.open_tasks() if task.instance_id == case]
        doings += [partial(engine_on.do, CompleteHumanTask, JANA, task_id=task) for task in tasks]
        doings += [partial(engine_on.message, f"n{n}", instance_id=case) for n in (1, 3, 5)]
        doings += [partial(engine_on.engine.fire, row.id) for row in engine_on.rows(TimerRow, instance_id=case)] * 2
    shuffle(doings)
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda do: do(), doings))
    assert {engine_on.case(case).status for case in cases} == {"completed"}


def test_the_same_message_from_two_senders_at_once_is_one(engine_on: Office) -> None:
    begins = diagram(start(inner=PAID), user("a"), end(), chain("s", "a", "e"), head=HEAD)
    engine_on.deploy(begins)

    def send(_: int) -> str | None:
        return engine_on.do(CorrelateMessage, name="paid", message_id="bank-1")

    with ThreadPoolExecutor(4) as senders:
        assert len(set(senders.map(send, range(4)))) == 1
    assert len(engine_on.open_tasks()) == 1
