"""Secrets of webhooks and signatures of what comes by them. Nothing is stored: secrets are made of our own key."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from integrations.webhook import ID, PREFIX, SIGNATURE, SIGNATURES, TIME, sign, signature

#: Headers with `sha256=<hex>` over the body alone: ours, and that of GitHub and its like.
OVER_BODY = (SIGNATURE.lower(), "x-hub-signature-256")
#: Seconds by which the sender's clock may differ; an older delivery is a replay.
TOLERANCE = 300
#: Signatures of one delivery that are looked at; a sender that changes its secret sends two.
MOST_SIGNATURES = 10


def hook_secret(key: str, tenant: str, agenda: str, hook: str, number: int) -> str:
    """Give the secret that a sender signs with."""
    parts = "\0".join(("webhook", tenant, agenda, hook, str(number)))
    return PREFIX + b64encode(hmac.new(key.encode(), parts.encode(), sha256).digest()).decode()


def signed_by_standard(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
    """Give the id of a delivery that is signed and fresh; None = it is neither."""
    delivery, time = headers.get(ID, ""), headers.get(TIME, "")
    if not (0 < len(delivery) <= 200 and delivery.isprintable() and time.isascii() and time.isdigit()):
        return None
    if len(time) > 12 or abs(now.timestamp() - int(time)) > TOLERANCE:
        return None
    wanted = sign(secret, delivery, int(time), body).encode()
    given = headers.get(SIGNATURES, "").split()[:MOST_SIGNATURES]
    return delivery if any(hmac.compare_digest(wanted, one.encode()) for one in given) else None


def signed_over_body(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether a body is signed with the secret's text, as GitHub and our own `webhook.post` sign."""
    wanted = signature(secret, body).encode()
    given = [headers.get(name, "").removeprefix("sha256=") for name in OVER_BODY]
    return any(hmac.compare_digest(wanted, one.encode()) for one in given)
