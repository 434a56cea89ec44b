"""Other systems that only remember what they were called with, and answer what somebody prepared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from engine.model import Json
from integrations.failures import BusinessError
from integrations.http_calls import Answer, understood
from integrations.webhook import REFUSED


@dataclass
class RememberingCalls:
    """Answers by address; whoever is asked something that nobody prepared is told so."""

    #: Beginning of an address → (status, JSON).
    answers: dict[str, tuple[int, Json]] = field(default_factory=dict)
    #: What was called: `POST https://… {"a": 1}`.
    made: list[str] = field(default_factory=list)

    def call(self, tenant: str, method: str, url: str, **sent: Any) -> Answer:
        """Remember a call and give the answer that was prepared for its address."""
        address = str(httpx.URL(url, params=sent["query"])) if sent.get("query") else url
        self.made.append(_told(method, address, sent.get("body")))
        status, body = next((said for start, said in self.answers.items() if address.startswith(start)), (404, None))
        return understood(httpx.Response(status, json=body))


@dataclass
class RememberingWebhook:
    """Takes every call; one to `refuse.example` is refused."""

    made: list[str] = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)

    def post(self, url: str, data: Json, key: str, now: datetime) -> int:
        """Remember a call, the same key once."""
        if "//refuse.example" in url:
            raise BusinessError(REFUSED, "The other system refused the call (400).")
        if key not in self._keys:
            self._keys.add(key)
            self.made.append(_told("POST", url, data))
        return 200


def _told(method: str, url: str, body: Json) -> str:
    text = "" if body is None else " " + json.dumps(body, ensure_ascii=False, sort_keys=isinstance(body, Mapping))
    return f"{method} {url}{text}"
