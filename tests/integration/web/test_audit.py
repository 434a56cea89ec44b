"""The audit in the browser: who came in, who read personal data; an auditor finds it and takes it away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.commands import SaveRecord
from engine.model import SYSTEM
from engine.queries import audit
from engine.queries.audit import Sought
from processes.catalogue import to_command
from tests.integration.web.desk import Desk, token
from tests.integration.web.test_sight import hired

FORM = "forms/application.json"
POSTING = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)


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
    with audited.stage.sessions() as session:
        newest = audit.search(session, audited.stage.tenant, Sought(kind="exported"))[0]
    assert newest.facts == {"rows": 2, "narrowed": {"kind": "signed-in"}}


def test_a_day_that_is_none_gets_a_sentence(audited: Desk) -> None:
    audited.sign_in("kontrolor")
    page = audited.client.get("/velin/audit?since=včera")
    assert page.status_code == 422
    assert "2026-03-31" in page.get_data(as_text=True)


def test_an_auditor_reads_the_cockpit_and_sees_no_button_that_changes_anything(audited: Desk) -> None:
    number = audited.application()
    audited.sign_in("kontrolor")
    paths = ("", "/zavady", "/pripady", f"/pripady/{number}", f"/pripady/{number}/opravit", "/zasahy", "/prechod")
    paths += ("/procesy/membership", "/lide", "/osobni-udaje")
    for path in paths:
        page = audited.get(f"/velin{path}").split("<main", 1)[1]
        assert not any('type="submit"' in form for form in POSTING.findall(page)), path
    for path in ("/adresar", "/organizace", "/organizace/dopisy", "/lide/kdo/sekretarka"):
        assert '<fieldset class="bare" disabled>' in audited.get(f"/velin{path}")
    assert not POSTING.findall(audited.get("/prace/banka").split("<main", 1)[1])


def exports(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    with desk.stage.sessions() as session:
        found = audit.search(session, desk.stage.tenant, Sought())
        return [
            (one.object_kind, one.object_id, dict(one.facts))
            for one in found
            if one.kind.startswith(("exported", "read-"))
        ]


@pytest.mark.parametrize(
    ("path", "kind", "key", "facts"),
    [
        ("/velin/procesy.csv", "process", "", {"rows"}),
        ("/velin/procesy/membership/1/kroky.csv", "process", "membership", {"rows", "version"}),
        ("/prace/statistika/membership/members/2.csv", "statistics", "membership/members", {"rows", "block", "format"}),
        ("/prace/pripady/{number}/spis.zip", "case", "{number}", {"files", "withheld"}),
    ],
)
def test_what_is_taken_away_is_noted_with_how_much(
    audited: Desk, path: str, kind: str, key: str, facts: set[str]
) -> None:
    number = audited.application()
    audited.sign_in("kontrolor")
    answer = audited.client.get(path.format(number=number))
    assert answer.status_code == 200, answer.text
    answer.close()
    newest = next(one for one in exports(audited) if one[0] == kind)
    assert newest[1] == key.format(number=number) and set(newest[2]) == facts


def test_what_a_program_reads_of_registers_is_noted_without_what_it_looked_for(audited: Desk) -> None:
    audited.past = None
    tenant = audited.stage.tenant
    town = {"ico": "00276057", "name": "Rokytnice", "kind": "regular", "since": "2026-07-01", "state": "active"}
    record = audited.stage.engine.execute(SaveRecord(tenant=tenant, actor=SYSTEM, register="members", data=town))
    program = {"Authorization": f"Bearer {token('sekretarka', tenant)}"}
    audited.client.get("/api/v1/data-stores/members/records?q=rokyt", headers=program)
    audited.client.get(f"/api/v1/data-stores/members/records/{record}", headers=program)
    assert exports(audited)[:2] == [
        ("record", record, {"register": "members"}),
        ("register", "members", {"rows": 1, "page": 1, "narrowed": True}),
    ]
