"""Requests that no honest program sends: each gets a sentence as problem+json, on both databases."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from processes.catalogue import pack
from tests.integration.web.desk import app_of, open_office, token
from tests.integration.web.test_fuzzing import PLAIN, furnish, known
from web.api.room import MOST_JSON
from web.limits import limiter
from web.stage import MemoryStage

API = "/api/v1"


class Caller:
    """A program of the operator, that may send anything."""

    def __init__(self, stage: MemoryStage, client: FlaskClient) -> None:
        self.stage, self.client = stage, client
        self.headers = {"Authorization": f"Bearer {token('spravce', stage.tenant)}"}

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        return self.client.open(API + path, method=method, headers=headers, **options)

    def sends(self, path: str, body: bytes | str, kind: str = "application/json") -> TestResponse:
        return self.call("POST", path, data=body, content_type=kind)


@pytest.fixture
def caller(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    monkeypatch.setattr(limiter, "enabled", False)
    with open_office(database_url) as (stage, agenda):
        furnish(stage, agenda)
        yield Caller(stage, app_of(stage).test_client())


def refused(answer: TestResponse, *statuses: int) -> dict[str, Any]:
    """The body of a refusal, which must be problem+json with a sentence and nothing of our insides."""
    assert answer.status_code in statuses, (answer.status_code, answer.text)
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.text)
    assert body["status"] == answer.status_code and body["detail"]
    assert "Traceback" not in answer.text and "sqlalchemy" not in answer.text.lower()
    return body


BODIES = {
    "damaged": b'{"process_key": ',
    "no UTF-8": b'{"process_key": "\xff\xfe"}',
    "NUL": b'{"process_key": "plain", "variables": {"a": "x\\u0000y"}}',
    "NUL in a name": b'{"process_key": "plain", "variables": {"a\\u0000": 1}}',
    "half a character": b'{"process_key": "plain", "variables": {"a": "\\ud800"}}',
    "half a character in a name": b'{"process_key": "plain", "variables": {"\\udfff": 1}}',
    "not a number": b'{"process_key": "plain", "variables": {"a": NaN}}',
    "infinite": b'{"process_key": "plain", "variables": {"a": 1e999}}',
    "deep": b'{"process_key": "plain", "variables": {"a": ' + b"[" * 100 + b"]" * 100 + b"}}",
    "very deep": b"[" * 200_000,
    "long number": b'{"process_key": "plain", "variables": {"a": ' + b"9" * 5000 + b"}}",
}


def test_bodies_that_nobody_could_keep_are_refused(caller: Caller) -> None:
    before = caller.call("GET", "/process-instances").headers["X-Total-Count"]
    for name, body in BODIES.items():
        told = refused(caller.sends("/process-instances", body), 400)
        assert told["detail"].endswith("."), (name, told)
    assert caller.call("GET", "/process-instances").headers["X-Total-Count"] == before


def test_bodies_of_another_type_are_refused_with_their_place(caller: Caller) -> None:
    for body in ("[]", "null", '"text"', "1", '{"process_key": 1}', '{"process_key": "plain", "variables": []}', ""):
        assert refused(caller.sends("/process-instances", body), 422)["errors"], body


def test_numbers_beyond_64_bits_are_kept_or_refused_and_never_changed(caller: Caller) -> None:
    big = 10**30
    body = json.dumps({"process_key": "plain", "variables": {"size": big, "small": 5e-324}})
    started = caller.sends("/process-instances", body)
    assert started.status_code == 201, started.text
    told = caller.call("GET", f"/process-instances/{started.json['id']}/variables").json
    assert (told["size"], told["small"]) == (big, 5e-324)
    path = f"/data-stores/members/records/{known(caller.stage)['path.record_id'][0]}"
    refused(caller.call("PUT", path, json={"data": {}, "version": big}), 422)
    refused(caller.call("PUT", path, json={"data": {}, "version": True}), 422)
    refused(caller.call("DELETE", path, query_string={"version": str(big)}), 422)


def test_a_body_of_another_kind_is_415_and_does_nothing(caller: Caller) -> None:
    task = caller.call("GET", "/human-tasks", query_string={"process_key": "plain"}).json[0]["id"]
    refused(caller.sends(f"/human-tasks/{task}/complete", "data=1", "application/x-www-form-urlencoded"), 415)
    refused(caller.sends(f"/human-tasks/{task}/complete", '{"data": {}}', "text/plain"), 415)
    refused(caller.sends("/deployments", "{}", "application/json"), 415)
    assert caller.call("GET", f"/human-tasks/{task}").json["state"] == "open"


def test_a_body_that_is_too_large_is_413(caller: Caller) -> None:
    body = json.dumps({"process_key": "plain", "variables": {"a": "x" * MOST_JSON}})
    refused(caller.sends("/process-instances", body), 413)


def test_unknown_addresses_and_methods_are_problems_too(caller: Caller) -> None:
    refused(caller.call("GET", "/nothing"), 404)
    refused(caller.call("GET", ""), 404)
    answer = caller.call("PATCH", "/human-tasks")
    refused(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_ids_that_can_not_be_are_not_found(caller: Caller) -> None:
    for text in ("%00", "a%00b", "..%2F..%2Fetc", "%F0%9F%98%80", "%ff", "x" * 5000, "'%20OR%201=1--"):
        for path in (f"/process-instances/{text}", f"/human-tasks/{text}", f"/data-stores/{text}/records"):
            refused(caller.call("GET", path), 404)
        refused(caller.call("POST", f"/human-tasks/{text}/claim"), 404)
        refused(caller.call("POST", f"/incidents/{text}/retry"), 404)


QUERIES = [
    "page=0",
    "page=-1",
    "page=99999999999999999999999",
    "page=1.5",
    "page=x",
    "page_size=501",
    "due_before=yesterday",
    "due_before=2026-07-01T00:00:00",
    "due_before=0001-01-01T00:00:00%2B14:00",
    "due_before=9999-12-31T23:59:59-12:00",
    "state=nonsense",
    "sort=name",
    "assigne=jana",
    "page=1&page=x",
]


def test_queries_that_make_no_sense_are_refused_by_the_parameter(caller: Caller) -> None:
    for query in QUERIES:
        told = refused(caller.call("GET", f"/human-tasks?{query}"), 422)
        assert told["errors"][0]["parameter"] == query.split("=")[0], query


def test_a_query_with_a_nul_is_refused(caller: Caller) -> None:
    refused(caller.call("GET", "/human-tasks?q=%00"), 400)
    refused(caller.call("GET", "/process-instances?business_key=a%00"), 400)


def test_the_last_page_there_could_be_is_empty(caller: Caller) -> None:
    for path in ("/human-tasks", "/process-instances", "/process-definitions", "/incidents"):
        answer = caller.call("GET", path, query_string={"page": 1_000_000, "page_size": 500})
        assert answer.json == [] and int(answer.headers["X-Total-Count"]) > 0, path


def test_keys_that_are_none_are_refused(caller: Caller) -> None:
    for key in ("", " ", "a b", "ř", "x" * 256, "a\tb"):
        refused(caller.call("POST", "/messages", json={"name": "asked"}, headers={"Idempotency-Key": key}), 422)


PACKAGES = {
    "empty": b"",
    "no zip": b"PK\x03\x04 and no more",
    "a bomb": pack({"agenda.toml": b"0" * 11 * 2**20}),
    "no diagram": pack({"agenda.toml": b'key = "x"'}),
    "toml that is none": pack({"agenda.toml": b"\xff\x00"}),
}


def test_packages_that_are_none_are_refused(caller: Caller) -> None:
    for package in PACKAGES.values():
        refused(caller.call("POST", "/deployments", data={"file": (io.BytesIO(package), "agenda.zip")}), 422)


FILES = [
    ("a.bpmn", b""),
    ("a.bpmn", b"<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>"),
    ("a.bpmn", PLAIN.replace(b'id="plain"', b'id=""')),
    ("a.bpmn", PLAIN[:-40]),
    ("a.exe", b"MZ"),
    ("../a.bpmn", PLAIN),
    ("a\x00.bpmn", PLAIN),
    ("form.json", b"{"),
    ("a.dmn", b"<x/>"),
]


def test_files_that_are_no_agenda_are_refused(caller: Caller) -> None:
    for filename, content in FILES:
        refused(caller.call("POST", "/deployments", data={"file": (io.BytesIO(content), filename)}), 422)


def test_a_diagram_in_other_hands_is_refused(caller: Caller) -> None:
    """A process belongs to one agenda; the same one under another key would split its versions."""
    other = {"file": (io.BytesIO(PLAIN.replace(b'"plain"', b'"membership"')), "other.bpmn")}
    assert "the agenda membership" in refused(caller.call("POST", "/deployments", data=other), 422)["detail"]
