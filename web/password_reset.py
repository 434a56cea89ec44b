"""A forgotten password: a link by mail, and the page where it leads."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.queries.people import PersonFacts
from engine.queries.signing_in import person_of_link
from engine.signing_in import AskForReset, LinkIsOver, ResetPassword
from web import tries
from web.auth import ANYONE
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _
from web.limits import SIGN_IN, limiter
from web.passwords import hash_password
from web.tenancy import tenant_key
from web.ui.new_password import wrong_with

blueprint = Blueprint("password_reset", __name__, url_prefix="/prihlaseni")

#: Letters asked for from one address: nobody may be flooded through us.
ASKING = "5 per minute;20 per hour"


@blueprint.get("/zapomenute-heslo")
def ask() -> ResponseReturnValue:
    """Where to write one's name or e-mail."""
    return render_template("forgotten.html", typed="")


@blueprint.post("/zapomenute-heslo")
@limiter.limit(ASKING)
def asked() -> ResponseReturnValue:
    """The same answer to everybody, whether there is such a person or not."""
    typed = request.form.get("typed", "").strip()[:150]
    if not typed:
        return render_template("forgotten.html", typed="", error=_("Write your user name or e-mail.")), 422
    close_session()
    engine().execute(AskForReset(tenant=tenant_key(), actor=ANYONE, typed=typed))
    return render_template("forgotten.html", typed=typed, promised=True)


@blueprint.get("/nove-heslo")
@limiter.limit(SIGN_IN)
def form() -> ResponseReturnValue:
    """The page of the link."""
    secret = request.args.get("k", "")
    return page(secret, whose(secret), {})


@blueprint.post("/nove-heslo")
@limiter.limit(SIGN_IN)
def submit() -> ResponseReturnValue:
    """Set the password; sessions begun with the old one end, and one signs in with the new one."""
    secret, new, again = (request.form.get(name, "") for name in ("k", "new", "again"))
    person = whose(secret)
    errors = {}
    if wrong := wrong_with(new, person.username, *person.name.split()):
        errors["new"] = wrong
    elif new != again:
        errors["again"] = _("The two differ. Write the new password once more.")
    if errors:
        return page(secret, person, errors)
    close_session()
    reset = ResetPassword(tenant=tenant_key(), actor=ANYONE, secret=secret, password_hash=hash_password(new))
    tries.begin_anew(engine().execute(reset))
    flash(_("The password is changed. Sign in with it; elsewhere you have been signed out."))
    return redirect(url_for("sign_in.form"), 303)


def whose(secret: str) -> PersonFacts:
    """Whose link it is. Raises LinkIsOver."""
    person = person_of_link(session(), tenant_key(), secret, now())
    if person is None:
        raise LinkIsOver
    return person


def page(secret: str, person: PersonFacts, errors: Mapping[str, str]) -> ResponseReturnValue:
    """The form; passwords are never written back into it."""
    html = render_template("new_password.html", secret=secret, username=person.username, errors=errors)
    return html, 422 if errors else 200
