"""`radnice audit export --tenant KEY` and `radnice audit verify FILE`."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from engine.audit_chain import canonical, verify
from engine.auditing import NoteEvent
from engine.model import SYSTEM
from engine.queries.audit import exported
from engine.queries.people import tenant_of
from engine.store.session import TENANT, reading_one_moment
from web.commands.answer import REFUSED, print_json, say
from web.commands.installation import installation


def add_commands(commands: Any) -> None:
    """Add both."""
    verbs = commands.add_parser("audit", help="the chain of what was done").add_subparsers(dest="verb", required=True)
    export = verbs.add_parser("export", help="write the whole chain of an organisation, one JSON object a line")
    export.add_argument("--tenant", required=True)
    export.add_argument("--out", type=Path, help="a file instead of standard output")
    export.set_defaults(run=run_export)
    checking = verbs.add_parser("verify", help="check an export; needs no database")
    checking.add_argument("file", type=Path)
    checking.add_argument("--head", default="", help="hash of a seal noted down earlier, which must be in it")
    checking.add_argument("--json", action="store_true")
    checking.set_defaults(run=run_verify)


def run_export(arguments: argparse.Namespace) -> int:
    """Seal what isn't yet, then write everything as it is at one moment."""
    with installation() as parts:
        with parts.sessions(info={TENANT: arguments.tenant}) as session:
            tenant_of(session, arguments.tenant)
        parts.engine.execute(NoteEvent(tenant=arguments.tenant, actor=SYSTEM, kind="exported", object_kind="audit"))
        parts.engine.seal()
        with (
            reading_one_moment(parts.sessions, arguments.tenant) as session,
            arguments.out.open("wb") if arguments.out else nullcontext(sys.stdout.buffer) as target,
        ):
            _write(target, exported(session, arguments.tenant, parts.clock.now()))
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Tell what doesn't hold; 1 when anything doesn't."""
    with arguments.file.open(encoding="utf-8") as lines:
        found = verify(lines, arguments.head)
    if arguments.json:
        print_json({"ok": not found.problems, **asdict(found)})
    else:
        for problem in found.problems:
            say(problem)
        say(f"{found.tenant}: {found.entries} entries in {found.seals} seals, {found.erased} of them erased,")
        say(f"{found.unsealed} not sealed yet; the chain ends with {found.head}")
    return REFUSED if found.problems else 0


def _write(target: IO[bytes], records: Any) -> None:
    for record in records:
        target.write(canonical(json.loads(json.dumps(record))) + b"\n")
