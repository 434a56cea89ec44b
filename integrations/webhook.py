"""Calls of another system: JSON by POST, signed with HMAC-SHA256 so that it knows who calls.

Two signatures go with each call: over the body alone (`X-Radnice-Signature`), and by the standard of
standardwebhooks.com over id, time and body, which the receiver can tell from a replay.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import httpx

from engine.model import Json
from integrations.failures import BusinessError, Busy, Permanent, Unreachable
from integrations.guard import ask

SIGNATURE, KEY = "X-Radnice-Signature", "Idempotency-Key"
REFUSED = "webhook.refused"
#: Headers and the form of a secret by the standard.
ID, TIME, SIGNATURES, PREFIX = "webhook-id", "webhook-timestamp", "webhook-signature", "whsec_"


class Caller(Protocol):
    """Tells other systems."""

    def post(self, url: str, data: Json, key: str, now: datetime) -> int:
        """Send data and give the status, as `Webhook.post` says."""
        ...


@dataclass(frozen=True)
class Webhook:
    """The calling side."""

    client: httpx.Client
    secret: str = field(default="", repr=False)

    def post(self, url: str, data: Json, key: str, now: datetime) -> int:
        """Send data and give the status; the same `key` is the same call.

        Raises BusinessError("webhook.refused") for 4xx, Temporary for 408, 429, 5xx and a broken line, Permanent for an
        address we may not connect to.
        """
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        headers = {"Content-Type": "application/json", KEY: key}
        if self.secret:
            at = int(now.timestamp())
            headers[SIGNATURE] = f"sha256={signature(self.secret, body)}"
            headers |= {ID: key, TIME: str(at), SIGNATURES: sign(self.secret, key, at, body)}
        status = ask(self.client, "POST", url, content=body, headers=headers).status_code
        if 200 <= status < 300:
            return status
        if status in {408, 429} or status >= 500:
            away = Busy if status == 429 else Unreachable
            raise away(f"The other system does not take the call now ({status}).")
        if 400 <= status < 500:
            raise BusinessError(REFUSED, f"The other system refused the call ({status}).")
        raise Permanent(f"The other system answered with an unexpected status ({status}).")


def signature(secret: str, body: bytes) -> str:
    """Give HMAC-SHA256 of a body in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def sign(secret: str, delivery: str, at: int, body: bytes) -> str:
    """Give the signature by the standard: `v1,` and base64 of HMAC-SHA256 over `id.time.body`."""
    said = f"{delivery}.{at}.".encode() + body
    return "v1," + b64encode(hmac.new(_opened(secret), said, hashlib.sha256).digest()).decode()


def _opened(secret: str) -> bytes:
    """Give the key that a secret stands for; one that isn't of the standard's form is its own text."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    except BadBase64:
        return secret.encode()
