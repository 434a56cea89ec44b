"""`radnice row-keys`: tokens of devices and labels by which rows in time are sent without an account."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sqlalchemy.orm import Session

from engine.errors import Invalid
from engine.model import SYSTEM
from engine.queries.registers import register
from engine.queries.row_keys import generation
from engine.registering import RevokeRowKey
from engine.registers.definitions import Register
from engine.store.session import TENANT
from integrations.pdf import WeasyPdf
from web.commands.installation import installation
from web.label_sheets import sheets
from web.labelled import labels_of
from web.row_keys import Keys


def add_commands(commands: Any) -> None:
    """Add them."""
    verbs = commands.add_parser("row-keys").add_subparsers(dest="verb", required=True)
    token = verbs.add_parser("token", help="the token by which devices of one set send rows")
    token.add_argument("--set", required=True, dest="name", help="value of the register's field `inbox.set`")
    token.set_defaults(run=print_token)
    labels = verbs.add_parser("labels", help="labels with QR codes, 3 × 8 on A4")
    labels.add_argument("--out", required=True, type=Path, metavar="PDF")
    labels.add_argument("--words", default="", help="only things found by these words")
    labels.set_defaults(run=print_labels)
    revoke = verbs.add_parser("revoke", help="make a token or a label worthless, and the next one good")
    which = revoke.add_mutually_exclusive_group(required=True)
    which.add_argument("--set", dest="name", help="whose devices have the token")
    which.add_argument("--record", help="id of the thing that has the label")
    revoke.set_defaults(run=revoke_key)
    for verb in (token, labels, revoke):
        verb.add_argument("--tenant", required=True)
        verb.add_argument("--register", required=True, help="the register of the rows, such as readings")


def print_token(arguments: argparse.Namespace) -> int:
    """Write the token to standard output."""
    with installation() as parts, parts.sessions(info={TENANT: arguments.tenant}) as session:
        _rows(session, arguments)
        sys.stdout.write(_keys(parts, session, arguments).token(arguments.name) + "\n")
    return 0


def print_labels(arguments: argparse.Namespace) -> int:
    """Write the sheets as PDF."""
    with installation() as parts, parts.sessions(info={TENANT: arguments.tenant}) as session:
        base = parts.settings.base_url.rstrip("/")
        keys = _keys(parts, session, arguments)
        found = labels_of(session, _rows(session, arguments), keys, SYSTEM, base=base, words=arguments.words)
    arguments.out.write_bytes(WeasyPdf().print(sheets(found)))
    sys.stdout.write(f"{len(found)} labels in {arguments.out}\n")
    return 0


def revoke_key(arguments: argparse.Namespace) -> int:
    """Revoke, and say what to do next."""
    kind: Literal["set", "label"] = "set" if arguments.name else "label"
    command = RevokeRowKey(
        tenant=arguments.tenant,
        actor=SYSTEM,
        register=arguments.register,
        kind=kind,
        name=arguments.name or arguments.record,
    )
    with installation() as parts:
        parts.engine.execute(command)
    verb = "token" if kind == "set" else "labels"
    sys.stdout.write(f"Revoked. `radnice row-keys {verb}` gives the new one.\n")
    return 0


def _keys(parts: Any, session: Session, arguments: argparse.Namespace) -> Keys:
    return Keys(
        secret=parts.settings.signing_key(),
        tenant=arguments.tenant,
        register=arguments.register,
        good=partial(generation, session, arguments.tenant, arguments.register),
    )


def _rows(session: Session, arguments: argparse.Namespace) -> Register:
    kept = register(session, arguments.tenant, arguments.register)
    if kept.series is None:
        raise Invalid(f"The register {arguments.register!r} has no rows in time.")
    return kept
