import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from integrations.failures import BusinessError, Permanent, Temporary
from integrations.guard import AddressRefused, guarded_client
from integrations.webhook import Webhook, sign, signature

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Listener(ThreadingHTTPServer):
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Heard)
        self.heard: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Heard(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def a_webhook() -> Webhook:
    return Webhook(guarded_client(["127.0.0.1"], allow_private=True), "tajemství")


def test_a_call_is_signed_and_carries_its_key() -> None:
    with listening() as server:
        assert a_webhook().post(server.url, {"číslo": "PRI-1"}, "i1:a7", NOW) == 200
    ((headers, body),) = server.heard
    assert json.loads(body) == {"číslo": "PRI-1"}
    assert headers["X-Radnice-Signature"] == f"sha256={signature('tajemství', body)}"
    assert headers["Idempotency-Key"] == headers["webhook-id"] == "i1:a7"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == sign("tajemství", "i1:a7", int(NOW.timestamp()), body)


@pytest.mark.parametrize(
    ("status", "failure"), [(404, BusinessError), (429, Temporary), (500, Temporary), (302, Permanent)]
)
def test_an_answer_decides_whether_another_call_makes_sense(status: int, failure: type[Exception]) -> None:
    with listening() as server, pytest.raises(failure):
        server.status = status
        a_webhook().post(server.url, {}, "k", NOW)
    assert len(server.heard) == 1


def test_a_process_cannot_reach_into_our_own_network() -> None:
    with listening() as server, pytest.raises(AddressRefused):
        Webhook(guarded_client(["*"])).post(server.url, {}, "k", NOW)
    assert server.heard == []
