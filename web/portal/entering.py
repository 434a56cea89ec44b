"""Applicants come in: by a link in a letter, or by a password. `/moje/vstup`.

Nothing tells whether an e-mail has an account: everybody who asks gets a letter, and the account is there once somebody
has shown by it that the mailbox is theirs.
"""

from __future__ import annotations

import re
from math import ceil

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.accounts import AskToEnter, Enter
from engine.queries.accounts import EntryFacts, credentials_of, entry
from engine.signing_in import LinkIsOver
from web import accounts, tries
from web.auth import ANYONE
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _, language, local_path
from web.limits import SIGN_IN, limiter
from web.passwords import password_fits
from web.tenancy import tenant_key

blueprint = Blueprint("entering", __name__, url_prefix="/moje/vstup")

MINE = "/moje"
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]{2,}")
LONGEST = 255
#: Letters asked for from one address: nobody may be flooded through us.
ASKING = "5 per minute;20 per hour"


@blueprint.before_request
def allowed_only() -> None:
    """Where an organisation has no accounts there is no such page."""
    if not accounts.ways():
        abort(404)


@blueprint.get("")
def form() -> ResponseReturnValue:
    """The ways that are allowed here."""
    target = local_path(request.args.get("next"), MINE)
    return redirect(target) if accounts.account() else page(target)


@blueprint.post("/odkaz")
@limiter.limit(ASKING)
def ask() -> ResponseReturnValue:
    """Promise a letter; the answer is the same for every e-mail."""
    only("link")
    target, email = local_path(request.form.get("next"), MINE), request.form.get("email", "").strip()
    if not ADDRESS.fullmatch(email) or len(email) > LONGEST:
        return page(target, email=email, error=_("Check the e-mail, for instance novak@mesto.cz."))
    asking = AskToEnter(
        tenant=tenant_key(),
        actor=ANYONE,
        email=email,
        browser=accounts.browser(),
        language=language(),
        target=target,
    )
    close_session()
    engine().execute(asking)
    return render_template("portal/entering.html", next=target, email=email, promised=True)


@blueprint.get("/odkaz")
@limiter.limit(SIGN_IN)
def link() -> ResponseReturnValue:
    """The page of the link: a button, because programs that look into mails follow links and press none."""
    secret = request.args.get("k", "")
    known = _known(secret)
    here = known.browser == accounts.browser()
    return render_template("portal/entering_link.html", secret=secret, known=known, here=here)


@blueprint.post("/potvrdit")
@limiter.limit(SIGN_IN)
def confirm() -> ResponseReturnValue:
    """Use the link."""
    secret = request.form.get("k", "")
    known = _known(secret)
    using = Enter(tenant=tenant_key(), actor=ANYONE, secret=secret, browser=accounts.browser())
    close_session()
    account_id = engine().execute(using)
    tries.begin_anew(named(known.email))
    if known.account_id:
        flash(_("%(email)s is yours now.", email=known.email))
    else:
        accounts.come_in(account_id, "link")
    return redirect(local_path(known.target, MINE), 303)


@blueprint.post("/heslo")
@limiter.limit(SIGN_IN, key_func=tries.window, deduct_when=tries.is_failure)
def by_password() -> ResponseReturnValue:
    """Look at the password; failures are counted as those of the staff are."""
    only("password")
    target, email = local_path(request.form.get("next"), MINE), request.form.get("login", "").strip()[:LONGEST]
    if wait := tries.wait_before(named(email)):
        html, _status = page(target, email=email, refused=tries.too_many(wait))
        return html, 429, {"Retry-After": str(ceil(wait.total_seconds()))}
    known = credentials_of(session(), tenant_key(), email.lower())
    fits = password_fits(known[1] if known else None, request.form.get("password", ""))
    if known is None or not fits:
        refused = _("The e-mail or the password is wrong. Check both, or let a link be sent to you.")
        return page(target, email=email, refused=refused)
    tries.succeeded(named(email))
    accounts.come_in(known[0], "password")
    return redirect(target, 303)


@blueprint.post("/odchod")
def leave() -> ResponseReturnValue:
    """Sign out; whoever sits here next finds nothing of it."""
    accounts.leave()
    accounts.forget_grants()
    return redirect("/", 303)


def only(way: str) -> None:
    """Refuse a way that isn't allowed here."""
    if way not in accounts.ways():
        abort(404)


def named(email: str) -> str:
    """By what tries of an account are counted: never together with a person of the staff of that name."""
    return f"account:{email.lower()}"


def page(target: str, email: str = "", error: str = "", refused: str = "") -> tuple[str, int]:
    """The ways in, with what is wrong; passwords are never written back."""
    html = render_template("portal/entering.html", next=target, email=email, error=error, refused=refused)
    return html, 422 if error or refused else 200


def _known(secret: str) -> EntryFacts:
    found = entry(session(), tenant_key(), secret, now())
    if found is None:
        raise LinkIsOver
    return found
