"""One of 10 … 1,000 events that one case awaits occurs: the engine alone, and durable on every database.

Each item of a multi-instance activity awaits a message by its own key, or is a sub-process with a person's task and a
timer at its boundary. Cases take turns, so what else the machine does hits them alike; medians.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

from engine import kernel
from engine.calendar import SystemClock
from engine.commands import Command, CompleteHumanTask, CorrelateMessage
from engine.reading import read_model
from engine.store.session import make_engine
from tests.benchmarks.ours import open_task
from tests.benchmarks.places import databases
from tests.integration.office import JANA, Office
from tests.unit.kernel.diagrams import body, bpmn, each, extended, on, timer
from web.migrations import upgrade

COUNTS = (10, 100, 1_000)
TIMES = 60

KEY = extended('<radnice:correlation key="k">item</radnice:correlation>')
RECEIVING = bpmn("start -> receive -> end", receive=f'messageRef="m" | {KEY}{each("rows")}')
WORKING = bpmn(
    "start -> sub -> end",
    sub=each("rows") + body("start_in -> user -> end_in; on_t -> end_t", on_t=on("user", timer("P9D"), False)),
)


def main() -> None:
    print(f"One of {', '.join(f'{count:,}' for count in COUNTS)} waits of a case: ms, and the last as times the first")
    told("messages, engine alone", [alone(RECEIVING, count, by_message) for count in COUNTS])
    told("tasks with timers, engine alone", [alone(WORKING, count, by_task) for count in COUNTS])
    for name, place in databases():
        with place as url:
            durable(name, url)


def told(what: str, seconds: list[float]) -> None:
    figures = " ".join(f"{each * 1000:7.2f}" for each in seconds)
    print(f"  {what:<40} {figures} {seconds[-1] / seconds[0]:6.2f}x", flush=True)


def by_message(effect: Any) -> dict[str, Any] | None:
    if effect.do != "wait-set":
        return None
    return {"do": "message", "name": "m", "wait": effect.facts["wait"], "correlation": effect.facts["correlation"]}


def by_task(effect: Any) -> dict[str, Any] | None:
    return {"do": "complete", "activity": effect.activity, "data": {}} if effect.do == "task-opened" else None


def alone(diagram: bytes, count: int, command_of: Callable[[Any], dict[str, Any] | None]) -> float:
    """Seconds of process time of one command, in the middle of those that the first cases of this size get."""
    model, now = read_model(diagram), SystemClock().now
    taken: list[float] = []
    while len(taken) < TIMES:
        step = kernel.advance(model, None, {"do": "start", "process": "p", "data": {"rows": list(range(count))}}, now())
        state = step.state
        for command in [found for found in map(command_of, step.effects) if found][: count - count // 10]:
            begin = process_time()
            state = kernel.advance(model, state, command, now()).state
            taken.append(process_time() - begin)
    return median(taken)


def durable(name: str, url: str) -> None:
    database = make_engine(url)
    upgrade(database)
    office = Office(database)
    try:
        office.deploy(RECEIVING, agenda="waits")
        told(f"messages, {name}", in_turns(office, message))
        office.deploy(WORKING, agenda="waits")
        told(f"tasks with timers, {name}", in_turns(office, task))
    finally:
        office.close()


def in_turns(office: Office, asked: Callable[[Office, str, int], Command[Any]]) -> list[float]:
    taken: list[list[float]] = [[] for _ in COUNTS]
    cases: list[str] = []
    for turn in range(TIMES):
        if not turn % 9:
            cases = [office.start("p", variables={"rows": list(range(count))}).instance_id for count in COUNTS]
        for place, case in enumerate(cases):
            command = asked(office, case, turn % 9)
            begin = perf_counter()
            office.engine.execute(command)
            taken[place].append(perf_counter() - begin)
    return [median(each) for each in taken]


def message(office: Office, case: str, turn: int) -> Command[Any]:
    return CorrelateMessage(tenant=office.tenant, actor=JANA, name="m", correlation={"k": turn}, instance_id=case)


def task(office: Office, case: str, _turn: int) -> Command[Any]:
    return CompleteHumanTask(tenant=office.tenant, actor=JANA, task_id=open_task(office, case), data={})
