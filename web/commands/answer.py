"""How commands answer: JSON on standard output and nothing else, or lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from engine.diagram import Problem
from engine.model import Json

#: Exit status of a refused input.
REFUSED = 1


class NotReady(Exception):
    """The installation can't be worked with; the message says why and what to do."""


def print_json(value: Json, *, indent: int | None = 2) -> None:
    """Write one JSON document; `indent` None keeps it on a line, for batches."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Write a line for a person."""
    sys.stdout.write(f"{text}\n")


def verdict(problems: Iterable[Problem]) -> dict[str, Json]:
    """Give problems as the contract prints them; where they are known, with how to mend them and the way there."""
    told = [_told(problem) for problem in problems]
    return {"ok": all(problem["severity"] != "error" for problem in told), "problems": told}


def _told(problem: Problem) -> dict[str, Json]:
    told: dict[str, Json] = {
        "severity": problem.severity,
        "rule": problem.rule,
        "file": problem.file,
        "element": problem.element,
        "message": problem.message,
    }
    more = {"mend": problem.mend, "path": list(problem.path)}
    return told | {name: value for name, value in more.items() if value}


def say_problems(told: dict[str, Json]) -> None:
    """Write problems as lines: file, element, sentence, rule; below it how to mend it."""
    for problem in told["problems"]:
        place = ":".join(filter(None, [problem["file"], problem["element"]]))
        say(f"{problem['severity']:<7} {place}: {problem['message']} [{problem['rule']}]")
        if problem.get("mend"):
            say(f"        → {problem['mend']}")
