"""`radnice tenant add`, `radnice user add`, `radnice user reset-factor`, `radnice token create`."""

from __future__ import annotations

import argparse
import getpass
import hashlib
import re
import secrets
import sys
from typing import Any

from engine.commands import AddPerson, AddTenant, AddToken, Command
from engine.errors import Invalid
from engine.model import SYSTEM
from engine.second_factor import ResetSecondFactor
from web.commands.answer import say
from web.commands.installation import installation
from web.passwords import MIN_LENGTH, hash_password, weakness

TOKEN_BYTES = 32

_WEAK = {
    "short": f"The password needs at least {MIN_LENGTH} characters; a few words are fine.",
    "long": "The password is too long.",
    "known": "This password is easily guessed. Choose another.",
}


def add_commands(commands: Any) -> None:
    """Add them."""
    tenant = commands.add_parser("tenant").add_subparsers(dest="verb", required=True).add_parser("add")
    tenant.add_argument("key", help="short name of the organisation: small letters, digits")
    tenant.add_argument("--name", required=True)
    tenant.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, such as account=…")
    tenant.set_defaults(run=add_tenant)
    verbs = commands.add_parser("user").add_subparsers(dest="verb", required=True)
    reset = verbs.add_parser("reset-factor", help="take a person's second factor away")
    reset.add_argument("username")
    reset.add_argument("--tenant", required=True)
    reset.add_argument("--reason", required=True, help="stands in the audit")
    reset.set_defaults(run=reset_factor)
    user = verbs.add_parser("add")
    user.add_argument("username")
    user.add_argument("--tenant", required=True)
    user.add_argument("--name", default="")
    user.add_argument("--email", default="")
    user.add_argument("--group", action="append", default=[], help="may be given more than once")
    user.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    user.add_argument("--no-password", action="store_true", help="they sign in another way")
    user.set_defaults(run=add_user)
    token = commands.add_parser("token").add_subparsers(dest="verb", required=True).add_parser("create")
    token.add_argument("--tenant", required=True)
    token.add_argument("--user", required=True)
    token.add_argument("--label", default="")
    token.set_defaults(run=create_token)


def add_tenant(arguments: argparse.Namespace) -> int:
    """Add an organisation."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,62}", arguments.key):
        raise Invalid(f"{arguments.key!r}: a tenant's key is made of small letters, digits and hyphens.")
    settings = dict(_pair(text) for text in arguments.set)
    _execute(AddTenant(tenant=arguments.key, actor=SYSTEM, name=arguments.name, settings=settings))
    say(f"{arguments.key}: {arguments.name}")
    return 0


def add_user(arguments: argparse.Namespace) -> int:
    """Add a person, or change one."""
    password = _password(arguments)
    if wrong := weakness(password, arguments.username, *arguments.name.split()) if password else "":
        raise Invalid(_WEAK[wrong])
    _execute(
        AddPerson(
            tenant=arguments.tenant,
            actor=SYSTEM,
            username=arguments.username,
            name=arguments.name or arguments.username,
            email=arguments.email,
            password_hash=hash_password(password) if password else None,
            groups=arguments.group,
        )
    )
    say(f"{arguments.username}: {', '.join(arguments.group) or 'no groups'}")
    return 0


def reset_factor(arguments: argparse.Namespace) -> int:
    """Take the second factor away from somebody who lost it."""
    facts = {"tenant": arguments.tenant, "actor": SYSTEM, "username": arguments.username}
    _execute(ResetSecondFactor(**facts, reason=arguments.reason))
    say(f"{arguments.username}: no second factor")
    return 0


def create_token(arguments: argparse.Namespace) -> int:
    """Make a token and print it; it is shown this once and only its hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _execute(
        AddToken(
            tenant=arguments.tenant,
            actor=SYSTEM,
            username=arguments.user,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            label=arguments.label,
        )
    )
    say(token)
    return 0


def _execute(command: Command[Any]) -> None:
    with installation() as parts:
        parts.engine.execute(command)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Invalid(f"{text!r}: a setting is written NAME=VALUE.")
    return name, value


def _password(arguments: argparse.Namespace) -> str:
    """Ask for the password where nobody looks over the shoulder: never an argument, which others can see."""
    if arguments.no_password:
        return ""
    if arguments.password_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")
