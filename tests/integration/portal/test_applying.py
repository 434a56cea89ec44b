"""Drafts, files and cases of strangers: what one browser may open, another may not."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine.commands import SaveRecord, StartInstance
from engine.model import SYSTEM, Applicant
from engine.store.cases import InstanceRow
from engine.store.money import PaymentRequestRow
from integrations.failures import Temporary
from integrations.ports import Company
from processes.agenda import Service
from tests.integration.portal.conftest import token_of
from web.app import create_app
from web.bootstrap import Parts
from web.portal.cards import card
from web.tracking import case_secret
from web.ui.spreadsheet import harmless

BEGIN = "/sluzby/membership/membership/zadost"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def begins(client: FlaskClient, **fields: str) -> TestResponse:
    data = {"csrf_token": token_of(client.get(BEGIN)), "_go": "save", **fields}
    return client.post(BEGIN, data=data)


def draft_of(response: TestResponse) -> str:
    found = re.search(r"/podani/([0-9a-f]{32})", response.location or "")
    assert found, response.location
    return found[1]


def test_a_draft_opens_only_in_the_browser_that_knows_it(app: Flask, client: FlaskClient) -> None:
    draft = draft_of(begins(client, **{"/name": "Obec Horní Dolní"}))
    page = client.get(f"/podani/{draft}", follow_redirects=True).get_data(as_text=True)
    assert "Obec Horní Dolní" in page
    assert app.test_client().get(f"/podani/{draft}").status_code == 404
    assert app.test_client().get(f"/podani/pokracovat?p={draft}&k=wrong").status_code == 404


def test_pressing_a_button_of_the_form_saves_nothing_yet(client: FlaskClient) -> None:
    token = token_of(client.get(BEGIN))
    response = client.post(BEGIN, data={"csrf_token": token, "/ico": "00276057", "_do": "prefill:/ico"})
    assert response.status_code == 200
    assert "Rokytnice nad Jizerou" in response.get_data(as_text=True)
    with client.session_transaction() as cookie:
        assert "drafts" not in cookie


def test_a_number_that_cannot_be_is_told_before_anybody_is_asked(client: FlaskClient) -> None:
    token = token_of(client.get(BEGIN))
    response = client.post(BEGIN, data={"csrf_token": token, "/ico": "12345678", "_do": "prefill:/ico"})
    assert "není platné IČO" in response.get_data(as_text=True)


class DownRegister:
    """ARES that doesn't answer."""

    def find(self, ico: str) -> Company:
        raise Temporary


def test_a_register_that_is_down_is_told_and_the_case_will_remember_it(parts: Parts) -> None:
    down = replace(parts, outside=replace(parts.outside, companies=DownRegister()))
    client = create_app(down).test_client()
    token = token_of(client.get(BEGIN))
    response = client.post(BEGIN, data={"csrf_token": token, "/ico": "00276057", "_do": "prefill:/ico"})
    text = response.get_data(as_text=True)
    assert "ARES teď neodpovídá" in text
    draft = re.search(r'action="/podani/([0-9a-f]{32})/town"', text)
    assert draft
    page = client.get(f"/podani/{draft[1]}/kontrola").get_data(as_text=True)
    assert "Registr ARES neodpovídal" in page


@pytest.mark.parametrize(("language", "word"), [("cs", "Odeslat přihlášku"), ("en", "Send the application")])
def test_the_button_says_what_the_agenda_calls_sending(client: FlaskClient, language: str, word: str) -> None:
    draft = draft_of(begins(client))
    client.get(f"/jazyk/{language}")
    assert f">{word}</button>" in client.get(f"/podani/{draft}/kontrola").get_data(as_text=True)


def test_where_an_agenda_says_nothing_the_button_says_send() -> None:
    nothing = Service(process="p", title={"cs": "Věc"}, summary={"cs": "Věta."})
    said = Service(process="p", title={"cs": "Věc"}, summary={"cs": "Věta."}, button={"cs": "Zaplatit"})
    assert [card("a", one, "en").button for one in (nothing, said)] == ["", "Zaplatit"]


def test_a_discarded_draft_is_gone(client: FlaskClient) -> None:
    draft = draft_of(begins(client))
    token = token_of(client.get(f"/podani/{draft}/ulozeno"))
    assert client.post(f"/podani/{draft}/zahodit", data={"csrf_token": token}).location == "/"
    assert client.get(f"/podani/{draft}").status_code == 404


