"""The people of the organisation: who is here, in which groups, since when not seen; who comes and who leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from engine.errors import Conflict, NotFound
from engine.model import ROLE_ADMIN, ROLES
from engine.queries import people
from engine.queries.people import PersonFacts
from engine.queries.second_factor import factor_of, with_factor
from engine.queries.sessions import sessions_of
from engine.second_factor import ResetSecondFactor
from engine.signing_in import EndSession, EndSessions, Holder
from engine.staffing import ChangePerson, DeactivatePerson, HirePerson, ReactivatePerson
from web.auth import actor, let_in_only, session_id
from web.cockpit.room import execute
from web.here import now, session
from web.i18n import _
from web.passwords import hash_password
from web.tenancy import tenant_key
from web.ui.new_password import wrong_with
from web.ui.sessions import ways

blueprint = Blueprint("people", __name__, url_prefix="/velin/lide")
blueprint.before_request(let_in_only(ROLE_ADMIN))

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,149}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
LONGEST, LONGEST_REASON = 200, 500


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is written in the form, and what is wrong with it by field. The password is never shown again."""

    username: str = ""
    name: str = ""
    email: str = ""
    groups: Sequence[str] = ()
    password: str = field(default="", repr=False)
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("")
def listed() -> ResponseReturnValue:
    """Everybody, those who left at the end."""
    found = sorted(people.people(session(), tenant_key()), key=lambda one: not one.active)
    factors = with_factor(session(), tenant_key())
    return render_template("cockpit/people.html", found=found, titles=_titles(), factors=factors)


@blueprint.get("/novy")
def new() -> ResponseReturnValue:
    """The form for somebody new."""
    return _page(Sheet(), None)


@blueprint.post("/novy")
def hire() -> ResponseReturnValue:
    """Add somebody; what can't be stays in the form with a sentence at its field."""
    sheet = _read(request.form.get("username", "").strip()[:LONGEST])
    if sheet.errors:
        return _page(sheet, None)
    try:
        execute(HirePerson(tenant=tenant_key(), actor=actor(), username=sheet.username, **_facts(sheet)))
    except Conflict:
        taken = {"username": _("Somebody has this user name already. Choose another.")}
        return _page(replace(sheet, errors=taken), None)
    flash(_("%(name)s is added.", name=sheet.name))
    return redirect(url_for("people.listed"), 303)


@blueprint.get("/kdo/<username>")
def person(username: str) -> ResponseReturnValue:
    """One person's facts in a form."""
    one = _one(username)
    return _page(Sheet(username=one.username, name=one.name, email=one.email, groups=sorted(one.groups)), one)


@blueprint.post("/kdo/<username>")
def change(username: str) -> ResponseReturnValue:
    """Bring a person up to date."""
    one, sheet = _one(username), _read(username)
    if one.of_directory and sheet.password:
        sheet.errors["password"] = _("They sign in with the password of the directory; it is changed there.")
    if sheet.errors:
        return _page(sheet, one)
    execute(ChangePerson(tenant=tenant_key(), actor=actor(), username=username, **_facts(sheet)))
    flash(_("Saved."))
    return redirect(url_for("people.listed"), 303)


@blueprint.post("/kdo/<username>/odchod")
def leave(username: str) -> ResponseReturnValue:
    """Let a person sign in no more, and say what became of their work."""
    one = _one(username)
    left = execute(DeactivatePerson(tenant=tenant_key(), actor=actor(), username=username))
    flash(_("%(name)s can't sign in any more.", name=one.name))
    if left.returned:
        flash(
            ngettext("%(num)d task went back to its group.", "%(num)d tasks went back to their groups.", left.returned)
        )
    if left.stranded:
        flash(
            ngettext(
                "%(num)d task only they could do: arrange who stands in.",
                "%(num)d tasks only they could do: arrange who stands in.",
                left.stranded,
            )
        )
    if left.substitutions:
        flash(
            ngettext(
                "%(num)d colleague for whom they stood in has nobody now: arrange somebody else under Substitution.",
                "%(num)d colleagues for whom they stood in have nobody now: arrange somebody else under Substitution.",
                left.substitutions,
            )
        )
    return redirect(url_for("people.person", username=username), 303)


