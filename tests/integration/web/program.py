"""A program that speaks to the REST API in the name of a person."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import yaml
from werkzeug.test import TestResponse

from processes.catalogue import pack
from processes.scenarios.reading import as_json
from tests.integration.web.desk import Desk, token

API = "/api/v1"
COMPLETE = {"data": {"outcome": "complete", "board_mode": "per_rollam"}}


class Program:
    """A program that speaks for a person."""

    def __init__(self, desk: Desk, username: str, **headers: str) -> None:
        self.desk = desk
        self.headers = {"Authorization": f"Bearer {token(username, desk.stage.tenant)}", **headers}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.desk.app.test_client().get(API + path, query_string=query, headers=self.headers)

    def post(self, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> TestResponse:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.desk.app.test_client().post(API + path, json=body or {}, headers=headers)

    def publishes(self, files: Mapping[str, bytes]) -> TestResponse:
        body = {"file": (io.BytesIO(pack(files)), "agenda.zip")}
        return self.desk.app.test_client().post(f"{API}/deployments", data=body, headers=self.headers)


def application(desk: Desk) -> dict[str, Any]:
    """A body that starts a case: a town whose council has not decided yet."""
    forms = as_json(yaml.safe_load(desk.agenda.text("scenarios/_forms.yaml") or ""))
    told = {name: value for name, value in forms["rokytnice"].items() if name != "resolution"}
    return {"process_key": "membership", "variables": told | {"council_decided": "no"}}


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The body of a refusal, which must be problem+json."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status and body["title"] and body["detail"]
    return body
