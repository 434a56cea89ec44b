"""Files that answer questions whose answers only some of the office may see."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from sqlalchemy import select

from engine.model import SYSTEM
from engine.store.wording import CaseWordsRow
from integrations.pdf import pdf_available
from processes.catalogue import to_command
from tests.integration.conftest import ALL
from tests.integration.web.desk import Desk
from tests.integration.web.program import Program
from tests.pdf_ua import faults
from web.wording import word_cases

FORM = "forms/application.json"
needs_pdf = pytest.mark.skipif(pdf_available() is not None, reason=pdf_available() or "")


def file_fields(schema: Any) -> Iterator[dict[str, Any]]:
    """Every question for a file."""
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and schema.get("format") == "file":
        yield schema
    for part in parts:
        yield from file_fields(part)


def for_the_board_only(desk: Desk) -> None:
    """Publish the agenda with files that only the board may see."""
    schema = json.loads(desk.agenda.files[FORM])
    for field in file_fields(schema):
        field["x-sensitive"] = {"groups": ["board"]}
    files = {**desk.agenda.files, FORM: json.dumps(schema).encode()}
    desk.stage.engine.execute(to_command(desk.agenda, files, desk.stage.tenant, SYSTEM))
    desk.past = None


def test_a_file_is_handed_out_only_to_those_who_may_see_the_answer(desk: Desk) -> None:
    for_the_board_only(desk)
    number = desk.application()
    desk.sign_in("vybor1")
    links = re.findall(rf"/prace/pripady/{number}/soubory/[0-9a-f]+", desk.get(f"/prace/pripady/{number}/dokumenty"))
    sent = sorted({link for link in links if "usneseni" in names(desk, link)})
    assert len(sent) == 1
    desk.get(sent[0])
    assert "usneseni.pdf" in packed(desk, number)
    desk.sign_in("sekretarka")
    assert "odpovědi, které smí číst jen část úřadu" in desk.get(sent[0], 403)
    assert sent[0] not in desk.get(f"/prace/pripady/{number}/dokumenty")
    assert "usneseni.pdf" not in packed(desk, number)


def names(desk: Desk, link: str) -> str:
    return str(desk.client.get(link).headers["Content-Disposition"])


def packed(desk: Desk, number: str) -> str:
    with zipfile.ZipFile(io.BytesIO(desk.client.get(f"/prace/pripady/{number}/spis.zip").data)) as archive:
        return " ".join(archive.namelist())


def test_the_api_gives_answers_as_dots_to_those_who_may_not_see_them(desk: Desk) -> None:
    only_the_board_sees(desk, "name")
    number = desk.application()
    told, hidden = given(desk, "vybor1", number), given(desk, "sekretarka", number)
    assert told["name"] not in ("", "••••")
    assert hidden["name"] == "••••"
    assert hidden["subject_kind"] == told["subject_kind"]


def only_the_board_sees(desk: Desk, name: str) -> None:
    """Publish the agenda with a question that only the board may see."""
    schema = json.loads(desk.agenda.files[FORM])
    schema["properties"][name]["x-sensitive"] = {"groups": ["board"]}
    files = {**desk.agenda.files, FORM: json.dumps(schema).encode()}
    desk.stage.engine.execute(to_command(desk.agenda, files, desk.stage.tenant, SYSTEM))
    desk.past = None


def given(desk: Desk, username: str, number: str) -> dict[str, Any]:
    """The variables of a case as a program gets them for this person; the history never says more."""
    program = Program(desk, username)
    found = next(one for one in program.get("/process-instances").get_json() if one["business_key"] == number)
    answers: dict[str, Any] = program.get(f"/process-instances/{found['id']}/variables").get_json()
    story = program.get(f"/process-instances/{found['id']}/history", page_size=100).get_json()
    for facts in (one["facts"] for one in story):
        for part in facts.values():
            if isinstance(part, dict) and "name" in part and "subject_kind" in part:
                assert part["name"] == answers["name"]
    return answers


def test_answers_that_not_all_may_see_are_not_among_the_words_of_a_case(desk: Desk) -> None:
    only_the_board_sees(desk, "data_box_id")
    desk.application()
    word_cases(desk.stage.parts)
    with desk.stage.parts.sessions(info=ALL) as session:
        words = " ".join(session.scalars(select(CaseWordsRow.words)))
    assert "obyvatel" in words
    assert "abc2345" not in words.split()


def kept_for(desk: Desk, group: str, *names: str) -> None:
    """Publish the agenda with answers that only one group may read."""
    schema = json.loads(desk.agenda.files[FORM])
    for name in names:
        schema["properties"][name]["x-sensitive"] = {"groups": [group]}
    files = {**desk.agenda.files, FORM: json.dumps(schema).encode()}
    desk.stage.engine.execute(to_command(desk.agenda, files, desk.stage.tenant, SYSTEM))
    desk.past = None


@needs_pdf
def test_a_printed_form_has_dots_where_its_reader_may_not_see(desk: Desk) -> None:
    kept_for(desk, "board", "seat")
    number = desk.application()
    words = {}
    for username in ("vybor1", "sekretarka"):
        desk.sign_in(username)
        link = re.findall(
            rf"/prace/pripady/{number}/formulare/[0-9a-z]+\.pdf", desk.get(f"/prace/pripady/{number}/formulare")
        )
        printed = desk.client.get(link[0])
        assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
        assert "sandbox" in printed.headers["Content-Security-Policy"]
        assert faults(printed.data) == []
        words[username] = text_of(printed.data)
    assert "Horní Rokytnice" in words["vybor1"] and "Toto je přesné znění" in words["vybor1"]
    assert "Horní Rokytnice" not in words["sekretarka"] and "••••" in words["sekretarka"]
    assert "nahrazují tečky" in words["sekretarka"]
    with zipfile.ZipFile(io.BytesIO(desk.client.get(f"/prace/pripady/{number}/spis.zip").data)) as archive:
        told = archive.read("000 spis.pdf")
    assert faults(told) == []
    at = text_of(told).find("Horní Rokytnice")
    assert at < 0, text_of(told)[at - 300 : at + 100]
    assert "••••" in text_of(told)
    desk.get(f"/prace/pripady/{number}/formulare/{'0' * 32}.pdf", 404)


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())
