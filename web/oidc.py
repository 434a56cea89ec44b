"""To a provider of identities and back: `/prihlaseni/sluzba` for the staff, `/moje/vstup/sluzba` for applicants."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import SYSTEM
from engine.signing_in import AdmitByIdentity, EnterByIdentity, Holder, Identity, JoinIdentity
from engine.store.people import PersonRow
from integrations.failures import Failure, Temporary
from integrations.oidc import Attempt, Claims
from web import accounts, auth, entering
from web.auth import ANYONE
from web.db import close_session
from web.entering import Arrival
from web.here import engine, now, parts, session
from web.i18n import _, language, local_path
from web.limits import SIGN_IN, limiter
from web.noting import noted
from web.providers import Audience, Offered, groups_of, offered, verified
from web.safe import Safe
from web.tenancy import address_here, tenant, tenant_key

blueprint = Blueprint("oidc", __name__)
log = structlog.get_logger("radnice.web")

#: Key of the cookie with the attempt, and how long one may be away.
AWAY, LIFE = "oidc", timedelta(minutes=15)
#: Key of the cookie with an identity that waits to be joined, sealed.
JOIN = "join"
HOME: Mapping[Audience, str] = {"staff": "/prace/ukoly", "public": "/moje"}


@dataclass(frozen=True, kw_only=True)
class Back:
    """Somebody who came back, proven."""

    provider: Offered
    claims: Claims
    target: str
    #: They were signed in when they went, and want to come in this way from now on.
    joining: str

    @property
    def identity(self) -> Identity:
        """Who they are at the provider."""
        return Identity(issuer=self.provider.provider.settings.issuer, subject=str(self.claims["sub"]))


class NotBack(Exception):
    """Nobody came back whom this browser had sent; the text says so to people."""


# --- there ----------------------------------------------------------------------------------------------------------


@blueprint.get("/prihlaseni/sluzba")
@limiter.limit(SIGN_IN)
def staff() -> ResponseReturnValue:
    """Go to the staff's provider."""
    return go("staff", auth.holder().id if auth.is_signed_in() else "")


@blueprint.get("/moje/vstup/sluzba")
@limiter.limit(SIGN_IN)
def public() -> ResponseReturnValue:
    """Go to the applicants' provider."""
    one = accounts.account()
    return go("public", one.id if one else "")


def go(audience: Audience, joining: str) -> ResponseReturnValue:
    """Remember the attempt in this browser and send it there."""
    there = allowed(audience)
    attempt = Attempt(
        redirect_uri=f"{address_here()}{url_for(f'oidc.{audience}_back')}",
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
    )
    close_session()
    try:
        address = there.provider.address(attempt)
    except Failure as error:
        return refused(audience, error)
    cookie[AWAY] = {
        **{name: getattr(attempt, name) for name in ("redirect_uri", "state", "nonce", "verifier")},
        "audience": audience,
        "tenant": tenant_key(),
        "issuer": there.provider.settings.issuer,
        "target": local_path(request.args.get("next"), HOME[audience]),
        "joining": joining,
        "at": now().isoformat(),
    }
    cookie.permanent = True
    return redirect(address, 302)


def allowed(audience: Audience) -> Offered:
    """The provider that pages offer here; 404 where there is none."""
    there = offered(tenant_key(), audience)
    if there is None or (audience == "public" and "oidc" not in accounts.ways()):
        abort(404)
    if audience == "staff" and not mapping():
        abort(404)
    return there


def mapping() -> Mapping[str, Any]:
    """Which groups there are which groups here; nobody comes in by none."""
    found = tenant().settings.get("oidc_groups")
    return found if isinstance(found, dict) else {}


# --- and back -------------------------------------------------------------------------------------------------------


@blueprint.get("/prihlaseni/sluzba/zpet")
@limiter.limit(SIGN_IN)
def staff_back() -> ResponseReturnValue:
    """Let in whoever is in a mapped group there."""
    try:
        back = came("staff")
        if back.joining:
            return to_confirm(back)
        person = admitted(back)
    except (NotBack, Failure) as error:
        return refused("staff", error)
    return entering.let_in(Arrival(person=person, way="oidc", target=back.target, proven=back.provider.proves_twice))


@blueprint.get("/moje/vstup/sluzba/zpet")
@limiter.limit(SIGN_IN)
def public_back() -> ResponseReturnValue:
    """Let an applicant in, with what is verified of them."""
    try:
        back = came("public")
    except (NotBack, Failure) as error:
        return refused("public", error)
    if back.joining:
        return to_confirm(back)
    close_session()
    entered = EnterByIdentity(
        tenant=tenant_key(),
        actor=ANYONE,
        identity=back.identity,
        claims=verified(back.claims),
        language=language(),
    )
    accounts.come_in(engine().execute(entered), "oidc")
    return redirect(back.target, 303)


