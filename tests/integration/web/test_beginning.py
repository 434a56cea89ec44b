"""Cases that the office begins itself: offered to those who may, with their form, saved for later, sent once."""

from __future__ import annotations

import io

import pytest

from engine.commands import AddPerson
from engine.model import SYSTEM
from processes.catalogue import load, to_command
from tests.integration.web.desk import QUICK, Desk

PAGE = "/prace/novy"
SCAN = f"{PAGE}/vulnerabilities/scan_import"
LINE = (
    b'{"template-id": "x", "type": "http", "host": "https://cizi.example", "info": {"name": "X", "severity": "low"}}\n'
)


@pytest.fixture
def office(desk: Desk) -> Desk:
    agenda = load("vulnerabilities")
    desk.stage.engine.execute(to_command(agenda, agenda.files, desk.stage.tenant, SYSTEM))
    for username, groups in (("analytik", ["security"]), ("jina", ["head"])):
        person = {"username": username, "name": username, "groups": groups, "password_hash": QUICK.hash(username)}
        desk.stage.engine.execute(AddPerson(tenant=desk.stage.tenant, actor=SYSTEM, **person))
    desk.past = None
    return desk


def test_only_those_whose_group_may_begin_it_are_offered_it(office: Desk) -> None:
    office.sign_in("analytik")
    assert SCAN in office.get(PAGE)
    office.get(SCAN)
    office.sign_in("jina")
    assert SCAN not in office.get(PAGE)
    office.get(SCAN, 404)


def test_a_process_is_not_begun_under_another_agenda_or_unknown(office: Desk) -> None:
    office.sign_in("analytik")
    office.get(f"{PAGE}/membership/scan_import", 404)
    office.get(f"{PAGE}/vulnerabilities/nic", 404)
    office.get(f"{PAGE}/vulnerabilities/asset", 404)


def test_what_is_missing_is_told_and_what_is_right_begins_the_case(office: Desk) -> None:
    office.sign_in("analytik")
    refused = office.fill(SCAN, {"/scan_label": "Sken bez souboru"})
    assert refused.status_code == 422
    assert "Sken bez souboru" in refused.text
    attached = office.post(
        SCAN, {"/scan_label": "Sken 1", "/scan_file": (io.BytesIO(LINE), "sken.jsonl"), "_go": "save"}
    )
    sent = office.fill(attached.headers["Location"], {})
    assert sent.status_code == 303, sent.text
    assert "/prace/pripady/SKN-" in sent.headers["Location"]
    assert "Sken 1" in office.get(sent.headers["Location"])


def test_it_may_be_saved_and_gone_on_with(office: Desk) -> None:
    office.sign_in("analytik")
    saved = office.post(SCAN, {"/scan_label": "Rozdělané", "_go": "save"})
    assert saved.status_code == 303
    assert "Rozdělané" in office.get(saved.headers["Location"])
