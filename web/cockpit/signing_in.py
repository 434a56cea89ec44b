"""How people come in to this organisation: of whom a second factor is demanded, how applicants may sign in."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import ChangeTenant
from engine.model import ROLE_ADMIN, ROLES, Json
from engine.queries import people
from web import accounts
from web.auth import actor, let_in_only
from web.cockpit.room import execute
from web.here import session
from web.i18n import _
from web.providers import Audience, offered, variable
from web.tenancy import tenant, tenant_key

blueprint = Blueprint("ways_in", __name__, url_prefix="/velin/prihlasovani")
blueprint.before_request(let_in_only(ROLE_ADMIN))

#: Ways of applicants that a page offers here.
AUDIENCES: tuple[Audience, ...] = ("staff", "public")
#: The longest list of groups.
LONGEST = 20_000
OFFERED = ("link", "password", "oidc")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """What holds now."""
    kept = tenant().settings.get("oidc_groups")
    lines = [f"{key}: {name}" for key, names in kept.items() for name in names] if isinstance(kept, dict) else []
    return shown("\n".join(lines), "")


def shown(oidc_groups: str, error: str) -> ResponseReturnValue:
    """The form, with what is written into the field of groups."""
    demanded = tenant().settings.get("second_factor_groups")
    groups = [one for one in people.groups(session(), tenant_key()) if one.key not in ROLES]
    set_up = {audience: offered(tenant_key(), audience) is not None for audience in AUDIENCES}
    html = render_template(
        "cockpit/signing_in.html",
        roles=sorted(ROLES),
        groups=groups,
        demanded=demanded if demanded else (),
        offered=OFFERED,
        allowed=accounts.ways(),
        oidc_groups=oidc_groups,
        error=error,
        set_up=set_up,
        variables={audience: variable(audience, "ISSUER", tenant_key()) for audience in AUDIENCES},
    )
    return html, 422 if error else 200


def mapped(text: str) -> dict[str, list[str]]:
    """Groups here by lines `group here: group there`."""
    mapping: dict[str, list[str]] = {}
    for line in filter(str.strip, text.splitlines()):
        key, _colon, name = line.partition(":")
        mapping.setdefault(key.strip(), []).append(name.strip())
    return mapping


def is_mapping(text: str, there: Collection[str]) -> bool:
    """Whether each line names a group of ours and one of theirs."""
    return all(key in there and all(names) for key, names in mapped(text).items())


@blueprint.post("")
def save() -> ResponseReturnValue:
    """Keep it."""
    there = {*ROLES, *(one.key for one in people.groups(session(), tenant_key()))}
    chosen: Json = [key for key in request.form.getlist("group") if key in there]
    ways: Json = [way for way in OFFERED if way in request.form.getlist("way")]
    said = request.form.get("oidc_groups", "")[:LONGEST]
    if not is_mapping(said, there):
        return shown(said, _("On each line a group of the list, a colon and the group there."))
    settings: dict[str, Json] = {"second_factor_groups": chosen or None, "applicant_sign_in": ways or None}
    settings["oidc_groups"] = mapped(said) or None
    execute(ChangeTenant(tenant=tenant_key(), actor=actor(), name=tenant().name, settings=settings))
    flash(_("Saved."))
    return redirect(url_for("ways_in.page"), 303)
