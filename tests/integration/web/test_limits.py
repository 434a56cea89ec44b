"""How often programs may ask, and who may read the metrics."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.integration.web.desk import Desk, token
from web.app import create_app
from web.limits import WRONG_TOKEN, limiter

TASKS = "/api/v1/human-tasks"


def app_with(desk: Desk, **settings: Any) -> Flask:
    """The application of the same office with other settings."""
    parts = desk.stage.parts
    return create_app(replace(parts, settings=replace(parts.settings, default_tenant=desk.stage.tenant, **settings)))


def test_a_program_that_asks_too_often_is_told_when_to_come_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    client = app_with(desk, api_limit="3 per minute").test_client()
    one, other = ({"Authorization": f"Bearer {token(name, desk.stage.tenant)}"} for name in ("sekretarka", "vybor1"))
    assert [client.get(TASKS, headers=one).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(TASKS, headers=one)
    assert refused.mimetype == "application/problem+json" and int(refused.headers["Retry-After"]) > 0
    assert client.get(TASKS, headers=other).status_code == 200
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_whoever_guesses_tokens_is_stopped_by_address(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    client = app_with(desk).test_client()
    most = int(WRONG_TOKEN.split()[0])
    statuses = [client.get(TASKS, headers={"Authorization": f"Bearer guess{n}"}).status_code for n in range(most + 1)]
    assert statuses == [401] * most + [429]
    good = {"Authorization": f"Bearer {token('sekretarka', desk.stage.tenant)}"}
    assert client.get(TASKS, headers=good).status_code == 200


def test_metrics_are_for_this_machine_or_for_whoever_has_their_token(desk: Desk) -> None:
    client = app_with(desk).test_client()
    assert client.get("/metrics").status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    refused = client.get("/metrics", environ_overrides=elsewhere)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    client = app_with(desk, metrics_token="secret").test_client()
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}):
        assert client.get("/metrics", headers=headers).status_code == 401
    told = client.get("/metrics", headers={"Authorization": "Bearer secret"}, environ_overrides=elsewhere)
    assert told.status_code == 200 and "radnice_requests_total" in told.text
