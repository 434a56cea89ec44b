"""How commands answer: JSON on standard output and nothing else, or lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from engine.diagram import Problem
from engine.model import Json

#: Exit status of a refused input.
REFUSED = 1


def print_json(value: Json, *, indent: int | None = 2) -> None:
    """Write one JSON document; `indent` None keeps it on a line, for batches."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Write a line for a person."""
    sys.stdout.write(f"{text}\n")


def verdict(problems: Iterable[Problem]) -> dict[str, Json]:
    """Give problems as the contract prints them."""
    told = [
        {"severity": p.severity, "rule": p.rule, "file": p.file, "element": p.element, "message": p.message}
        for p in problems
    ]
    return {"ok": all(problem["severity"] != "error" for problem in told), "problems": told}


def say_problems(told: dict[str, Json]) -> None:
    """Write problems as lines: file, element, sentence, rule."""
    for problem in told["problems"]:
        place = ":".join(filter(None, [problem["file"], problem["element"]]))
        say(f"{problem['severity']:<7} {place}: {problem['message']} [{problem['rule']}]")
