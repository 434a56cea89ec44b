"""Which applicant is asking, and in which ways the organisation lets applicants come in. Nobody of the staff."""

from __future__ import annotations

import secrets
from contextlib import suppress
from hashlib import sha256
from typing import cast

from flask import Flask, Response, g, request
from flask import session as cookie

from engine.errors import NotFound
from engine.queries.accounts import AccountFacts, account_in
from engine.signing_in import BeginSession, EndSession, Holder, SeeSession, Way
from web import auth
from web.agents import agent_of
from web.auth import ANYONE, SEEN_EVERY
from web.db import close_session
from web.here import engine, now, session
from web.tenancy import tenant, tenant_key

#: Ways in which applicants may come in; an organisation that names none has no accounts.
WAYS = ("link", "password", "oidc")
#: Keys of the cookie: the session of an account; a secret of the browser; what strangers may open here.
ACCOUNT, BROWSER, GRANTS = "account", "browser", ("drafts", "cases")


def ways() -> tuple[str, ...]:
    """The ways that are allowed here."""
    allowed = tenant().settings.get("applicant_sign_in")
    return tuple(way for way in WAYS if isinstance(allowed, list) and way in allowed)


def account() -> AccountFacts | None:
    """The account that is signed in in this browser; None where there is none, or the organisation has none at all."""
    if "account" not in g:
        g.account = _signed_in() if ACCOUNT in cookie and ways() else None
    return cast("AccountFacts | None", g.account)


def holder_of(one: AccountFacts) -> Holder:
    """Whose the sessions of an account are."""
    return Holder(kind="account", id=one.id)


def session_id() -> str:
    """The session of the account of this request."""
    return str(cookie[ACCOUNT]["session"]) if account() is not None else ""


def way() -> str:
    """How the account of this request came in."""
    return str(cookie[ACCOUNT]["way"]) if account() is not None else ""


def come_in(account_id: str, way: Way) -> None:
    """Begin a session of an account. What this browser has begun and opened stays; somebody of the staff goes."""
    leave()
    kept = {name: cookie[name] for name in GRANTS if name in cookie}
    auth.sign_out()
    holder = Holder(kind="account", id=account_id)
    agent = agent_of(request.user_agent.string)
    begun = engine().execute(BeginSession(tenant=tenant_key(), actor=ANYONE, holder=holder, way=way, agent=agent))
    cookie.permanent = True
    cookie.update(kept)
    cookie[ACCOUNT] = {"session": begun, "tenant": tenant_key(), "way": way}
    g.pop("account", None)


def leave() -> None:
    """End the session of the account."""
    one = account()
    if one is not None:
        ending = EndSession(tenant=tenant_key(), actor=ANYONE, holder=holder_of(one), session_id=session_id())
        close_session()
        with suppress(NotFound):
            engine().execute(ending)
    cookie.pop(ACCOUNT, None)
    g.pop("account", None)


def forget_grants() -> None:
    """Whoever sits here next opens no draft and no case."""
    for name in GRANTS:
        cookie.pop(name, None)


def browser() -> str:
    """SHA-256 of a secret that this browser alone has; drawn on first use."""
    if BROWSER not in cookie:
        cookie[BROWSER] = secrets.token_urlsafe(24)
        cookie.permanent = True
    return sha256(str(cookie[BROWSER]).encode()).hexdigest()


def _signed_in() -> AccountFacts | None:
    told = cookie[ACCOUNT]
    if told.get("tenant") != tenant_key():
        return None
    found = account_in(session(), tenant_key(), told["session"], now())
    if found is None:
        return None
    g.account_unseen = now() - found[1] > SEEN_EVERY
    return found[0]


def note_seen(response: Response) -> Response:
    """Remember that the session is used, now and then."""
    if g.pop("account_unseen", False) and ACCOUNT in cookie:
        close_session()
        seen = SeeSession(tenant=tenant_key(), actor=ANYONE, session_id=cookie[ACCOUNT]["session"])
        engine().execute(seen)
    return response


def install(app: Flask) -> None:
    app.jinja_env.globals.update(account=account, applicant_ways=ways)
    app.after_request(note_seen)
