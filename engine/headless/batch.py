"""`radnice run`: one file, or a batch with a JSON object a line in and one out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from engine.diagram import NOT_EXECUTABLE, Problem
from engine.errors import EngineError
from engine.headless.play import Answers, Play, RunResult
from engine.kernel import Logic, StarlarkLogic
from engine.model import Json, Variables
from engine.reading import read_model

MOST_STEPS = 200_000


def run(
    model_bytes: bytes,
    process: str | None = None,
    data: Variables | None = None,
    answers: Answers | None = None,
    max_steps: int = MOST_STEPS,
    logic: Logic | None = None,
) -> RunResult:
    """Run a BPMN file to its end, or until only people's absence or an incident holds it."""
    try:
        model = read_model(model_bytes)
        refused = [told(p) for p in model.problems if p.rule == NOT_EXECUTABLE]
    except EngineError as error:
        refused = [{"element": None, "message": str(error)}]
    if refused:
        return RunResult(status="refused", problems=refused)
    play = Play(model, answers or {}, logic or StarlarkLogic())
    try:
        play.begin(process, data or {})
    except EngineError as error:
        return RunResult(status="refused", problems=[{"element": process, "message": str(error)}])
    play.go(max_steps)
    return play.result()


def told(problem: Problem) -> dict[str, Json]:
    """Give a problem as the contract prints it."""
    return {"element": problem.element, "message": problem.message}


def run_line(line: str, logic_in: Callable[[Path], Logic | None] = lambda folder: None) -> dict[str, Json]:
    """Run one line of a batch; whatever is wrong with it becomes its result.

    `logic_in` gives the logic of the model's folder, where its decisions lie.
    """
    try:
        row = json.loads(line)
        path = Path(row["model"])
        given = (row.get("process"), row.get("data"), row.get("answers"))
        result = run(path.read_bytes(), *given, logic=logic_in(path.parent))
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EngineError) as error:
        result = RunResult(status="refused", problems=[{"element": None, "message": str(error)}])
    return asdict(result)


def main() -> None:
    """Read the batch from standard input, write one result a line."""
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(json.dumps(run_line(line), ensure_ascii=False) + "\n")
            sys.stdout.flush()
