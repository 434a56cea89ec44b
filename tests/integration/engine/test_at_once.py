"""Several at once, and a process that dies in the middle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import kernel
from engine.commands import CompleteHumanTask, CorrelateMessage
from engine.errors import HumanTaskNotOpen
from engine.handlers import movement
from engine.store.base import Base
from engine.store.cases import KeptMessageRow
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
    with office.database.connect() as connection:
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


def test_the_same_message_from_two_senders_at_once_is_one(engine_on: Office) -> None:
    begins = diagram(start(inner=PAID), user("a"), end(), chain("s", "a", "e"), head=HEAD)
    engine_on.deploy(begins)

    def send(_: int) -> str | None:
        return engine_on.do(CorrelateMessage, name="paid", message_id="bank-1")

    with ThreadPoolExecutor(4) as senders:
        assert len(set(senders.map(send, range(4)))) == 1
    assert len(engine_on.open_tasks()) == 1
