"""`radnice webhooks`: the addresses and secrets of what other systems send."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from engine.errors import NotFound
from engine.queries.definitions import agendas
from engine.store.session import TENANT
from processes.webhooks import hooks_of
from web.commands.installation import installation
from web.hook_keys import hook_secret


def add_commands(commands: Any) -> None:
    """Add it."""
    listed = commands.add_parser("webhooks", help="addresses and secrets of webhooks that an agenda takes")
    listed.add_argument("--tenant", required=True)
    listed.add_argument("--agenda", required=True)
    listed.set_defaults(run=print_hooks)


def print_hooks(arguments: argparse.Namespace) -> int:
    """Write a line for each webhook: its address, the way it is signed, its secret."""
    with installation() as parts:
        key, base = parts.settings.signing_key(), parts.settings.base_url.rstrip("/")
        with parts.sessions(info={TENANT: arguments.tenant}) as session:
            found = {one.agenda: one.toml for one in agendas(session, arguments.tenant)}
    if arguments.agenda not in found:
        raise NotFound(f"The agenda {arguments.agenda!r} is not published there.")
    for hook in hooks_of(found[arguments.agenda]):
        secret = hook_secret(key, arguments.tenant, arguments.agenda, hook.key, hook.key_number)
        sys.stdout.write(f"{base}/api/hooks/{arguments.agenda}/{hook.key}\t{hook.signature}\t{secret}\n")
    return 0