def test_an_incomplete_application_is_not_sent_and_everything_missing_is_linked(client: FlaskClient) -> None:
    draft = draft_of(begins(client, **{"/name": "Obec Horní Dolní"}))
    page = client.get(f"/podani/{draft}/kontrola")
    response = client.post(f"/podani/{draft}/kontrola", data={"csrf_token": token_of(page)})
    assert response.status_code == 422
    text = response.get_data(as_text=True)
    assert "Chyba:" in text
    assert f"/podani/{draft}/town#f-ico" in text


def test_a_file_of_a_draft_is_handed_out_in_a_box_and_to_nobody_else(app: Flask, client: FlaskClient) -> None:
    draft = draft_of(begins(client, **{"/subject_kind": "town"}))
    step = f"/podani/{draft}/resolution"
    data = {
        "csrf_token": token_of(client.get(step)),
        "/council_decided": "yes",
        "/resolution/number": "1",
        "/resolution/file": (io.BytesIO(PDF), "../../etc/usnesení.pdf"),
        "_go": "continue",
    }
    page = client.post(step, data=data, content_type="multipart/form-data").get_data(as_text=True)
    found = re.search(rf"/podani/{draft}/soubor/[0-9a-f]+", page)
    assert found, page[:3000]
    response = client.get(found[0])
    assert response.data == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "etc" not in response.headers["Content-Disposition"]
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert app.test_client().get(found[0]).status_code == 404


def a_case(parts: Parts) -> tuple[str, str]:
    started = parts.engine.execute(
        StartInstance(
            tenant="otevrenamesta",
            actor=SYSTEM,
            process_key="membership",
            variables={"name": "Obec", "ico": "00276057"},
            applicant=Applicant(name="Obec", email="obec@example.cz"),
        )
    )
    return started.business_key, case_secret("only for tests", started.instance_id)


def test_a_case_opens_by_its_link_and_the_secret_leaves_the_address(client: FlaskClient, parts: Parts) -> None:
    number, secret = a_case(parts)
    assert client.get(f"/p/{number}").location == f"/sledovat?number={number}"
    assert client.get(f"/p/{number}/odeslano").status_code == 404
    response = client.get(f"/p/{number}?k={secret}")
    assert (response.status_code, response.location) == (303, f"/p/{number}")
    assert number in client.get(f"/p/{number}").get_data(as_text=True)


