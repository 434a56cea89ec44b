"""The web application over an organisation with the membership agenda; no worker, no browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.calendar import SettableClock, SystemClock
from processes.catalogue import load
from web import log
from web.app import create_app
from web.bootstrap import Parts, bootstrap
from web.demo import found
from web.limits import limiter
from web.migrations import upgrade
from web.settings import Settings


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the organisation, its people and its agenda."""
    folder = tmp_path_factory.mktemp("founded")
    parts = bootstrap(settings_in(folder))
    upgrade(parts.database)
    agenda = load("membership")
    tenant = yaml.safe_load(agenda.text("demo/tenant.yaml") or "")
    found(parts, [agenda], tenant, yaml.safe_load(agenda.text("demo/people.yaml") or ""))
    parts.database.dispose()
    return folder / "radnice.db"


def settings_in(folder: Path) -> Settings:
    return Settings(var=folder, ares_url="offline", secret_key="only for tests")


@pytest.fixture
def parts(founded: Path, tmp_path: Path) -> Iterator[Parts]:
    """A copy of the organisation, with a clock that stands still."""
    shutil.copy(founded, tmp_path / "radnice.db")
    composed = bootstrap(settings_in(tmp_path), SettableClock(SystemClock().now()))
    yield composed
    composed.database.dispose()


@pytest.fixture
def app(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Flask:
    log.configure()
    made = create_app(parts)
    monkeypatch.setattr(limiter, "enabled", False)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def token_of(response: TestResponse) -> str:
    """The token of the page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.get_data(as_text=True))
    assert found, response.get_data(as_text=True)[:500]
    return found[1]


def post(client: FlaskClient, path: str, data: dict[str, str], *, form_at: str = "/prihlaseni") -> TestResponse:
    """Send a form with its token, as its page would."""
    return client.post(path, data={"csrf_token": token_of(client.get(form_at)), **data})


BEGIN = "/sluzby/membership/membership/zadost"


def writes(client: FlaskClient, path: str, go: str, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client.get(BEGIN)), "_go": go, **fields})


@pytest.fixture
def draft(client: FlaskClient) -> str:
    """A draft that this browser began."""
    answer = writes(client, BEGIN, "keep", **{"/name": "Obec Horní Dolní"})
    return str(answer.get_json()["draft"])
