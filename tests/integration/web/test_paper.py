"""Forms on paper: printed empty or begun, brought to the office, written off into the same queue."""

from __future__ import annotations

import io
from copy import deepcopy

import yaml
from pypdf import PdfReader

from engine.commands import SaveDraft
from engine.model import Actor, Variables
from processes.scenarios.reading import as_json
from tests.integration.web.desk import FOREIGN_HOST, Desk

BLANK = "/sluzby/membership/membership/formular.pdf"
ENTRY = "/prace/papir/membership/membership"


def begun_online(desk: Desk, **changed: object) -> tuple[str, str]:
    """A town fills the application in and doesn't send it; gives the draft's id and secret."""
    forms = as_json(yaml.safe_load(desk.agenda.text("scenarios/_forms.yaml") or ""))
    data: Variables = {**deepcopy(forms["rokytnice"]), "council_decided": "no", **changed}
    data.pop("resolution")
    command = SaveDraft(
        tenant=desk.stage.tenant,
        actor=Actor(kind="applicant"),
        process_key="membership",
        form="application",
        data=data,
        step="kontrola",
    )
    return desk.stage.engine.execute(command)


def printed(desk: Desk, path: str) -> str:
    """The text of a print."""
    answer = desk.client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).replace("\n", " ")


def test_anybody_may_print_the_empty_form(desk: Desk) -> None:
    page = printed(desk, BLANK)
    assert "Přihláška do spolku" in page
    assert "Jen když „Rozhodlo už zastupitelstvo o vstupu do spolku?“" in page
    assert "Horní Rokytnice" not in page
    assert BLANK in desk.get("/sluzby/membership/membership")


def test_what_was_begun_is_printed_only_for_the_browser_that_knows_it(desk: Desk) -> None:
    draft, secret = begun_online(desk)
    path = f"/podani/{draft}/formular.pdf"
    desk.get(path, 404)
    desk.get(f"/podani/pokracovat?p={draft}&k={secret}", 303)
    assert "Horní Rokytnice" in printed(desk, path)


def test_a_book_is_not_printed(desk: Desk) -> None:
    draft, secret = begun_online(desk, name="Rokytnice " * 40_000)
    desk.get(f"/podani/pokracovat?p={draft}&k={secret}", 303)
    assert "nejde vytisknout" in desk.get(f"/podani/{draft}/formular.pdf", 422)


def test_the_code_on_a_print_brings_its_answers_to_the_clerk_who_begins_the_case(desk: Desk) -> None:
    draft, _secret = begun_online(desk)
    desk.sign_in("sekretarka")
    path = f"{ENTRY}?podani={draft}"
    assert "Rokytnice nad Jizerou" in desk.get(path)
    entered = desk.fill(path, {"_received": "28. 5. 2026", "_way": "post"})
    assert entered.status_code == 303, entered.text
    assert "Podáno na papíře, doručeno 28. 5. 2026 (poštou)." in desk.get(entered.location).replace("\u00a0", " ")
    again = desk.client.get(path)
    assert again.status_code == 303
    assert again.location == entered.location, "the same print a second time leads to its case"


def test_what_is_wrong_on_the_paper_is_told_at_its_field_and_nothing_written_is_lost(desk: Desk) -> None:
    draft, _secret = begun_online(desk)
    desk.sign_in("sekretarka")
    path = f"{ENTRY}?podani={draft}"
    answer = desk.fill(path, {"_received": "30. 2. 2026", "/ico": "12345678", "/name": "Jméno z papíru"})
    assert answer.status_code == 422
    assert "Napište den doručení" in answer.text
    assert "IČO nesedí" in answer.text
    assert "Jméno z papíru" in desk.get(path)
    late = desk.fill(path, {"_received": "2. 6. 2026"})
    assert late.status_code == 422
    assert "Nemohl přijít v budoucnosti." in late.text


def test_a_clerk_begins_with_an_empty_form_and_goes_on_later(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    assert ENTRY in desk.get("/prace/papir")
    saved = desk.fill(ENTRY, {"/name": "Obec Horní Dolní"}, button="save")
    assert saved.status_code == 303
    assert "Obec Horní Dolní" in desk.get(saved.location)
    other = saved.location
    desk.sign_in("hospodar")
    desk.get(other, 404)


def test_only_the_office_that_was_asked_opens_a_print(desk: Desk) -> None:
    draft, _secret = begun_online(desk)
    assert desk.client.get(ENTRY).status_code == 302, "a stranger signs in first"
    desk.sign_in("spravce", FOREIGN_HOST)
    desk.get(f"{ENTRY}?podani={draft}", 404)
