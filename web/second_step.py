"""The second step of signing in: a code of the application, or one from paper. `/prihlaseni/kod`.

And the guard that leads whoever has to have a second factor, and has none, to set one up.
"""

from __future__ import annotations

from math import ceil

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from engine.model import Actor
from engine.queries.second_factor import FactorFacts, factor_of, is_demanded
from engine.second_factor import CodeIsOver, UseCode, UseRecoveryCode
from engine.store.people import PersonRow
from web import auth, entering, one_time, tries
from web.db import close_session
from web.entering import Arrival
from web.here import engine, now, parts, session
from web.i18n import _, local_path
from web.limits import SIGN_IN, limiter
from web.noting import noted
from web.safe import Safe
from web.tenancy import tenant, tenant_key

blueprint = Blueprint("second_step", __name__, url_prefix="/prihlaseni/kod")

WORKPLACE = "/prace/ukoly"
#: Where somebody who has to set a second factor up may go before they have.
OPEN = frozenset({"second_factor", "sign_in", "language", "tenancy", "health"})


@blueprint.get("")
def form() -> ResponseReturnValue:
    """Ask for the code."""
    if entering.half_way() is None:
        return redirect(url_for("sign_in.form"))
    return render_template("second_step.html", next=local_path(request.args.get("next"), WORKPLACE))


@blueprint.post("")
@limiter.limit(SIGN_IN)
def submit() -> ResponseReturnValue:
    """Look at the code; wrong ones are counted with wrong passwords."""
    came = entering.half_way()
    if came is None:
        flash(_("It took too long. Sign in once more."))
        return redirect(url_for("sign_in.form"), 303)
    person, way = came
    target, kept = local_path(request.form.get("next"), WORKPLACE), request.form.get("_kept", "")

    def page(error: str) -> str:
        return render_template("second_step.html", next=target, kept=kept, error=error)

    username = person.username
    by = auth.actor_of(session(), person)
    factor = factor_of(session(), tenant_key(), person.id)
    if wait := tries.wait_before(username):
        return page(tries.too_many(wait)), 429, {"Retry-After": str(ceil(wait.total_seconds()))}
    typed = request.form.get("code", "")
    if factor is None or not is_right(factor, by, typed):
        noted("sign-in-refused", "person", username)
        return page(_("The code is wrong or has been used. Wait for the next one and try again.")), 422
    again = session().get_one(PersonRow, person.id)
    welcome = entering.welcome(Arrival(person=again, way=way, target=target, kept=kept))
    if one_time.is_recovery(typed):
        flash(told_left(factor.codes_left - 1))
    return welcome


def told_left(left: int) -> str:
    """How many codes on paper somebody still has."""
    return str(
        ngettext(
            "You came in by a recovery code. %(num)d is left.",
            "You came in by a recovery code. %(num)d are left.",
            left,
        )
    )


def is_right(factor: FactorFacts, by: Actor, typed: str) -> bool:
    """Use the code up, if it is the person's."""
    close_session()
    safe = Safe(parts().settings)
    try:
        if one_time.is_recovery(typed):
            engine().execute(UseRecoveryCode(tenant=tenant_key(), actor=by, hashed=one_time.hashed(typed)))
            return True
        step = one_time.step_of(safe.take(factor.sealed), typed, now())
        if step is None:
            return False
        engine().execute(UseCode(tenant=tenant_key(), actor=by, step=step, sealed=safe.renewed(factor.sealed)))
    except CodeIsOver:
        return False
    return True


def lacks_factor() -> bool:
    """Whether the person who asks has to have a second factor and has none."""
    if not tenant().settings.get("second_factor_groups") or not auth.is_signed_in() or auth.is_proven():
        return False
    if not is_demanded(tenant().settings, auth.actor().groups):
        return False
    factor = factor_of(session(), tenant_key(), auth.holder().id)
    return factor is None or not factor.confirmed


def lead_to_set_up() -> ResponseReturnValue | None:
    """Nothing else is shown before it is set up. Programs show tokens, which are their own factor."""
    if request.blueprint in OPEN or request.endpoint == "static" or request.path.startswith("/api/"):
        return None
    return redirect(url_for("second_factor.page"), 303) if lacks_factor() else None


def install(app: Flask) -> None:
    app.before_request(lead_to_set_up)
