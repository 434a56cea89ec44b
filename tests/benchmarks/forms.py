"""Forms: render, decode and validate a form of 300 fields, beside the bare validator; the middle of several runs."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from jsonschema import Draft202012Validator

from forms.compile import compile_form
from forms.decode import decode
from forms.validate import validate
from forms.view import view
from web.ui.forms import render_form

GROUPS = 60
RUNS = 15
GROUP: dict[str, Any] = {
    "type": "object",
    "title": "Oddíl",
    "required": ["a", "e"],
    "properties": {
        "a": {"type": "string", "title": "Název", "maxLength": 100},
        "b": {"type": "integer", "title": "Počet", "minimum": 0},
        "c": {"title": "Druh", "enum": ["x", "y", "z"]},
        "d": {"type": "string", "title": "Den", "format": "date"},
        "e": {"type": "string", "title": "IČO", "format": "cz-ico"},
    },
}
SCHEMA = {"type": "object", "properties": {f"s{at}": GROUP for at in range(GROUPS)}}
DATA = {f"s{at}": {"a": "text", "b": at, "c": "x", "d": "2027-01-01", "e": "05129061"} for at in range(GROUPS)}
PAIRS = [(f"/{group}/{name}", str(value)) for group, row in DATA.items() for name, value in row.items()]


def main() -> None:
    """Print the figures."""
    form = compile_form(SCHEMA)
    bare = Draft202012Validator(SCHEMA)
    compiled = middle(lambda: compile_form(SCHEMA), runs=3)
    alone = middle(lambda: list(bare.iter_errors(DATA)))
    rendered = middle(lambda: render_form(view(form, DATA)))
    decoded = middle(lambda: decode(form, PAIRS))
    validated = middle(lambda: validate(form, DATA))
    told(f"form of {GROUPS * 5} fields: compile {compiled:.0f} ms once a deployment")
    told(f"  validator alone {alone:.1f} ms")
    for name, taken in (("render", rendered), ("decode", decoded), ("validate", validated)):
        told(f"  {name} {taken:.1f} ms, {taken / alone:.1f} x the validator alone")
    return 0


def middle(run: Callable[[], object], runs: int = RUNS) -> float:
    """Milliseconds of the middle run."""
    taken = []
    for _ in range(runs):
        began = perf_counter()
        run()
        taken.append((perf_counter() - began) * 1000)
    return median(taken)


def told(line: str) -> None:
    print(line, flush=True)
