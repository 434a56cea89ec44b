"""A person's own password, and where else they are signed in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.queries import audit, people
from engine.queries.audit import Sought
from engine.staffing import ChangePassword, EndSessions
from web import auth
from web.auth import actor, sign_in_required
from web.db import close_session
from web.here import engine, session
from web.i18n import _
from web.limits import SIGN_IN, SIGN_IN_NAME, limiter
from web.passwords import hash_password
from web.tenancy import tenant_key
from web.ui.new_password import wrong_with

blueprint = Blueprint("own_password", __name__, url_prefix="/prace/heslo")

#: Sign-ins that are told, the newest first.
SHOWN = 10


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
    close_session()
    engine().execute(ChangePassword(tenant=tenant_key(), actor=actor(), password_hash=hash_password(new)))
    go_on_here()
    flash(_("The password is changed. Elsewhere you have been signed out."))
    return redirect(url_for("own_password.form"), 303)


@blueprint.post("/jinde")
@sign_in_required
def end_elsewhere() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    close_session()
    engine().execute(EndSessions(tenant=tenant_key(), actor=actor()))
    go_on_here()
    flash(_("Elsewhere you have been signed out."))
    return redirect(url_for("own_password.form"), 303)


def go_on_here() -> None:
    """Begin this session anew, when all of the person's have ended."""
    person = auth.find_person(session(), tenant_key(), actor().username)
    if person is not None:
        auth.sign_in(person)


def page(errors: Mapping[str, str]) -> ResponseReturnValue:
    """The form; passwords are never written back into it."""
    whoever = people.person(session(), tenant_key(), actor().username)
    of_directory = whoever is not None and whoever.of_directory
    sought = Sought(kind="signed-in", object_id=actor().username)
    times = [entry.at for entry in audit.search(session(), tenant_key(), sought, SHOWN)]
    facts = {"of_directory": of_directory, "times": times}
    return render_template("work/own_password.html", errors=errors, **facts), 422 if errors else 200
