"""A person's own second factor: set up by a QR code, confirmed by a code, switched off by the password."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command
from engine.errors import NotFound
from engine.queries.second_factor import FactorFacts, factor_of, is_demanded
from engine.second_factor import ConfirmSecondFactor, DropSecondFactor, RenewRecoveryCodes, StartSecondFactor
from integrations.qr import qr_svg
from web import one_time, tries
from web.auth import actor, holder, session_id, sign_in_required
from web.db import close_session
from web.directory import authenticate
from web.here import engine, now, parts, session
from web.i18n import _
from web.limits import SIGN_IN, limiter
from web.safe import Safe
from web.tenancy import tenant, tenant_key

blueprint = Blueprint("second_factor", __name__, url_prefix="/prace/druhy-faktor")


@blueprint.get("")
@sign_in_required
def page() -> ResponseReturnValue:
    """Whether there is one, and what can be done."""
    return shown()


@blueprint.post("/zacit")
@sign_in_required
def start() -> ResponseReturnValue:
    """Draw a secret; it counts for nothing until a code of it is typed."""
    sealed = Safe(parts().settings).put(one_time.new_secret())
    execute(StartSecondFactor(tenant=tenant_key(), actor=actor(), sealed=sealed))
    return redirect(url_for("second_factor.page"), 303)


@blueprint.get("/kod.svg")
@sign_in_required
def picture() -> ResponseReturnValue:
    """The QR code of a secret that isn't confirmed yet; a confirmed one is never shown again."""
    uri = one_time.address(waiting(), actor().username, tenant().name)
    return Response(qr_svg(uri), mimetype="image/svg+xml")


@blueprint.post("/potvrdit")
@limiter.limit(SIGN_IN)
@sign_in_required
def confirm() -> ResponseReturnValue:
    """A code shows that the application has the secret; codes for paper are shown this once."""
    step = one_time.step_of(waiting(), request.form.get("code", ""), now())
    if step is None:
        return shown(code=_("This is not the present code. Check that the clock of your phone is right."))
    codes = list(one_time.recovery_codes())
    hashes = [one_time.hashed(code) for code in codes]
    keep = session_id()
    execute(ConfirmSecondFactor(tenant=tenant_key(), actor=actor(), step=step, hashes=hashes, keep=keep))
    return shown(codes=codes)


@blueprint.post("/kody")
@limiter.limit(SIGN_IN)
@sign_in_required
def renew() -> ResponseReturnValue:
    """New codes for paper, by the password."""
    if wrong := wrong_password():
        return shown(renew=wrong)
    codes = list(one_time.recovery_codes())
    hashes = [one_time.hashed(code) for code in codes]
    execute(RenewRecoveryCodes(tenant=tenant_key(), actor=actor(), hashes=hashes))
    return shown(codes=codes)


@blueprint.post("/vypnout")
@limiter.limit(SIGN_IN)
@sign_in_required
def drop() -> ResponseReturnValue:
    """Switch it off, by the password."""
    if wrong := wrong_password():
        return shown(drop=wrong)
    execute(DropSecondFactor(tenant=tenant_key(), actor=actor()))
    flash(_("The second factor is switched off."))
    return redirect(url_for("second_factor.page"), 303)


def execute(command: Command[None]) -> None:
    """Execute with no read transaction open."""
    close_session()
    engine().execute(command)


def wrong_password() -> str:
    """Why what was typed as the password won't do; guesses are counted with those of the sign-in page."""
    username = actor().username
    if wait := tries.wait_before(username):
        return tries.too_many(wait)
    if authenticate(parts(), session, tenant_key(), username, request.form.get("password", "")) is None:
        return _("This is not your present password.")
    tries.forget(username)
    return ""


def waiting() -> str:
    """The secret that waits to be confirmed. Raises NotFound."""
    factor = own()
    if factor is None or factor.confirmed:
        raise NotFound
    return Safe(parts().settings).take(factor.sealed)


def own() -> FactorFacts | None:
    """The person's second factor."""
    return factor_of(session(), tenant_key(), holder().id)


def shown(codes: list[str] | None = None, **errors: str) -> ResponseReturnValue:
    """The page; secrets and codes only while they are new."""
    factor = own()
    secret = waiting() if factor is not None and not factor.confirmed else ""
    demanded = is_demanded(tenant().settings, actor().groups)
    html = render_template(
        "work/second_factor.html",
        factor=factor,
        secret=one_time.in_fours(secret),
        codes=codes or [],
        demanded=demanded,
        errors=errors,
    )
    return html, 422 if errors else 200
