"""`radnice db upgrade`, `radnice backup FILE`, `radnice restore FILE`, `radnice search rebuild`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from web.backup import backup, restore
from web.commands.answer import say
from web.commands.installation import installation
from web.migrations import upgrade
from web.wording import reword_cases


def add_commands(commands: Any) -> None:
    """Add the four."""
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


def run_upgrade(arguments: argparse.Namespace) -> int:
    """Bring the schema up to date."""
    with installation() as parts:
        upgrade(parts.database)
    return 0


def run_backup(arguments: argparse.Namespace) -> int:
    """Write everything into a file; it is there whole or not at all."""
    with installation() as parts:
        rows = backup(parts.database, parts.settings, arguments.file)
    say(f"{arguments.file}: {rows} rows")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Bring everything back into an empty installation."""
    with installation() as parts:
        rows = restore(parts.database, parts.settings, arguments.file)
    say(f"{rows} rows")
    return 0


def run_rebuild(arguments: argparse.Namespace) -> int:
    """Put the words of all cases together anew; until it is done, older cases are found by fewer words."""
    with installation() as parts:
        say(f"{reword_cases(parts)} cases")
    return 0
