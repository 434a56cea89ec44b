"""Which program is asking: a bearer token of a person, looked up by its hash."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import g, request
from flask_limiter.util import get_remote_address

from engine.model import Actor
from web.auth import actor_of, find_bearer
from web.errors import problem
from web.here import parts, session
from web.limits import WRONG_TOKEN
from web.tenancy import tenant_key

SCHEME = "bearer "


def token_hash(token: str) -> str:
    """SHA-256 of a token, the only thing that is stored of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def asker(token: str) -> Actor | None:
    """The active person of this tenant whose token this is."""
    person = find_bearer(session(), tenant_key(), token_hash(token))
    if person is None:
        return None
    return replace(actor_of(session(), person), kind="api")


def caller() -> Actor | None:
    """Whose token came with this request; looked up once."""
    if "caller" not in g:
        header = request.headers.get("Authorization", "")
        token = header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""
        g.caller = asker(token) if token else None
    found: Actor | None = g.caller
    return found


def counted_as() -> str:
    """Whose requests are counted together: those of a person, or those without a valid token from one address."""
    found = caller()
    return f"{tenant_key()}:{found.username}" if found else get_remote_address()


def allowed() -> str:
    """How often whoever asks may ask."""
    return parts().settings.api_limit if caller() else WRONG_TOKEN


def require_token() -> object | None:
    """Refuse a request without a valid token; the description of the API itself is open."""
    found = caller()
    if found is None:
        refusal = problem(401, "A valid bearer token is needed.")
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    g.actor = found
    return None
