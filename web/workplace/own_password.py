"""A person's own sign-in: the password, the second factor, where they are signed in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.queries import people
from engine.queries.second_factor import factor_of
from engine.queries.sessions import sessions_of
from engine.signing_in import EndSession, EndSessions
from engine.staffing import ChangePassword
from web import auth
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _
from web.limits import SIGN_IN, SIGN_IN_NAME, limiter
from web.passwords import hash_password
from web.tenancy import tenant_key
from web.ui.new_password import wrong_with
from web.ui.sessions import ways

blueprint = Blueprint("own_password", __name__, url_prefix="/prace/heslo")


def whose() -> str:
    """The person whose password is tried."""
    return f"{tenant_key()}:{actor().username}"


@blueprint.get("")
@sign_in_required
def form() -> ResponseReturnValue:
    """The form, empty."""
    return page({})


@blueprint.post("")
@limiter.limit(SIGN_IN)
@limiter.limit(SIGN_IN_NAME, key_func=whose)
@sign_in_required
def change() -> ResponseReturnValue:
    """Change it; sessions elsewhere end, this one goes on."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    errors = {}
    if auth.authenticate(session(), tenant_key(), actor().username, old) is None:
        errors["old"] = _("This is not your present password.")
    if wrong := wrong_with(new, actor().username, *actor().name.split()):
        errors["new"] = wrong
    elif new != again:
        errors["again"] = _("The two differ. Write the new password once more.")
    if errors:
        return page(errors)
    change_to(hash_password(new))
    flash(_("The password is changed. Elsewhere you have been signed out."))
    return redirect(url_for("own_password.form"), 303)


def change_to(password_hash: str) -> None:
    """Change it; this session goes on."""
    change = ChangePassword(tenant=tenant_key(), actor=actor(), password_hash=password_hash, keep=auth.session_id())
    close_session()
    engine().execute(change)
    person = auth.find_person(session(), tenant_key(), change.actor.username)
    if person is not None:
        auth.go_on(person)


@blueprint.post("/jinde")
@sign_in_required
def end_elsewhere() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    ending = EndSessions(tenant=tenant_key(), actor=actor(), holder=auth.holder(), keep=auth.session_id())
    close_session()
    engine().execute(ending)
    flash(_("Elsewhere you have been signed out."))
    return redirect(url_for("own_password.form"), 303)


@blueprint.post("/jinde/<which>")
@sign_in_required
def end_one(which: str) -> ResponseReturnValue:
    """Sign out in one other place."""
    ending = EndSession(tenant=tenant_key(), actor=actor(), holder=auth.holder(), session_id=which)
    close_session()
    engine().execute(ending)
    flash(_("There you have been signed out."))
    return redirect(url_for("own_password.form"), 303)


def page(errors: Mapping[str, str]) -> ResponseReturnValue:
    """The form; passwords are never written back into it."""
    whoever = people.person(session(), tenant_key(), actor().username)
    of_directory = whoever is not None and whoever.of_directory
    factor = factor_of(session(), tenant_key(), auth.holder().id)
    facts = {
        "of_directory": of_directory,
        "has_factor": factor is not None and factor.confirmed,
        "sessions": sessions_of(session(), tenant_key(), auth.holder(), now()),
        "here": auth.session_id(),
        "words": ways(),
    }
    return render_template("work/own_password.html", errors=errors, **facts), 422 if errors else 200
