"""The other side: takes calls and mails, remembers their keys, and has its bad moments."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tests.machine import free_port

#: Of so many calls one is refused when it first comes.
BAD_MOMENT = 8


class Receiver(ThreadingHTTPServer):
    """An HTTP server that remembers which keys each effect came with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.lock = threading.Lock()
        #: (case, step) → the idempotency keys with which it was taken.
        self.taken: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.calls = 0
        self._refused: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/effects"

    def take(self, key: str, case: str, step: str) -> bool:
        """Remember an effect; False in a bad moment."""
        with self.lock:
            self.calls += 1
            if key not in self._refused and hash(key) % BAD_MOMENT == 0:
                self._refused.add(key)
                return False
            self.taken[case, step].add(key)
            return True


class Call(BaseHTTPRequestHandler):
    """One call."""

    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        taken = self.server.take(self.headers["Idempotency-Key"], body["case"], body["step"])
        self.send_response(200 if taken else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


class Post:
    """An SMTP server that gives mails to the receiver; a Message-ID is made of the key, a subject names the case."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        taken = self._receiver.take(str(mail["Message-ID"]), str(mail["Subject"]), "mail")
        return "250 OK" if taken else "451 later"


@contextmanager
def receiving() -> Iterator[tuple[Receiver, str]]:
    """Give the receiver and the address of its SMTP server."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    post = Controller(Post(receiver), hostname="127.0.0.1", port=free_port())
    thread.start()
    post.start()
    try:
        yield receiver, f"smtp://127.0.0.1:{post.port}"
    finally:
        post.stop()
        receiver.shutdown()
        receiver.server_close()
        thread.join()