@blueprint.post("/kdo/<username>/navrat")
def come_back(username: str) -> ResponseReturnValue:
    """Let a person sign in again."""
    one = _one(username)
    execute(ReactivatePerson(tenant=tenant_key(), actor=actor(), username=username))
    flash(_("%(name)s can sign in again.", name=one.name))
    return redirect(url_for("people.person", username=username), 303)


@blueprint.post("/kdo/<username>/odhlasit")
def end_sessions(username: str) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    one = _one(username)
    execute(EndSessions(tenant=tenant_key(), actor=actor(), holder=_holder(one), keep=session_id()))
    flash(_("%(name)s is signed out everywhere.", name=one.name))
    return redirect(url_for("people.person", username=username), 303)


@blueprint.post("/kdo/<username>/odhlasit/<which>")
def end_session(username: str, which: str) -> ResponseReturnValue:
    """Sign a person out in one place."""
    one = _one(username)
    execute(EndSession(tenant=tenant_key(), actor=actor(), holder=_holder(one), session_id=which))
    flash(_("%(name)s is signed out there.", name=one.name))
    return redirect(url_for("people.person", username=username), 303)


@blueprint.post("/kdo/<username>/druhy-faktor")
def reset_factor(username: str) -> ResponseReturnValue:
    """Take the second factor away from somebody who lost it."""
    one = _one(username)
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        sheet = Sheet(username=one.username, name=one.name, email=one.email, groups=sorted(one.groups))
        return _page(replace(sheet, errors={"reason": _("Write the reason; it stands in the audit.")}), one)
    execute(ResetSecondFactor(tenant=tenant_key(), actor=actor(), username=username, reason=reason))
    flash(_("The second factor is taken away; %(name)s is signed out everywhere.", name=one.name))
    return redirect(url_for("people.person", username=username), 303)


def _holder(one: PersonFacts) -> Holder:
    return Holder(kind="person", id=one.id)


def _one(username: str) -> PersonFacts:
    found = people.person(session(), tenant_key(), username)
    if found is None:
        raise NotFound
    return found


def _titles() -> dict[str, Mapping[str, str]]:
    """Names of groups that there are, the roles first."""
    named = {one.key: one.title for one in people.groups(session(), tenant_key())}
    roles: dict[str, Mapping[str, str]] = {key: named.pop(key, {}) for key in sorted(ROLES)}
    return roles | named


def _page(sheet: Sheet, one: PersonFacts | None) -> ResponseReturnValue:
    facts: dict[str, Any] = {"sessions": [], "has_factor": False, "words": ways(), "here": session_id()}
    if one is not None:
        facts["sessions"] = sessions_of(session(), tenant_key(), _holder(one), now())
        factor = factor_of(session(), tenant_key(), one.id)
        facts["has_factor"] = factor is not None and factor.confirmed
    html = render_template("cockpit/person.html", sheet=sheet, one=one, titles=_titles(), roles=ROLES, **facts)
    return html, 422 if sheet.errors else 200


def _read(username: str) -> Sheet:
    given = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("name", "email")}
    password = request.form.get("password", "")
    there = _titles()
    groups = [key for key in request.form.getlist("group") if key in there]
    errors = {}
    if not USERNAME.fullmatch(username):
        errors["username"] = _("Letters without accents, digits, dot, hyphen; such as jana.novakova.")
    if not given["name"]:
        errors["name"] = _("Write the name.")
    if given["email"] and not EMAIL.fullmatch(given["email"]):
        errors["email"] = _("Write an e-mail address, such as jana@mesto.cz, or leave it empty.")
    if password and (wrong := wrong_with(password, username, *given["name"].split())):
        errors["password"] = wrong
    return Sheet(username=username, groups=groups, password=password, errors=errors, **given)


def _facts(sheet: Sheet) -> dict[str, Any]:
    hashed = hash_password(sheet.password) if sheet.password else None
    return {"name": sheet.name, "email": sheet.email, "groups": sheet.groups, "password_hash": hashed}
