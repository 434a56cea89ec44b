"""An applicant's account: e-mail, password, where they are signed in, its end. `/moje/ucet`."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.accounts import AskToEnter, EndAccount, SetAccountPassword
from engine.queries.accounts import AccountFacts, credentials_of
from engine.queries.sessions import sessions_of
from engine.signing_in import EndSession, EndSessions
from web import accounts, tries
from web.auth import ANYONE
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _, language
from web.limits import SIGN_IN, limiter
from web.passwords import hash_password, password_fits
from web.portal.entering import ADDRESS, ASKING, named, only
from web.portal.mine import ComeInFirst, come_in_first, own
from web.tenancy import tenant_key
from web.ui.new_password import wrong_with
from web.ui.sessions import ways

blueprint = Blueprint("own_account", __name__, url_prefix="/moje/ucet")
blueprint.register_error_handler(ComeInFirst, come_in_first)


@blueprint.get("")
def page() -> ResponseReturnValue:
    """What there is of it."""
    return shown(own())


@blueprint.post("/heslo")
@limiter.limit(SIGN_IN)
def password() -> ResponseReturnValue:
    """Set a password; whoever came in by one has to know it, whoever came by a letter has shown their mailbox."""
    one = own()
    only("password")
    new, again = (request.form.get(name, "") for name in ("new", "again"))
    errors = {}
    if needs_old(one) and (wrong := wrong_old(one)):
        errors["old"] = wrong
    if wrong := wrong_with(new, *one.email.split("@")[0].split(".")):
        errors["new"] = wrong
    elif new != again:
        errors["again"] = _("The two differ. Write the new password once more.")
    if not one.email:
        errors["new"] = _("First add your e-mail: with it you will sign in.")
    if errors:
        return shown(one, **errors)
    keep = accounts.session_id()
    close_session()
    hashed = hash_password(new)
    engine().execute(
        SetAccountPassword(tenant=tenant_key(), actor=ANYONE, account_id=one.id, password_hash=hashed, keep=keep)
    )
    tries.begin_anew(named(one.email))
    flash(_("The password is set. Elsewhere you have been signed out."))
    return redirect(url_for("own_account.page"), 303)


@blueprint.post("/email")
@limiter.limit(ASKING)
def email() -> ResponseReturnValue:
    """Let a letter go to the e-mail that is to be the account's; it becomes so by the link, in this browser."""
    one = own()
    only("link")
    typed = request.form.get("email", "").strip()
    if not ADDRESS.fullmatch(typed):
        return shown(one, email=_("Check the e-mail, for instance novak@mesto.cz."))
    asking = AskToEnter(
        tenant=tenant_key(),
        actor=ANYONE,
        email=typed,
        browser=accounts.browser(),
        language=language(),
        target="/moje/ucet",
        account_id=one.id,
    )
    close_session()
    engine().execute(asking)
    flash(_("A letter with a link goes to %(email)s. Open it in this browser.", email=typed))
    return redirect(url_for("own_account.page"), 303)


@blueprint.post("/jinde")
def end_elsewhere() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    one = own()
    ending = EndSessions(tenant=tenant_key(), actor=ANYONE, holder=accounts.holder_of(one), keep=accounts.session_id())
    close_session()
    engine().execute(ending)
    flash(_("Elsewhere you have been signed out."))
    return redirect(url_for("own_account.page"), 303)


@blueprint.post("/jinde/<which>")
def end_one(which: str) -> ResponseReturnValue:
    """Sign out in one other place."""
    one = own()
    close_session()
    engine().execute(EndSession(tenant=tenant_key(), actor=ANYONE, holder=accounts.holder_of(one), session_id=which))
    flash(_("There you have been signed out."))
    return redirect(url_for("own_account.page"), 303)


@blueprint.post("/zrusit")
@limiter.limit(SIGN_IN)
def end() -> ResponseReturnValue:
    """Delete the account; what was sent stays with the office."""
    one = own()
    if request.form.get("sure") != "yes":
        return shown(one, sure=_("Confirm that you want to delete the account."))
    close_session()
    engine().execute(EndAccount(tenant=tenant_key(), actor=ANYONE, account_id=one.id))
    accounts.leave()
    accounts.forget_grants()
    flash(_("The account is deleted. Your applications go on: you follow them by number and secret."))
    return redirect(url_for("following.ask"), 303)


def needs_old(one: AccountFacts) -> bool:
    """Whether the present password has to be shown before it is changed."""
    return one.has_password and accounts.way() == "password"


def wrong_old(one: AccountFacts) -> str:
    """Why what was typed as the present password won't do."""
    if wait := tries.wait_before(named(one.email)):
        return tries.too_many(wait)
    known = credentials_of(session(), tenant_key(), one.email)
    fits = password_fits(known[1] if known else None, request.form.get("old", ""))
    return "" if fits else _("This is not your present password.")


def shown(one: AccountFacts, **errors: str) -> ResponseReturnValue:
    """The page; passwords are never written back."""
    html = render_template(
        "portal/own_account.html",
        one=one,
        needs_old=needs_old(one),
        sessions=sessions_of(session(), tenant_key(), accounts.holder_of(one), now()),
        here=accounts.session_id(),
        words=ways(),
        errors=errors,
    )
    return html, 422 if errors else 200
