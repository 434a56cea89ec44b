"""`radnice check PATH… [--json]`, `radnice check --batch`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.check import check_bpmn, check_dmn
from engine.diagram import Problem
from engine.errors import EngineError
from engine.model import Json
from web.commands.answer import REFUSED, print_json, say, say_problems, verdict
from web.inspection import form_problems
from web.mending import mended


def add_commands(commands: Any) -> None:
    """Add the command."""
    check = commands.add_parser("check", help="say what is wrong with an agenda, diagram or form")
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    check.add_argument("--json", action="store_true")
    check.add_argument("--batch", action="store_true", help='{"model": PATH} a line on standard input')
    check.add_argument("--lang", choices=("cs", "en"), default="cs")
    check.set_defaults(run=run_check, parser=check)


def run_check(arguments: argparse.Namespace) -> int:
    """Check what is named; 1 when anything has an error."""
    if arguments.batch:
        return check_batch(arguments.lang)
    if not arguments.paths:
        arguments.parser.print_usage(sys.stderr)
        return 2
    told = verdict(problem for path in arguments.paths for problem in problems_of(path, arguments.lang))
    if arguments.json:
        print_json(told)
    else:
        say_problems(told)
        say("V pořádku." if told["ok"] and arguments.lang == "cs" else "All right." if told["ok"] else "")
    return 0 if told["ok"] else REFUSED


def check_batch(lang: str) -> int:
    """Check one model a line; a bad line is a result like any other."""
    for line in sys.stdin:
        if line.strip():
            print_json(_check_line(line, lang), indent=None)
    return 0


def problems_of(path: Path, lang: str) -> list[Problem]:
    """Give what is wrong with an agenda's folder or zip, or with one file. Never raises for a bad one."""
    kind = path.suffix.lower()
    try:
        if kind in _FILES:
            return _FILES[kind](path.read_bytes(), lang, str(path))
        return _agenda(path, lang)
    except (EngineError, OSError) as error:
        return [Problem("error", "unreadable", None, str(error), str(path))]


def _agenda(path: Path, lang: str) -> list[Problem]:
    # Connectors, database and templates take seconds to import and a single diagram needs none of them.
    from processes.catalogue import read_path
    from web.inspection import inspect

    return inspect(read_path(path), lang)


def _check_line(line: str, lang: str) -> Mapping[str, Json]:
    try:
        return verdict(problems_of(Path(json.loads(line)["model"]), lang))
    except (ValueError, KeyError, TypeError) as error:
        return verdict([Problem("error", "bad-line", None, f"The line is not understood: {error!r}")])


def _bpmn(content: bytes, lang: str, file: str) -> list[Problem]:
    return check_bpmn(content, lang=lang, file=file)


def _dmn(content: bytes, lang: str, file: str) -> list[Problem]:
    return check_dmn(content, lang=lang, file=file)


def _form(content: bytes, lang: str, file: str) -> list[Problem]:
    try:
        return [mended(problem, lang) for problem in form_problems(json.loads(content), file)]
    except (ValueError, RecursionError) as error:
        return [Problem("error", "json-unreadable", None, str(error), file)]


_FILES: Mapping[str, Callable[[bytes, str, str], list[Problem]]] = {".bpmn": _bpmn, ".dmn": _dmn, ".json": _form}
