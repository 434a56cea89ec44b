"""The audit in the browser: who came in, who read personal data; an auditor finds it and takes it away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from engine.model import SYSTEM
from engine.queries import audit
from engine.queries.audit import Sought
from processes.catalogue import to_command
from tests.integration.web.desk import Desk
from tests.integration.web.test_sight import hired

FORM = "forms/application.json"


def text_fields(schema: Any) -> Iterator[dict[str, Any]]:
    """Every question whose answer is an address for mail."""
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and schema.get("format") == "email":
        yield schema
    for part in parts:
        yield from text_fields(part)


def told(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.stage.sessions() as session:
        return [(one.kind, one.actor, one.object_id) for one in audit.search(session, desk.stage.tenant, Sought())]


@pytest.fixture
def audited(desk: Desk) -> Desk:
    hired(desk, "kontrolor", "auditor")
    return desk


def test_coming_in_and_being_refused_is_noted(desk: Desk) -> None:
    desk.client.open("/prihlaseni")
    desk.sign_in("sekretarka")
    assert ("signed-in", "sekretarka", "sekretarka") in told(desk)


def test_reading_personal_data_is_noted_and_nothing_of_what_was_read(audited: Desk) -> None:
    schema = json.loads(audited.agenda.files[FORM])
    for field in text_fields(schema):
        field["x-sensitive"] = True
    files = {**audited.agenda.files, FORM: json.dumps(schema).encode()}
    audited.stage.engine.execute(to_command(audited.agenda, files, audited.stage.tenant, SYSTEM))
    audited.past = None
    number = audited.application()
    audited.sign_in("sekretarka")
    assert audited.client.get(f"/prace/pripady/{number}/formulare").status_code == 200
    with audited.stage.sessions() as session:
        found = audit.search(session, audited.stage.tenant, Sought(kind="read-sensitive", object_id=number))
    assert [one.actor for one in found] == ["sekretarka"]
    assert all("@" not in str(one.facts) for one in found)


def test_an_auditor_finds_entries_and_takes_them_away_which_is_noted_too(audited: Desk) -> None:
    audited.sign_in("kontrolor")
    page = audited.client.get("/velin/audit?actor=kontrolor")
    assert "signed-in" in page.get_data(as_text=True)
    table = audited.client.get("/velin/audit/zaznamy.csv?kind=signed-in")
    assert "kontrolor" in table.get_data(as_text=True)
    assert told(audited)[0][:2] == ("exported", "kontrolor")


def test_a_day_that_is_none_gets_a_sentence(audited: Desk) -> None:
    audited.sign_in("kontrolor")
    page = audited.client.get("/velin/audit?since=včera")
    assert page.status_code == 422
    assert "2026-03-31" in page.get_data(as_text=True)
