"""`radnice run MODEL.bpmn --json`, `radnice run --batch`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine import headless
from engine.errors import EngineError, Invalid
from engine.headless import MOST_STEPS, RunResult, run_line
from engine.kernel import Logic
from engine.model import Json
from web.commands.answer import REFUSED, print_json


def add_commands(commands: Any) -> None:
    """Add the command."""
    running = commands.add_parser("run", help="run one process headless; nothing leaves the machine")
    running.add_argument("model", nargs="?", type=Path, metavar="MODEL.bpmn")
    running.add_argument("--process", help="id of the process; otherwise every one that begins by itself")
    running.add_argument("--data", default="{}", metavar="JSON", help="variables it begins with")
    running.add_argument("--answers", type=Path, metavar="FILE", help="what people answer, by activity")
    running.add_argument("--max-steps", type=int, default=MOST_STEPS)
    running.add_argument("--json", action="store_true", help="JSON on standard output (always so)")
    running.add_argument("--batch", action="store_true", help="one JSON object a line on standard input")
    running.set_defaults(run=run_run, parser=running)


def run_run(arguments: argparse.Namespace) -> int:
    """Run a model; 1 when it is refused."""
    if arguments.batch:
        return run_batch()
    if arguments.model is None:
        arguments.parser.print_usage(sys.stderr)
        return 2
    result = _run_file(arguments)
    print_json(asdict(result))
    return REFUSED if result.status == "refused" else 0


def run_batch() -> int:
    """Run one model a line; a bad line is a result like any other."""
    for line in sys.stdin:
        if line.strip():
            print_json(run_line(line, _decisions), indent=None)
    return 0


def _run_file(arguments: argparse.Namespace) -> RunResult:
    try:
        data = _object(arguments.data, "--data")
        answers = _object(arguments.answers.read_text("utf-8"), "--answers") if arguments.answers else {}
        content = arguments.model.read_bytes()
        logic = _decisions(arguments.model.parent)
        return headless.run(content, arguments.process, data, answers, arguments.max_steps, logic)
    except (EngineError, OSError, UnicodeDecodeError) as error:
        return RunResult(status="refused", problems=[{"element": None, "message": str(error)}])


def _decisions(folder: Path) -> Logic | None:
    """Give the logic of the decision tables that lie beside the diagram; None where there are none."""
    tables = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
    if not tables:
        return None
    # It brings the database along, which a diagram without decisions doesn't need.
    from engine.handlers.logic import logic_of

    return logic_of(tables)


def _object(text: str, name: str) -> dict[str, Json]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{name} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Invalid(f"{name} should be a JSON object.")
    return value
