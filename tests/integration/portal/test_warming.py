"""What a server makes ahead, so that its first visitor doesn't wait for it."""

from __future__ import annotations

from threading import Event

import pytest
from flask import Flask
from structlog.testing import capture_logs

from engine.queries.definitions import newest_definition
from tests.integration.conftest import ALL
from tests.integration.portal.public_forms import address, offer
from web.bootstrap import Parts
from web.published import FORMS
from web.warming import start_warming, warm

FORM = {"title": "Kolo", "type": "object", "properties": {"frame": {"type": "string", "title": "Rám"}}}


@pytest.fixture
def tenant(parts: Parts) -> str:
    key = "otevrenamesta"
    offer(parts, key, {"bike": FORM})
    return key


def form_key(parts: Parts, tenant: str) -> tuple[str, str, str]:
    with parts.sessions(info=ALL) as session:
        return tenant, newest_definition(session, tenant, "bike").deployment_id, "bike"


def test_the_first_visitor_finds_templates_and_form_made(app: Flask, parts: Parts, tenant: str) -> None:
    key = form_key(parts, tenant)
    assert FORMS.known(key) is None
    warm(app, parts, Event())
    assert FORMS.known(key) is not None
    made = set(app.jinja_env.cache or ())
    assert app.test_client().get(address("bike")).status_code == 200
    assert set(app.jinja_env.cache or ()) == made


def test_it_ends_when_the_server_is_told_to_stop(app: Flask, parts: Parts, tenant: str) -> None:
    told = Event()
    told.set()
    warm(app, parts, told)
    assert FORMS.known(form_key(parts, tenant)) is None
    start_warming(app, parts)()


def test_a_database_that_is_away_stops_nobody(app: Flask, parts: Parts) -> None:
    parts.database.dispose()
    (parts.settings.var / "radnice.db").unlink()
    with capture_logs() as told:
        warm(app, parts, Event())
    assert [one["event"] for one in told] == ["not everything was made ahead"]
