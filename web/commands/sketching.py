"""`radnice sketch MODEL.bpmn [--out FILE] [--json]`, `radnice sketch --batch`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.model import Json
from engine.sketch import Sketch, sketch
from web.commands.answer import REFUSED, print_json, say


def add_commands(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("sketch", help="make a drawn diagram runnable")
    command.add_argument("model", nargs="?", type=Path, metavar="MODEL.bpmn")
    command.add_argument("--out", type=Path, metavar="FILE", help="where to write it (MODEL.sketch.bpmn)")
    command.add_argument("--json", action="store_true")
    command.add_argument("--batch", action="store_true", help='{"model": PATH, "out": PATH} a line on standard input')
    command.add_argument("--lang", choices=("cs", "en"), default="cs")
    command.set_defaults(run=run_sketch, parser=command)


def run_sketch(arguments: argparse.Namespace) -> int:
    """Make one diagram runnable, or many; 1 when it can't be."""
    if arguments.batch:
        return sketch_batch(arguments.lang)
    if arguments.model is None:
        arguments.parser.print_usage(sys.stderr)
        return 2
    told = sketch_file(arguments.model, arguments.out, arguments.lang)
    if arguments.json:
        print_json(told)
    else:
        for one in told["todo"]:
            say(f"{one['element'] or '–'}: {one['message']}")
        say(f"→ {told['out']}" if told["ok"] else "Nejde spustit." if arguments.lang == "cs" else "It can't run.")
    return 0 if told["ok"] else REFUSED


def sketch_batch(lang: str) -> int:
    """Make one diagram a line runnable; a bad line is a result like any other."""
    for line in sys.stdin:
        if line.strip():
            print_json(_sketch_line(line, lang), indent=None)
    return 0


def sketch_file(model: Path, out: Path | None, lang: str) -> dict[str, Json]:
    """Read a diagram, write the runnable one and its forms beside it."""
    out = out or model.with_suffix(".sketch.bpmn")
    try:
        made = sketch(model.read_bytes(), name=out.name.removesuffix(".bpmn").removesuffix(".sketch"), lang=lang)
        if made.content is not None:
            _write(made, out)
    except OSError as error:
        return _told(False, None, [{"element": None, "message": str(error)}])
    todo = [{"element": one.element, "message": one.message} for one in made.todo]
    return _told(made.ok, str(out) if made.ok else None, todo)


def _write(made: Sketch, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made.content or b"")
    for name, schema in made.forms.items():
        place = out.parent / "forms" / f"{name}.json"
        place.parent.mkdir(exist_ok=True)
        place.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _told(ok: bool, out: str | None, todo: list[dict[str, Json]]) -> dict[str, Json]:
    return {"ok": ok, "out": out, "todo": todo}


def _sketch_line(line: str, lang: str) -> Mapping[str, Json]:
    try:
        row = json.loads(line)
        out = row.get("out")
        return sketch_file(Path(row["model"]), Path(out) if out else None, lang)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _told(False, None, [{"element": None, "message": f"The line is not understood: {error!r}"}])
