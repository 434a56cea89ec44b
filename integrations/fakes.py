"""Local stand-ins that speak the real protocols on loopback, and ones that only remember."""

from __future__ import annotations

import json
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from integrations.ares import RECORDED
from integrations.failures import BusinessError, Failure
from integrations.gateway.shape import REFUSED, Standing, State, Wanted
from integrations.mail import compose, message_id
from integrations.ports import Company, Mail


@dataclass
class RememberingMailer:
    """Keeps mails instead of sending them; the same key is kept once, as a receiver that knows Message-IDs would."""

    sent: list[Mail] = field(default_factory=list)
    #: Raised by the next sendings, in order.
    failures: list[Failure] = field(default_factory=list)

    def send(self, mail: Mail) -> str:
        """Keep a mail and give its Message-ID."""
        if self.failures:
            raise self.failures.pop(0)
        compose(mail)
        if all(message_id(other) != message_id(mail) for other in self.sent):
            self.sent.append(mail)
        return message_id(mail)


@dataclass
class PlainPdf:
    """A printer that wraps the page's HTML as if it were PDF."""

    reason: str | None = None
    printed: list[str] = field(default_factory=list)

    def unavailable(self) -> str | None:
        """Give the reason it was made with."""
        return self.reason

    def print(self, html: str) -> bytes:
        """Give bytes that begin like a PDF."""
        self.printed.append(html)
        return b"%PDF-1.7\n" + html.encode("utf-8")


@dataclass
class CompaniesInMemory:
    """A register that knows the companies it was given."""

    companies: Mapping[str, Company] = field(default_factory=dict)
    #: Raised instead of any answer.
    failure: Failure | None = None

    def find(self, ico: str) -> Company:
        """Give a company it knows."""
        if self.failure:
            raise self.failure
        if ico not in self.companies:
            raise BusinessError("ares.not-found", "The register knows no subject with this IČO.")
        return self.companies[ico]


@dataclass
class GatewayInMemory:
    """A gateway that knows the payments begun here; somebody else moves their states."""

    payments: dict[str, Standing] = field(default_factory=dict)
    refunds: list[tuple[str, int]] = field(default_factory=list)
    name: str = "gopay"

    def create(self, wanted: Wanted) -> Standing:
        """Begin a payment; addresses at `nogateway.example` are refused."""
        if wanted.email.endswith("@nogateway.example"):
            raise BusinessError(REFUSED, "The gateway does not take this payer.")
        number = str(3_000_000_000 + len(self.payments))
        url = f"https://gw.example/{number}"
        made = Standing(id=number, state="initiated", amount=wanted.amount, order=wanted.order, url=url)
        self.payments[number] = made
        return made

    def status(self, payment: str) -> Standing:
        """Tell how a payment stands."""
        if payment not in self.payments:
            raise BusinessError(REFUSED, "The gateway knows no such payment.")
        return self.payments[payment]

    def refund(self, payment: str, amount: int) -> None:
        """Return an amount of what was paid."""
        standing = self.status(payment)
        if standing.state != "paid" or amount > standing.amount:
            raise BusinessError(REFUSED, "The gateway did not take the refund.")
        self.refunds.append((payment, amount))

    def move(self, state: State) -> str:
        """Let the newest payment stand so; gives its number."""
        number = next(reversed(self.payments))
        self.payments[number] = replace(self.payments[number], state=state)
        return number


@dataclass
class FakeAres:
    """ARES on loopback: recorded answers over real HTTP, and whatever a test makes of it."""

    url: str
    #: Path → (status, body) instead of the recorded answer.
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, bytes]:
        """Give the answer for a path."""
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        file = RECORDED / f"{Path(path).name}.json"
        if not path.startswith("/ekonomicke-subjekty/") or not file.is_file():
            return 404, json.dumps({"kod": "NENALEZENO"}).encode()
        return 200, file.read_bytes()


@contextmanager
def fake_ares() -> Iterator[FakeAres]:
    """Serve ARES on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = fake.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeAres(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _OfClamd(socketserver.BaseRequestHandler):
    """One conversation of clamd's INSTREAM."""

    def handle(self) -> None:
        wire = self.request.makefile("rb")
        if _until_nul(wire) != b"zINSTREAM":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!L", wire.read(4))[0]:
            content += wire.read(size)
            if len(content) > CLAMD_MOST:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = next((name for name, mark in CLAMD_KNOWS.items() if mark in content), None)
        self.request.sendall(f"stream: {found} FOUND\0".encode() if found else b"stream: OK\0")


#: Name of a virus → the bytes by which the fake knows it.
CLAMD_KNOWS = {"Test.Virus": b"VIRUS-FOR-TESTS"}
CLAMD_MOST = 1_000_000


def _until_nul(wire: IO[bytes]) -> bytes:
    said = b""
    while (one := wire.read(1)) not in (b"", b"\0"):
        said += one
    return said


@contextmanager
def clamd_at(path: Path) -> Iterator[str]:
    """A clamd that knows one virus, at a socket of the file system; gives its address."""
    with socketserver.ThreadingUnixStreamServer(str(path), _OfClamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"unix://{path}"
        finally:
            server.shutdown()
