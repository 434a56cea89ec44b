"""`radnice form render` and `radnice form decode`: a schema's page, and what a browser would post back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from engine.errors import ScriptError
from engine.expressions import evaluate_value
from forms.compile import Form, compile_form
from forms.decode import Decoder
from forms.errors import FormError, FormSchemaError
from forms.initial import initial
from forms.validate import validate
from forms.view import view
from forms.words import title_of
from web.ui.forms import render_page

#: Larger files than any form has.
MAX_BYTES = 20_000_000


def add_commands(commands: Any) -> None:
    """Add `form render` and `form decode` to the subcommands of a parser; each sets `run`."""
    form = commands.add_parser("form", help="a form's page, and what is posted from it")
    verbs = form.add_subparsers(dest="verb", required=True)
    render = verbs.add_parser("render", help="write the form as a complete HTML page")
    render.add_argument("schema", type=Path)
    render.add_argument("--data", type=Path, help="answers, JSON")
    render.add_argument("--errors", action="store_true", help="show what is wrong with the answers")
    render.add_argument("--step", help="key of the step to show")
    render.add_argument("--lang", default="cs", choices=("cs", "en"))
    render.set_defaults(run=run_render)
    decode = verbs.add_parser("decode", help="read a posted form")
    decode.add_argument("schema", type=Path)
    decode.add_argument("--body", type=Path, required=True, help="application/x-www-form-urlencoded")
    decode.add_argument("--lang", default="cs", choices=("cs", "en"))
    decode.add_argument("--json", action="store_true", help="JSON on standard output (always so)")
    decode.set_defaults(run=run_decode)


def run_render(args: argparse.Namespace) -> int:
    """Write the page; 1 when the schema or the answers can't be used."""
    form = _form(args.schema)
    data = _answers(args.data) if args.data else initial(form)
    errors = validate(form, data, lang=args.lang, evaluate=evaluate_value) if args.errors else []
    shown = view(form, data, errors=errors, lang=args.lang, step=args.step, evaluate=evaluate_value, extras=True)
    sys.stdout.write(render_page(shown, title=title_of(form, args.lang) or args.schema.stem))
    return 0


def run_decode(args: argparse.Namespace) -> int:
    """Write the answers and their errors as JSON."""
    form = _form(args.schema)
    body = _read(args.body).strip("\r\n")
    pairs = parse_qsl(body, keep_blank_values=True, encoding="utf-8", errors="replace")
    decoder = Decoder(form, None, evaluate=evaluate_value)
    decoder.known_files = _Any()
    decoder.extras = True
    data = decoder.read(pairs, {})
    errors = validate(form, data, lang=args.lang, evaluate=evaluate_value)
    found = [{"pointer": e.pointer, "keyword": e.keyword, "message": e.message} for e in errors]
    sys.stdout.write(json.dumps({"data": data, "errors": found}, ensure_ascii=False) + "\n")
    return 0


class _Any(frozenset[str]):
    """Every id is known: there is no store of files behind the command line."""

    def __contains__(self, item: object) -> bool:
        return True


def _form(path: Path) -> Form:
    schema = _json(path)
    return compile_form(schema)


def _answers(path: Path) -> dict[str, Any]:
    data = _json(path)
    if isinstance(data, dict) and isinstance(data.get("data"), dict) and data.keys() <= {"data", "$schema"}:
        data = data["data"]
    if not isinstance(data, dict):
        raise FormError(f"{path}: answers are a JSON object.")
    return data


def _json(path: Path) -> Any:
    try:
        return json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise FormError(f"{path}: this is not JSON ({str(error)[:120]}).") from error


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FormError(f"{path}: the file is too large for a form.")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormError(f"{path}: the file can't be read ({error}).") from error


def run(args: argparse.Namespace) -> int:
    """Run a form command; a refused input is one sentence on standard error and status 1."""
    try:
        status: int = args.run(args)
    except FormSchemaError as error:
        sys.stderr.write(f"{args.schema}: {error} ({error.pointer or 'top'})\n")
        return 1
    except (FormError, ScriptError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return status


def main(words: Sequence[str] | None = None) -> int:
    """Run `python -m web.forms_cli render|decode …`."""
    parser = argparse.ArgumentParser(prog="radnice")
    add_commands(parser.add_subparsers(dest="command", required=True))
    given = list(sys.argv[1:] if words is None else words)
    return run(parser.parse_args(given if given[:1] == ["form"] else ["form", *given]))


if __name__ == "__main__":
    sys.exit(main())
