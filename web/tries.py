"""Counting tries to sign in, in the database: every process of the installation knows of all."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from math import ceil

from flask import Response, request
from flask_babel import ngettext

from engine.signing_in import ForgetTries, Tried, TrySignIn
from web import recognised
from web.auth import ANYONE
from web.db import close_session
from web.here import engine, parts
from web.tenancy import tenant_key

#: A household or an office gets a whole network of IPv6, and could change its address with every try.
NETWORK = 64


def tried(username: str) -> Tried:
    """By what the tries of this name from where the request comes are counted."""
    name, address = _name(username), network()
    known = recognised.browser_of(name)
    return Tried(
        name=name,
        address=_hashed("address", address),
        place=_hashed("place", f"{name} {address}"),
        browser=_hashed("browser", f"{name} {known}") if known else "",
    )


def network() -> str:
    """Where the request comes from: an IPv4 address, or a network of IPv6."""
    given = request.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - NETWORK))
    return given


def window() -> str:
    """What the number of passwords looked at in a while is counted for: a browser that is known, or an address."""
    typed = request.form.get("username") or request.form.get("login") or ""
    return recognised.browser_of(_name(typed)) or network()


def is_failure(response: Response) -> bool:
    """Whether an answer counts in it: in the morning a whole office signs in from one address."""
    return response.status_code != HTTPStatus.SEE_OTHER


def wait_before(username: str) -> timedelta:
    """Count a try; how long to wait, zero = go on and look at the password."""
    command = TrySignIn(tenant=tenant_key(), actor=ANYONE, tried=tried(username), username=username[:150])
    close_session()
    return engine().execute(command)


def forget(username: str) -> None:
    """It was no failure."""
    command = ForgetTries(tenant=tenant_key(), actor=ANYONE, tried=tried(username))
    close_session()
    engine().execute(command)


def succeeded(username: str) -> None:
    """They came in: this browser is theirs from now on."""
    forget(username)
    recognised.remember(_name(username))


def begin_anew(username: str) -> None:
    """The person has shown by a letter that it is them, or has a new password: they needn't wait."""
    command = ForgetTries(tenant=tenant_key(), actor=ANYONE, tried=tried(username), anew=True)
    close_session()
    engine().execute(command)
    recognised.remember(_name(username))


def too_many(wait: timedelta) -> str:
    """What the page says to whoever has to wait. The same whether there is such a person or not."""
    minutes = max(1, ceil(wait / timedelta(minutes=1)))
    told: str = ngettext(
        "Too many attempts failed. Try again in %(num)d minute; until then even the right password won't do.",
        "Too many attempts failed. Try again in %(num)d minutes; until then even the right password won't do.",
        minutes,
    )
    return told


def _name(username: str) -> str:
    return _hashed("name", username.strip().casefold())


def _hashed(kind: str, text: str) -> str:
    key = parts().settings.signing_key().encode()
    return hmac.new(key, f"tries:{tenant_key()}:{kind}:{text}".encode(), hashlib.sha256).hexdigest()