def came(audience: Audience) -> Back:
    """Whoever came back, after every check. The attempt is used up by it. Raises NotBack, Failure."""
    there, away = allowed(audience), cookie.pop(AWAY, None) or {}
    state = request.args.get("state", "")
    sent = away.get("audience") == audience and away.get("tenant") == tenant_key()
    if not sent or not hmac.compare_digest(str(away.get("state")).encode(), state.encode()):
        raise NotBack("state")
    if now() - datetime.fromisoformat(away["at"]) > LIFE or away["issuer"] != there.provider.settings.issuer:
        raise NotBack("late")
    if not request.args.get("code"):
        raise NotBack("refused there")
    attempt = Attempt(**{name: away[name] for name in ("redirect_uri", "state", "nonce", "verifier")})
    if away["joining"] and away["joining"] != signed_in_as(audience):
        raise NotBack("signed out meanwhile")
    close_session()
    claims = there.provider.claims(attempt, request.args["code"], request.args.get("iss"), now())
    return Back(provider=there, claims=claims, target=away["target"], joining=away["joining"])


def signed_in_as(audience: Audience) -> str:
    """Id of whoever is signed in here now."""
    if audience == "staff":
        return auth.holder().id if auth.is_signed_in() else ""
    one = accounts.account()
    return one.id if one else ""


def admitted(back: Back) -> PersonRow:
    """The person of the staff. Raises NotBack where they may not come in."""
    claims, known = back.claims, mapping()
    groups = groups_of(claims, back.provider.groups_claim, known)
    username = str(claims.get("preferred_username") or claims.get("email") or "")
    if not groups:
        raise NotBack("in no group")
    command = AdmitByIdentity(
        tenant=tenant_key(),
        actor=SYSTEM,
        identity=back.identity,
        username=username,
        name=str(claims.get("name") or username)[:200],
        email=str(claims.get("email") or "")[:200] if claims.get("email_verified") is not False else "",
        groups=groups,
        mapped=list(known),
    )
    close_session()
    try:
        return session().get_one(PersonRow, engine().execute(command))
    except (Conflict, NotAllowed, Invalid) as error:
        raise NotBack(type(error).__name__) from error


def to_confirm(back: Back) -> ResponseReturnValue:
    """Ask before an identity is joined: it may be somebody else's who was signed in at the provider."""
    told = {
        "subject": back.identity.subject,
        "issuer": back.identity.issuer,
        "holder": back.joining,
        "claims": verified(back.claims),
    }
    cookie[JOIN] = Safe(parts().settings).put(json.dumps(told))
    who = back.claims.get("name") or back.claims.get("email") or back.identity.subject
    return render_template("joining.html", who=str(who)[:200], provider=back.provider.label or back.identity.issuer)


@blueprint.post("/prihlaseni/sluzba/pripojit")
@limiter.limit(SIGN_IN)
def join() -> ResponseReturnValue:
    """From now on they come in this way too."""
    kept = cookie.pop(JOIN, None)
    told = json.loads(Safe(parts().settings).take(kept)) if kept else {}
    audience: Audience = "staff" if auth.is_signed_in() else "public"
    if not told or told["holder"] != signed_in_as(audience):
        raise NotAllowed
    identity = Identity(issuer=told["issuer"], subject=told["subject"])
    by = auth.actor() if audience == "staff" else ANYONE
    holder = Holder(kind="person" if audience == "staff" else "account", id=told["holder"])
    joining = JoinIdentity(tenant=tenant_key(), actor=by, identity=identity, holder=holder, claims=told["claims"])
    close_session()
    try:
        engine().execute(joining)
        flash(_("Joined: from now on you can sign in this way too."))
    except Conflict:
        flash(_("This identity belongs to somebody else here, so nothing was changed."))
    return redirect("/prace/heslo" if audience == "staff" else "/moje/ucet", 303)


def refused(audience: Audience, error: Exception) -> ResponseReturnValue:
    """Back at the sign-in with a sentence; what was wrong goes to the log, without whose it was."""
    log.warning("nobody came in by a provider", audience=audience, error=type(error).__name__, why=str(error))
    close_session()
    if isinstance(error, Temporary):
        sentence, status = _("The sign-in service does not answer. Try again in a while, or sign in another way."), 503
    elif str(error) in ("in no group", "NotAllowed", "Conflict", "Invalid"):
        sentence, status = _("You have no access here. Ask your administrator to let you in."), 403
    else:
        sentence, status = _("Signing in did not succeed. Try it once more."), 422
    if audience == "staff":
        noted("sign-in-refused", "person", "oidc")
        return render_template("sign_in.html", next=HOME["staff"], username="", error=sentence), status
    return render_template("portal/entering.html", next=HOME["public"], email="", refused=sentence), status


@blueprint.get("/odhlaseni/sluzba")
def leave() -> ResponseReturnValue:
    """Sign out at the provider as well."""
    audience: Audience = "public" if request.args.get("kdo") == "zadatel" else "staff"
    close_session()
    try:
        address = allowed(audience).provider.logout_address(f"{address_here()}/")
    except Failure:
        address = ""
    return redirect(address or "/", 302)


def names(audience: Audience) -> str:
    """What the link to the provider says; "" where none is offered."""
    there = offered(tenant_key(), audience)
    shown = there is not None and (mapping() if audience == "staff" else "oidc" in accounts.ways())
    return there.label or _("Another sign-in service") if there is not None and shown else ""


def install(app: Flask) -> None:
    app.jinja_env.globals.update(provider_name=names)
