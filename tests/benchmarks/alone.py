"""The engine alone, in memory: form validated, state restored from text, moved, written to text again.

Smallest time of several runs, so that what else the machine does counts least.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

from engine import kernel
from engine.calendar import SystemClock
from engine.diagram import Model
from engine.model import Advance
from engine.reading import read_model
from forms.validate import validate
from tests.benchmarks.models import ANSWER, LOOP, TEN_TASKS, many_items
from tests.benchmarks.ours import FORM

RUNS = 5
ROUNDS = (10, 100, 1_000, 5_000)
ITEMS = (10, 100, 1_000)


@dataclass(frozen=True)
class Case:
    """A case in memory and one of its open activities."""

    model: Model
    state: str
    activity: str


def main() -> None:
    print("Engine alone: completions/s of one core, bytes of state")
    told("10 tasks", begun(TEN_TASKS, "p"))
    loop = begun(LOOP, "loop")
    aged = 0
    for rounds in ROUNDS:
        while aged < rounds:
            loop, aged = moved(loop), aged + 1
        told(f"loop with a script, round {rounds:,}", loop)
    for items in ITEMS:
        told(f"multi-instance, {items:,} open items", begun(many_items(items), "p"))


def told(name: str, case: Case) -> None:
    seconds = smallest(lambda: moved(case))
    print(f"  {name:<36} {1 / seconds:7.0f} {len(case.state):9,}", flush=True)


def begun(diagram: bytes, process: str) -> Case:
    model = read_model(diagram)
    step = kernel.advance(model, None, {"do": "start", "process": process, "data": {}}, now())
    return Case(model, step.state, opened(step))


def moved(case: Case) -> Case:
    """Complete the activity."""
    assert not validate(FORM, ANSWER)
    command = {"do": "complete", "activity": case.activity, "data": ANSWER}
    step = kernel.advance(case.model, case.state, command, now())
    return Case(case.model, step.state, opened(step))


def opened(step: Advance) -> str:
    return next((str(effect.activity) for effect in step.effects if effect.do == "task-opened"), "")


def smallest(run: Callable[[], object], times: int = 40) -> float:
    """Seconds of process time of one run, in the quickest of several series."""
    taken = []
    for _ in range(RUNS):
        begin = process_time()
        for _ in range(times):
            run()
        taken.append((process_time() - begin) / times)
    return min(taken)


now = SystemClock().now
