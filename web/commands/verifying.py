"""`radnice verify [--tenant KEY] [--json]`: whether every case is where its history says."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from engine.queries.people import tenants
from engine.queries.verification import Finding, verify
from engine.store.session import reading_one_moment
from engine.store.wall import EVERY
from web.bootstrap import Parts
from web.commands.answer import REFUSED, print_json, say
from web.commands.installation import installation


def add_commands(commands: Any) -> None:
    """Add the command."""
    verifying = commands.add_parser("verify", help="compare cases, lists and history; changes nothing")
    verifying.add_argument("--tenant", help="only this organisation")
    verifying.add_argument("--json", action="store_true")
    verifying.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    """Tell every finding; 1 when there is one."""
    with installation() as parts:
        found = list(findings(parts, arguments.tenant))
    if arguments.json:
        print_json({"ok": not found, "findings": [asdict(each) for each in found]})
        return REFUSED if found else 0
    for each in found:
        say(f"{each.tenant} {each.business_key or '-'}: {each.detail} [{each.kind}]")
    if not found:
        say("Every case is where its history says.")
    return REFUSED if found else 0


def findings(parts: Parts, tenant: str | None = None) -> Iterator[Finding]:
    """Give what doesn't fit, of one organisation or of all; safe beside a running installation."""
    with reading_one_moment(parts.sessions, EVERY) as session:
        for one in tenants(session):
            if tenant in (None, one.key):
                yield from verify(session, one.key, parts.clock.now())
