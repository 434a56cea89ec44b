"""Plays a scenario on a stage: people answer, money comes, time goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.calendar import day_in_prague
from engine.errors import EngineError
from engine.model import Json
from processes.agenda import Agenda
from processes.scenarios.acting import Acting
from processes.scenarios.coverage import Coverage
from processes.scenarios.expecting import check
from processes.scenarios.failing import Failed
from processes.scenarios.office import Office
from processes.scenarios.reading import Scenario, Step
from processes.scenarios.stage import Stage
from processes.scenarios.systems import data_message, prepare
from processes.scenarios.voting import cast


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Where a story stopped, and why."""

    #: Number of the step, from one; its word; the day in the story.
    number: int
    kind: str
    day: date
    error: Failed | EngineError
    #: What stands after the step's word.
    what: Json = None

    def __str__(self) -> str:
        return f"Step {self.number} ({self.kind}, {self.day}): {self.error or type(self.error).__name__}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a scenario ended."""

    path: str
    title: str
    #: The first thing that didn't come as expected.
    failure: Failure | None = None
    #: Nodes that were passed, of all cases, in order.
    trace: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Everything came as expected."""
        return self.failure is None

    @property
    def problem(self) -> str:
        """What didn't come as expected, in English; "" when everything did."""
        return str(self.failure or "")

    def as_json(self) -> dict[str, Json]:
        """Give it as `radnice scenario --json` prints it."""
        return {"scenario": self.path, "title": self.title, "ok": self.ok, "problem": self.problem, "trace": self.trace}


def play(scenario: Scenario, agenda: Agenda, stage: Stage, coverage: Coverage | None = None) -> Outcome:
    """Play a scenario to its end or to the first thing that isn't as expected."""
    office = Office(stage)
    acting = Acting(office=office, agenda=agenda, process=scenario.process)
    failure = None
    stage.clock.set(scenario.starts)
    for number, step in enumerate(scenario.steps, 1):
        try:
            act(acting, step)
        except (Failed, EngineError) as error:
            failure = Failure(
                number=number, kind=step.kind, day=day_in_prague(stage.clock.now()), error=error, what=step.what
            )
            break
    passed = office.passed()
    if coverage is not None:
        for node, facts in passed:
            coverage.add(node, facts)
    trace = [node for node, _ in passed]
    return Outcome(path=scenario.path, title=scenario.title, failure=failure, trace=trace)


def act(acting: Acting, step: Step) -> None:
    """Take one step and let the office come to rest."""
    do = _ACTS[step.kind]
    do(acting, step.what, step.words)
    acting.office.settle()


def _expect(acting: Acting, what: Json, words: Mapping[str, Json]) -> None:
    check(acting.office, acting.office.case(words.get("in")), what)


def _wait(acting: Acting, what: Json, words: Mapping[str, Json]) -> None:
    acting.office.wait(str(what))


def _until(acting: Acting, what: Json, words: Mapping[str, Json]) -> None:
    acting.office.until(str(what))


_ACTS: Mapping[str, Callable[[Acting, Json, Mapping[str, Json]], None]] = {
    "start": Acting.start,
    "answer": Acting.answer,
    "offer": Acting.use_offer,
    "pay": Acting.pay,
    "pay_out": Acting.pay_out,
    "card": Acting.card,
    "http": prepare,
    "data_message": data_message,
    "record": Acting.record,
    "ballot": cast,
    "tie": Acting.tie,
    "rows": Acting.rows,
    "message": Acting.message,
    "wait": _wait,
    "until": _until,
    "expect": _expect,
}
