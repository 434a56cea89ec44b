"""Stand-ins of Fio's API and of both gateways that speak their protocols on loopback."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode

Answer = tuple[int, str, bytes]
#: A status that is none: the line is cut without an answer.
CUT = -1
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Speaking:
    """Something that answers requests; the address is set once it listens."""

    url: str = ""

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Give status, media type and body."""
        raise NotImplementedError


@contextmanager
def listening(fake: Speaking) -> Iterator[None]:
    """Let a fake listen on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, kind, content = fake.answer(self.command, self.path, dict(self.headers), body)
            if status == CUT:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = reply

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class FakeFio(Speaking):
    """The bank: one statement, one token, and a pause that a test can make it forget."""

    statement: Any
    token: str = "t" * 64
    asked: list[str] = field(default_factory=list)
    busy: bool = False

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer as the bank does."""
        _slash, what, token, *rest = path.split("/")
        self.asked.append("/".join([what, *rest]))
        if token != self.token:
            return 500, "text/plain", b""
        if self.busy:
            return 409, "text/plain", b""
        if what.startswith("set-last"):
            return 200, "text/plain", b""
        return 200, JSON, json.dumps(self.statement).encode()


@dataclass
class FakeGoPay(Speaking):
    """GoPay: payments by number; a test moves their states."""

    client_id: str = "client"
    secret: str = "secret"  # noqa: S105 - of a fake
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: int = 0
    down: bool = False

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer as GoPay does."""
        if self.down:
            return 503, "text/plain", b""
        if path == "/oauth2/token":
            known = "Basic " + b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
            if headers.get("Authorization") != known:
                return 401, JSON, b"{}"
            self.tokens += 1
            return 200, JSON, json.dumps({"access_token": f"token{self.tokens}", "expires_in": 1800}).encode()
        if headers.get("Authorization") != f"Bearer token{self.tokens}":
            return 403, JSON, b"{}"
        if (method, path) == ("POST", "/payments/payment"):
            return 200, JSON, json.dumps(self._begin(json.loads(body))).encode()
        number, _slash, action = path.removeprefix("/payments/payment/").partition("/")
        payment = self.payments.get(number)
        if payment is None:
            return 404, JSON, b"{}"
        if action == "refund":
            return self._refund(payment, int(dict(parse_qsl(body.decode()))["amount"]))
        return 200, JSON, json.dumps(payment).encode()

    def _begin(self, wanted: dict[str, Any]) -> dict[str, Any]:
        number = str(3_000_000_000 + len(self.payments))
        made = {"id": int(number), "state": "CREATED", "currency": wanted["currency"], "amount": wanted["amount"]}
        made |= {"order_number": wanted["order_number"], "gw_url": f"https://gw.example/{number}", "returned": 0}
        self.payments[number] = made
        return made

    def _refund(self, payment: dict[str, Any], amount: int) -> Answer:
        if payment["state"] not in {"PAID", "PARTIALLY_REFUNDED"} or payment["returned"] + amount > payment["amount"]:
            return 409, JSON, b"{}"
        payment["returned"] += amount
        payment["state"] = "REFUNDED" if payment["returned"] == payment["amount"] else "PARTIALLY_REFUNDED"
        return 200, JSON, json.dumps({"id": payment["id"], "result": "FINISHED"}).encode()


@dataclass
class FakeComGate(Speaking):
    """ComGate: payments by number; a test moves their states."""

    merchant: str = "1234"
    secret: str = "secret"  # noqa: S105 - of a fake
    payments: dict[str, dict[str, str]] = field(default_factory=dict)
    down: bool = False

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Answer as ComGate does: always 200 and a code."""
        if self.down:
            return 502, "text/html", b"<html>"
        form = dict(parse_qsl(body.decode()))
        if (form.get("merchant"), form.get("secret")) != (self.merchant, self.secret):
            return _said(code="1400", message="wrong merchant")
        if path == "/create":
            number = f"AB12-CD34-{len(self.payments):04}"
            facts = {"price": form["price"], "curr": form["curr"], "refId": form["refId"], "returned": "0"}
            self.payments[number] = facts | {"status": "PENDING", "transId": number}
            return _said(code="0", message="OK", transId=number, redirect=f"https://gw.example/{number}")
        payment = self.payments.get(form.get("transId", ""))
        if payment is None:
            return _said(code="1400", message="unknown")
        if path == "/status":
            return _said(code="0", message="OK", **payment)
        return self._refund(payment, int(form["amount"]))

    def _refund(self, payment: dict[str, str], amount: int) -> Answer:
        total = int(payment["returned"]) + amount
        if payment["status"] != "PAID" or total > int(payment["price"]):
            return _said(code="1400", message="too much")
        payment["returned"] = str(total)
        return _said(code="0", message="OK")


def _said(**fields: str) -> Answer:
    return 200, FORM, urlencode(fields).encode()
