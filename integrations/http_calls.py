"""Any other system that speaks JSON over HTTP: asked, or told something. Its keys stay with the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from engine.model import Json
from integrations import strict_json
from integrations.failures import BusinessError, Busy, LockedOut, Permanent, Unreachable
from integrations.guard import LONGEST_ANSWER, ask, guarded_client

REFUSED, NOT_FOUND = "http.refused", "http.not-found"
#: What a case takes of an answer: JSON of so many bytes, other text of so many characters.
MOST_JSON, MOST_TEXT = 1_000_000, 100_000
IDEMPOTENCY = "Idempotency-Key"
EVERY = "*"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the other system said."""

    status: int
    #: The body where it is JSON.
    body: Json = None
    #: The body where it is other text.
    text: str = ""


class Calls(Protocol):
    """Calls other systems."""

    def call(self, tenant: str, method: str, url: str, **sent: Any) -> Answer:
        """Send `query`, `body`, `with_key` (name of a key) and `once` (idempotency key); all may be left out.

        Raises BusinessError("http.refused", "http.not-found"), Temporary, Permanent.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Key:
    """What opens one system to one organisation."""

    #: Key of the organisation, `*` for all.
    tenant: str
    #: The only host it is ever sent to.
    host: str
    #: Value of the header Authorization.
    value: str = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Key:
        """Read `TENANT HOST VALUE`, as `mesto api.example.cz Bearer abc`. Raises ValueError."""
        tenant, host, value = text.split(maxsplit=2)
        return cls(tenant=tenant, host=host.lower(), value=value)


@dataclass(frozen=True)
class HttpCalls:
    """The calling side."""

    client: httpx.Client
    keys: Mapping[str, Key] = field(default_factory=dict, repr=False)
    #: Seconds that an answer may take.
    longest: float = LONGEST_ANSWER

    def call(self, tenant: str, method: str, url: str, **sent: Any) -> Answer:
        """Call and read the answer, as `Calls` says."""
        headers = {"Accept": "application/json"}
        if name := sent.get("with_key"):
            headers["Authorization"] = self._opened(tenant, str(name), url)
        if once := sent.get("once"):
            headers[IDEMPOTENCY] = once
        options: dict[str, Any] = {"headers": headers}
        if sent.get("query"):
            options["params"] = sent["query"]
        if "body" in sent:
            options["json"] = sent["body"]
        return understood(ask(self.client, method, url, longest=self.longest, **options))

    def _opened(self, tenant: str, name: str, url: str) -> str:
        key = self.keys.get(name.lower())
        if key is None or key.tenant not in (EVERY, tenant):
            raise Permanent("This installation has no such key for the organisation.")
        if host_of(url) != key.host:
            raise Permanent("The key belongs to another server than the one that is called.")
        if not url.lower().startswith("https://") and key.host not in LOOPBACK:
            raise Permanent("A key is sent over HTTPS only.")
        return key.value


#: This very machine, where nobody listens on the way.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def host_of(url: str) -> str:
    """Give the host of an address; "" where it is none."""
    try:
        return httpx.URL(url).host.lower()
    except (httpx.InvalidURL, TypeError):
        return ""


def understood(response: httpx.Response) -> Answer:
    """Tell what an answer means. Nothing of its body gets into a message, it may be personal."""
    status = response.status_code
    if status == 401:
        raise LockedOut("The other system does not know us or our key.")
    if status in {404, 410}:
        raise BusinessError(NOT_FOUND, "The other system has nothing like that.")
    if status in {408, 425, 429} or status >= 500:
        away = Busy if status == 429 else Unreachable
        raise away(f"The other system does not take the call now ({status}).")
    if status >= 400:
        raise BusinessError(REFUSED, f"The other system refused the call ({status}).")
    if not 200 <= status < 300:
        raise Permanent(f"The other system answered with an unexpected status ({status}).")
    return _read(status, response)


def _read(status: int, response: httpx.Response) -> Answer:
    if len(response.content) > MOST_JSON:
        raise Permanent("The answer is too long for a case.")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.content.strip() and (kind == "application/json" or kind.endswith("+json")):
        try:
            return Answer(status=status, body=strict_json.read(response.content))
        except strict_json.BadJson as error:
            # Half an answer is no answer; the next one may be whole.
            raise Unreachable("The other system says it answers in JSON, but it is none.") from error
    text = response.content.decode("utf-8", "replace").replace("\0", "")
    return Answer(status=status, text=text[:MOST_TEXT])


def make_http_calls(hosts: str, keys: Mapping[str, str], *, allow_private: bool = False) -> HttpCalls | None:
    """Give the calling side for hosts by commas, and keys by name; None where no host may be called."""
    allowed = [host.strip() for host in hosts.split(",") if host.strip()]
    if not allowed:
        return None
    read = {name.lower(): Key.read(text) for name, text in keys.items()}
    return HttpCalls(guarded_client(allowed, allow_private=allow_private), read)
