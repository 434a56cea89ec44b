"""Other systems over HTTP: what is sent, what an answer means, what never goes where it should not."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from integrations.bank_fakes import JSON, Answer, Speaking, listening
from integrations.failures import BusinessError, Busy, Failure, Interrupted, LockedOut, Permanent, Temporary
from integrations.guard import AddressRefused, guarded_client
from integrations.http_calls import MOST_JSON, HttpCalls, Key, make_http_calls


@dataclass
class Accounting(Speaking):
    """A system that remembers what it was sent."""

    says: Answer = (200, JSON, b'{"balance": "7620.00"}')
    heard: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        self.heard.append((method, path, headers, body))
        return self.says


@pytest.fixture
def system() -> Iterator[Accounting]:
    fake = Accounting()
    with listening(fake):
        yield fake


def calls(**keys: Key) -> HttpCalls:
    return HttpCalls(guarded_client(["127.0.0.1"], allow_private=True), keys)


def test_a_question_brings_json_that_a_case_can_keep(system: Accounting) -> None:
    answer = calls().call("mesto", "GET", f"{system.url}/ucet", query={"ico": "00258245", "rok": 2026})
    assert (answer.status, answer.body) == (200, {"balance": "7620.00"})
    ((method, path, headers, _body),) = system.heard
    assert (method, path) == ("GET", "/ucet?ico=00258245&rok=2026")
    assert "Idempotency-Key" not in headers


def test_what_is_sent_carries_the_key_of_its_job(system: Accounting) -> None:
    system.says = (201, "text/plain", "přijato".encode())
    answer = calls().call("mesto", "PUT", f"{system.url}/a", body={"částka": 5}, once="i1:a7")
    assert (answer.status, answer.body, answer.text) == (201, None, "přijato")
    ((method, _path, headers, body),) = system.heard
    assert (method, headers["Idempotency-Key"], json.loads(body)) == ("PUT", "i1:a7", {"částka": 5})


@pytest.mark.parametrize(
    ("status", "failure", "code"),
    [
        (400, BusinessError, "http.refused"),
        (403, BusinessError, "http.refused"),
        (404, BusinessError, "http.not-found"),
        (401, LockedOut, ""),
        (429, Busy, ""),
        (503, Temporary, ""),
        (302, Permanent, ""),
    ],
)
def test_an_answer_decides_what_comes_next(system: Accounting, status: int, failure: type[Failure], code: str) -> None:
    system.says = (status, JSON, b'{"secret": "Jan Novak"}')
    with pytest.raises(failure) as refused:
        calls().call("mesto", "GET", system.url)
    assert getattr(refused.value, "code", "") == code
    assert "Novak" not in str(refused.value)


@pytest.mark.parametrize("body", [b'{"half": ', b"NaN", b'"\\u0000"', b"[" * 5000, b"\xff\xfe"])
def test_half_an_answer_is_no_answer(system: Accounting, body: bytes) -> None:
    system.says = (200, JSON, body)
    with pytest.raises(Temporary):
        calls().call("mesto", "GET", system.url)


def test_an_enormous_answer_is_not_taken(system: Accounting) -> None:
    system.says = (200, JSON, b'"' + b"x" * MOST_JSON + b'"')
    with pytest.raises(Permanent):
        calls().call("mesto", "GET", system.url)


def test_a_key_goes_to_its_own_host_and_organisation_only(system: Accounting) -> None:
    known = Key.read("mesto 127.0.0.1 Bearer tajne")
    calls(ucto=known).call("mesto", "GET", system.url, with_key="ucto")
    assert system.heard[-1][2]["Authorization"] == "Bearer tajne"
    for tenant, key in (("jine", known), ("mesto", Key.read("mesto ucto.example Bearer tajne"))):
        with pytest.raises(Permanent) as refused:
            calls(ucto=key).call(tenant, "GET", system.url, with_key="ucto")
        assert "tajne" not in str(refused.value)
    with pytest.raises(Permanent):
        calls().call("mesto", "GET", system.url, with_key="ucto")
    assert len(system.heard) == 1
    assert "tajne" not in repr(calls(ucto=known))


def test_a_key_is_not_sent_over_an_open_line() -> None:
    away = HttpCalls(guarded_client(["ucto.example"]), {"ucto": Key.read("* ucto.example Bearer tajne")})
    with pytest.raises(Permanent, match="HTTPS"):
        away.call("mesto", "GET", "http://ucto.example/", with_key="ucto")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "http://jinam.example/", "x"])
def test_a_process_cannot_reach_where_it_may_not(url: str) -> None:
    made = make_http_calls("127.0.0.1, 169.254.169.254, ucto.example", {})
    assert made is not None
    with pytest.raises((AddressRefused, Failure)) as refused:
        made.call("mesto", "GET", url)
    assert not isinstance(refused.value, Interrupted)
    assert make_http_calls(" , ", {}) is None


@contextmanager
def trickling() -> Iterator[str]:
    """A server that sends its body byte by byte and never ends."""
    server, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        line, _ = server.accept()
        with line:
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while not over.wait(0.01):
                try:
                    line.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        over.set()
        thread.join()
        server.close()


def test_a_server_that_trickles_holds_nobody_for_ever() -> None:
    slow = HttpCalls(guarded_client(["127.0.0.1"], allow_private=True), longest=0.1)
    with trickling() as url, pytest.raises(Interrupted):
        slow.call("mesto", "GET", url)
