"""Calls of another system: JSON by POST, signed with HMAC-SHA256 so that it knows who calls."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field

import httpx

from engine.model import Json
from integrations.failures import BusinessError, Permanent, Temporary
from integrations.guard import ask

SIGNATURE, KEY = "X-Radnice-Signature", "Idempotency-Key"
REFUSED = "webhook.refused"


@dataclass(frozen=True)
class Webhook:
    """The calling side."""

    client: httpx.Client
    secret: str = field(default="", repr=False)

    def post(self, url: str, data: Json, key: str) -> int:
        """Send data and give the status.

        Raises BusinessError("webhook.refused") for 4xx, Temporary for 408, 429, 5xx and a broken line, Permanent for an
        address we may not connect to.
        """
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        headers = {"Content-Type": "application/json", KEY: key}
        if self.secret:
            headers[SIGNATURE] = f"sha256={signature(self.secret, body)}"
        status = ask(self.client, "POST", url, content=body, headers=headers).status_code
        if 200 <= status < 300:
            return status
        if status in {408, 429} or status >= 500:
            raise Temporary(f"The other system does not take the call now ({status}).")
        if 400 <= status < 500:
            raise BusinessError(REFUSED, f"The other system refused the call ({status}).")
        raise Permanent(f"The other system answered with an unexpected status ({status}).")


def signature(secret: str, body: bytes) -> str:
    """Give HMAC-SHA256 of a body in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
