"""The organisation's directory of people (LDAP, Active Directory): how it is reached, what it says when tried."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from ldap3.core.exceptions import LDAPException
from ldap3.operation.search import parse_filter
from ldap3.utils.dn import parse_dn

from engine.directory import ConfigureDirectory, DirectoryAway, DirectorySettings, Entry
from engine.model import ROLE_ADMIN, ROLES
from engine.queries import people
from engine.queries.directory import directory
from integrations.directory import is_here
from web.auth import actor, let_in_only
from web.cockpit.room import execute
from web.db import close_session
from web.directory import connected, secret_name
from web.here import session
from web.i18n import _
from web.tenancy import tenant_key

blueprint = Blueprint("directory", __name__, url_prefix="/velin/adresar")
blueprint.before_request(let_in_only(ROLE_ADMIN))

#: The longest line, the longest list of certificates.
LONGEST, LONGEST_PEM = 500, 60_000
PORTS = range(1, 65_536)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is written in the form, and what is wrong with it by field."""

    said: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    #: What trying it found, as sentences; the first says whether it works.
    found: Sequence[str] = ()
    works: bool = False


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The settings and how the last run went."""
    return _page(Sheet(said=_as_written(directory(session(), tenant_key()).settings)))


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Try what is written, or keep it."""
    said = {name: request.form.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    errors = _wrong_with(said)
    if errors:
        return _page(Sheet(said=said, errors=errors))
    settings = _settings(said)
    if request.form.get("_go") == "try":
        return _tried(said, settings)
    execute(ConfigureDirectory(tenant=tenant_key(), actor=actor(), settings=settings))
    flash(_("Saved."))
    return redirect(url_for("directory.page"), 303)


FIELDS = (
    "on",
    "kind",
    "host",
    "port",
    "encryption",
    "ca",
    "bind_dn",
    "people_base",
    "people_filter",
    "groups_base",
    "mapping",
    "threshold",
    "who",
)


def _page(sheet: Sheet) -> ResponseReturnValue:
    name = secret_name(tenant_key())
    html = render_template(
        "cockpit/directory.html",
        sheet=sheet,
        facts=directory(session(), tenant_key()),
        secret=name,
        is_secret=bool(os.environ.get(name)),
        groups=_groups(),
    )
    return html, 422 if sheet.errors else 200


def _groups() -> list[str]:
    return [*sorted(ROLES), *(one.key for one in people.groups(session(), tenant_key()) if one.key not in ROLES)]


def _tried(said: Mapping[str, str], settings: DirectorySettings) -> ResponseReturnValue:
    close_session()
    try:
        there = connected(tenant_key(), settings)
        everybody = there.everybody()
        one = there.look_up(said["who"]) if said["who"] else None
    except DirectoryAway as error:
        return _page(Sheet(said=said, found=[_sentence(str(error))]))
    count = ngettext("It works: %(num)d person may sign in.", "It works: %(num)d people may sign in.", len(everybody))
    found = [count, *_said_of(said["who"], one)]
    return _page(Sheet(said=said, found=found, works=True))


def _said_of(who: str, one: Entry | None) -> list[str]:
    if not who:
        return []
    if one is None:
        return [_("The directory knows nobody (or more than one) by the name %(who)s.", who=who)]
    if not one.groups:
        return [_("%(name)s is in none of the mapped groups and does not get in.", name=one.name)]
    return [_("%(name)s gets in, with: %(groups)s.", name=one.name, groups=", ".join(sorted(one.groups)))]


def _sentence(problem: str) -> str:
    return {
        "unreachable": _("The server does not answer at this address and port."),
        "certificate": _("The server's certificate can't be trusted: check its name and the signing certificate."),
        "refused": _("The server refused the searching account: check its name and the password's variable."),
        "search": _("The server does not carry the search out: check the bases and the filter."),
        "unsafe": _("Without encryption only a server on this very machine may be asked."),
    }[problem]


def _as_written(settings: DirectorySettings) -> dict[str, str]:
    lines = [f"{key}: {dn}" for key, names in settings.mapping.items() for dn in names]
    kept = {name: str(value) for name, value in settings.kept().items()}
    return kept | {"on": "yes" if settings.on else "", "mapping": "\n".join(lines), "who": ""}


def _mapped(text: str) -> dict[str, list[str]]:
    mapping: dict[str, list[str]] = {}
    for line in filter(str.strip, text.split("\n")):
        key, _colon, dn = line.partition(":")
        mapping.setdefault(key.strip(), []).append(dn.strip())
    return mapping


def _settings(said: Mapping[str, str]) -> DirectorySettings:
    words: dict[str, Any] = {name: said[name] for name in FIELDS if name not in ("who", "on")}
    numbers = {name: int(said[name]) for name in ("port", "threshold")}
    return DirectorySettings(**words | numbers | {"on": bool(said["on"]), "mapping": _mapped(said["mapping"])})


def _wrong_with(said: Mapping[str, str]) -> dict[str, str]:
    checks = {
        "host": (bool(said["host"]) and "/" not in said["host"], _("Write the server's name, such as ldap.mesto.cz.")),
        "port": (_is_number(said["port"], PORTS), _("A number such as 636.")),
        "threshold": (_is_number(said["threshold"], range(1, 101)), _("A number from 1 to 100.")),
        "kind": (said["kind"] in ("ldap", "ad"), _("Choose one.")),
        "encryption": (
            said["encryption"] in ("ldaps", "starttls") or (said["encryption"] == "none" and is_here(said["host"])),
            _("Without encryption only a server on this very machine may be asked."),
        ),
        "bind_dn": (bool(said["bind_dn"]), _("Write who searches; a directory is never asked namelessly.")),
        "people_base": (_is_dn(said["people_base"]), _("Write a name such as ou=people,dc=mesto,dc=cz.")),
        "groups_base": (
            not said["groups_base"] or _is_dn(said["groups_base"]),
            _("Write a name such as ou=people,dc=mesto,dc=cz."),
        ),
        "people_filter": (_is_filter(said["people_filter"]), _("Write a filter in brackets with {username} in it.")),
        "mapping": (_is_mapping(said["mapping"]), _("On each line a group of the list, a colon and a name (DN).")),
        "ca": (_is_pem(said["ca"]), _("Paste certificates in the form PEM, or leave it empty.")),
    }
    long = [name for name, text in said.items() if name not in ("ca", "mapping") and len(text) > LONGEST]
    return {name: sentence for name, (right, sentence) in checks.items() if not right} | {
        name: _("This is too long.") for name in long
    }


def _is_number(text: str, within: range) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and int(text) in within


def _is_dn(text: str) -> bool:
    try:
        return bool(parse_dn(text, strip=True))
    except LDAPException:
        return False


def _is_filter(text: str) -> bool:
    try:
        parse_filter(text.replace("{username}", "x"), None, False, False, None, False)
    except (LDAPException, ValueError, IndexError):
        return False
    return "{username}" in text


def _is_mapping(text: str) -> bool:
    there = set(_groups())
    mapping = _mapped(text)
    return len(text) < LONGEST_PEM and all(key in there and all(map(_is_dn, names)) for key, names in mapping.items())


def _is_pem(text: str) -> bool:
    return not text or (text.startswith("-----BEGIN CERTIFICATE-----") and len(text) < LONGEST_PEM)
