"""`radnice db upgrade`, `radnice backup FILE`, `radnice restore FILE`, `radnice search rebuild`, `radnice reseal`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.auditing import NoteEvent
from engine.model import SYSTEM
from engine.queries.people import tenants
from engine.store.session import TENANT
from engine.store.wall import EVERY
from web.backup import backup, restore
from web.commands.answer import say
from web.commands.installation import installation
from web.migrations import upgrade
from web.safe import reseal
from web.wording import reword_cases


def add_commands(commands: Any) -> None:
    """Add them."""
    schema = commands.add_parser("db", help="the database's schema").add_subparsers(dest="verb", required=True)
    schema.add_parser("upgrade", help="bring it up to date").set_defaults(run=run_upgrade)
    writing = commands.add_parser("backup", help="write the whole installation into a file")
    writing.add_argument("file", type=Path)
    writing.set_defaults(run=run_backup)
    reading = commands.add_parser("restore", help="bring an installation back from a file")
    reading.add_argument("file", type=Path)
    reading.set_defaults(run=run_restore)
    search = commands.add_parser("search", help="words by which cases are found")
    rebuild = search.add_subparsers(dest="verb", required=True).add_parser("rebuild", help="put them together anew")
    rebuild.set_defaults(run=run_rebuild)
    sealing = commands.add_parser("reseal", help="encrypt kept secrets with the newest key")
    sealing.set_defaults(run=run_reseal)


def run_upgrade(arguments: argparse.Namespace) -> int:
    """Bring the schema up to date."""
    with installation(any_schema=True) as parts:
        upgrade(parts.database)
    return 0


def run_backup(arguments: argparse.Namespace) -> int:
    """Write everything into a file, whole or not at all; every organisation's audit says that it was taken."""
    with installation() as parts:
        rows = backup(parts.database, parts.settings, arguments.file)
        with parts.sessions(info={TENANT: EVERY}) as session:
            keys = [one.key for one in tenants(session)]
        for key in keys:
            parts.engine.execute(NoteEvent(tenant=key, actor=SYSTEM, kind="exported", object_kind="backup"))
    say(f"{arguments.file}: {rows} rows")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Bring everything back into an empty installation."""
    with installation(any_schema=True) as parts:
        rows = restore(parts.database, parts.settings, arguments.file)
    say(f"{rows} rows")
    return 0


def run_rebuild(arguments: argparse.Namespace) -> int:
    """Put the words of all cases together anew; until it is done, older cases are found by fewer words."""
    with installation() as parts:
        say(f"{reword_cases(parts)} cases")
    return 0


def run_reseal(arguments: argparse.Namespace) -> int:
    """Encrypt kept secrets with the first of the keys."""
    with installation() as parts:
        say(f"{reseal(parts)} secrets")
    return 0