def test_a_wrong_secret_and_an_unknown_number_read_the_same(client: FlaskClient, parts: Parts) -> None:
    number, secret = a_case(parts)
    token = token_of(client.get("/sledovat"))
    answers = [
        client.post("/sledovat", data={"csrf_token": token, "number": given, "secret": typed})
        for given, typed in ((number, "AAAA"), ("PRI-1999-0001", secret))
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    for answer in answers:
        assert "sobě nepatří" in answer.get_data(as_text=True)


def test_a_public_register_is_searched_and_downloaded(client: FlaskClient, parts: Parts) -> None:
    record = {"ico": "00276057", "name": "Město Rokytnice", "kind": "regular", "since": "2026-07-01", "state": "active"}
    facts = {"tenant": "otevrenamesta", "actor": SYSTEM, "register": "members"}
    parts.engine.execute(SaveRecord(**facts, data={**record, "email": "soukromy@rokytnice.example"}))
    listing = client.get("/registry/members?q=rokytnice").get_data(as_text=True)
    assert "Město Rokytnice" in listing
    assert "soukromy" not in listing
    assert "Nic" not in client.get("/registry/members").get_data(as_text=True)
    csv = client.get("/registry/members.csv")
    assert csv.data.startswith("\ufeff".encode())
    assert "Město Rokytnice" in csv.get_data(as_text=True)
    whole = client.get("/registry/members.json")
    assert whole.json is not None
    assert whole.json["records"][0]["name"] == "Město Rokytnice"
    assert "soukromy" not in whole.get_data(as_text=True)
    assert client.get("/registry/nothing").status_code == 404


@pytest.mark.parametrize("page", ["²", "0", "-1", "9" * 5000, "x"])
def test_what_is_no_number_of_a_page_shows_the_first_one(client: FlaskClient, page: str) -> None:
    assert client.get("/registry/members", query_string={"strana": page, "od.since": page}).status_code == 200


def test_no_cell_becomes_a_formula() -> None:
    assert harmless("=1+1") == "'=1+1"
    assert harmless("+420 601") == "'+420 601"
    assert harmless("-5") == "-5"
    assert harmless(None) == ""


def test_the_diagrams_words_are_english_on_english_pages(client: FlaskClient, parts: Parts) -> None:
    number, secret = a_case(parts)
    client.get("/jazyk/en?next=/")
    service = client.get("/sluzby/membership/membership").get_data(as_text=True)
    assert "Completeness check" in service
    assert "Kontrola úplnosti" not in service
    page = client.get(f"/p/{number}?k={secret}", follow_redirects=True).get_data(as_text=True)
    assert "Payment of the fee" in page
    assert "Withdraw the application or leave" in page


def test_what_is_to_be_paid_is_the_applicants_turn_with_a_code_for_the_phone(client: FlaskClient, parts: Parts) -> None:
    number, secret = a_case(parts)
    with Session(parts.database) as session, session.begin():
        case = session.scalars(select(InstanceRow).where(InstanceRow.business_key == number)).one()
        now = parts.clock.now()
        session.add(
            PaymentRequestRow(
                tenant=case.tenant,
                instance_id=case.id,
                variable_symbol="2600000099",
                amount=762000,
                account="19-2000145399/0800",
                purpose="Příspěvek",
                due_on=now.date(),
                state="open",
                created_at=now,
            )
        )
    page = client.get(f"/p/{number}?k={secret}", follow_redirects=True).get_data(as_text=True)
    assert "Co máte zaplatit" in page
    assert "7\u00a0620,00\u00a0Kč" in page
    assert "Teď nemusíte dělat nic" not in page
    code = client.get(f"/p/{number}/platba/2600000099.svg")
    assert (code.status_code, code.mimetype) == (200, "image/svg+xml")
    assert client.get(f"/p/{number}/platba/1.svg").status_code == 404


class Suspicious:
    """A scanner that finds something everywhere, or answers nothing."""

    def __init__(self, virus: str = "") -> None:
        self.virus = virus

    def scan(self, content: bytes) -> str | None:
        if not self.virus:
            raise Temporary
        return self.virus


@pytest.mark.parametrize(
    ("scanner", "sentence"),
    [
        (Suspicious("Test.Virus"), "Soubor „usneseni.pdf“ obsahuje virus (Test.Virus)."),
        (Suspicious(), "Soubor teď nejde zkontrolovat na viry."),
    ],
)
def test_a_file_that_is_not_known_to_be_clean_is_not_kept_and_the_rest_is(
    parts: Parts, scanner: Suspicious, sentence: str
) -> None:
    client = create_app(replace(parts, outside=replace(parts.outside, scanner=scanner))).test_client()
    draft = draft_of(begins(client, **{"/subject_kind": "town"}))
    step = f"/podani/{draft}/resolution"
    data = {
        "csrf_token": token_of(client.get(step)),
        "/council_decided": "yes",
        "/resolution/number": "ZM/2026/48",
        "/resolution/file": (io.BytesIO(PDF), "usneseni.pdf"),
        "_go": "continue",
    }
    response = client.post(step, data=data, content_type="multipart/form-data")
    assert response.status_code == 422
    assert sentence in response.get_data(as_text=True).replace("\u00a0", " ")
    again = client.get(step).get_data(as_text=True)
    assert "ZM/2026/48" in again
    assert f"/podani/{draft}/soubor/" not in again


def test_too_many_unfinished_applications_of_one_address_are_told_and_nothing_typed_is_lost(parts: Parts) -> None:
    app = create_app(replace(parts, settings=replace(parts.settings, stranger_drafts=1)))
    first, second = app.test_client(), app.test_client()
    draft_of(begins(first, **{"/name": "První obec"}))
    answer = begins(second, **{"/name": "Druhá obec"})
    text = answer.get_data(as_text=True).replace("\u00a0", " ")
    assert answer.status_code == 422
    assert "Rozepsaných žádostí z jedné adresy tu držíme nejvýš 1" in text
    assert 'value="Druhá obec"' in text


def test_files_of_strangers_are_kept_up_to_a_size(parts: Parts) -> None:
    app = create_app(replace(parts, settings=replace(parts.settings, stranger_megabytes=0)))
    client = app.test_client()
    draft = draft_of(begins(client, **{"/subject_kind": "town"}))
    page = client.get(f"/podani/{draft}/resolution")
    facts = {"csrf_token": token_of(page), "/council_decided": "yes", "_go": "continue"}
    sent = {**facts, "/resolution/number": "ZM/1", "/resolution/file": (io.BytesIO(PDF), "usneseni.pdf")}
    answer = client.post(f"/podani/{draft}/resolution", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "smějí mít dohromady nejvýš" in answer.get_data(as_text=True)
    assert 'value="ZM/1"' in answer.get_data(as_text=True)
