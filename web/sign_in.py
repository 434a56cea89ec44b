"""The sign-in page: `/prihlaseni`, `/odhlaseni`."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.directory import DirectoryAway
from engine.signing_in import Way
from web import auth, directory, entering, interrupted, tries
from web.entering import Arrival
from web.here import parts, session
from web.i18n import _, local_path
from web.limits import SIGN_IN, limiter
from web.noting import noted
from web.tenancy import tenant_key

blueprint = Blueprint("sign_in", __name__)

#: Where people of the staff begin.
WORKPLACE = "/prace/ukoly"


@blueprint.get("/prihlaseni")
def form() -> ResponseReturnValue:
    target = local_path(request.args.get("next"), WORKPLACE)
    return redirect(target) if auth.is_signed_in() else render_template("sign_in.html", next=target, username="")


@blueprint.post("/prihlaseni")
@limiter.limit(SIGN_IN, key_func=tries.window, deduct_when=tries.is_failure)
def submit() -> ResponseReturnValue:
    target = local_path(request.form.get("next"), WORKPLACE)
    username = request.form.get("username", "").strip()
    # What was being written when an earlier session ended.
    kept = request.form.get(interrupted.KEPT, "")

    def page(error: str) -> str:
        return render_template("sign_in.html", next=target, username=username, error=error, kept=kept)

    if wait := tries.wait_before(username):
        return page(tries.too_many(wait)), 429, {"Retry-After": str(ceil(wait.total_seconds()))}
    try:
        person = directory.authenticate(parts(), session, tenant_key(), username, request.form.get("password", ""))
    except DirectoryAway:
        tries.forget(username)
        noted("sign-in-refused", "person", username[:150])
        error = _("The office's directory of people does not answer. Try again in a while; local accounts work.")
        return page(error), 503
    if person is None:
        noted("sign-in-refused", "person", username[:150])
        return page(_("The name or the password is wrong. Check both and try again.")), 422
    way: Way = "password" if person.password_hash else "directory"
    return entering.let_in(Arrival(person=person, way=way, target=target, kept=kept))


@blueprint.post("/odhlaseni")
def leave() -> ResponseReturnValue:
    if auth.is_signed_in():
        noted("signed-out", "person", auth.actor().username)
    auth.sign_out()
    return redirect("/", 303)
