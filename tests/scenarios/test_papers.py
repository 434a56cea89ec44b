"""The papers of membership as people get them: real PDF, read back."""

from __future__ import annotations

import functools
import io
import os
from collections.abc import Mapping

import pypdf
import pytest
from sqlalchemy import select

from engine.queries.papers import content_of, documents
from engine.store.cases import InstanceRow
from integrations.bank.qr_payment import parse_payment
from integrations.pdf import WeasyPdf, pdf_available
from processes import catalogue
from processes.scenarios import play, read_scenarios
from web.stage import MemoryStage, Theatre

AGENDA = catalogue.load("membership")

pytestmark = pytest.mark.xdist_group("scenarios")


def pages_of(stage: MemoryStage) -> dict[str, str]:
    """The newest page of each document of the only case, by key, as it goes to the printer."""
    with stage.sessions() as session:
        case = session.scalars(select(InstanceRow)).one()
        return {
            found.key: content_of(session, stage.tenant, found.attachment_id).decode().partition("\n")[2]
            for found in documents(session, stage.tenant, case.id)
            if found.newest
        }


@functools.cache
def papers_of(scenario: str) -> Mapping[str, str]:
    (told,) = [one for one in read_scenarios(AGENDA) if scenario in one.path]
    with Theatre() as theatre:
        stage = theatre.stage(AGENDA)
        assert play(told, AGENDA, stage).problem == ""
        return pages_of(stage)


def printed(page: str) -> str:
    """The words of a page after it went through PDF."""
    if reason := pdf_available():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    reader = pypdf.PdfReader(io.BytesIO(WeasyPdf().print(page)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_draft_resolution_has_four_limbs_the_fee_and_both_versions() -> None:
    text = printed(papers_of("/02_")["resolution"])
    limbs = ["a) schvaluje", "b) souhlasí", "c) bere na vědomí", "d) souhlasí"]
    for words in [*limbs, "7 620,- Kč", "051 29 061", "17.08.2021", "20.11.2021", "Město Rokytnice nad Jizerou"]:
        assert words in text


def test_the_memorandum_counts_the_fee() -> None:
    text = printed(papers_of("/02_")["memorandum"])
    assert "2 540" in text
    assert "7 620,- Kč" in text
    assert "3 810,- Kč" in text


def test_the_invoice_carries_a_payment_code_that_a_bank_reads() -> None:
    page = papers_of("/01_")["invoice"]
    code = page.partition('alt="QR platba: ')[2].partition('"')[0]
    payment = parse_payment(code)
    assert (payment["AM"], payment["CC"]) == ("3810.00", "CZK")
    assert payment["ACC"] == "CZ6508000000192000145399"
    assert payment["X-VS"] in printed(page)
    assert "3 810,00 Kč" in printed(page)


def test_the_copy_of_the_submission_says_when_and_its_hash() -> None:
    text = printed(papers_of("/01_")["submission"])
    assert "PRI-2026-0001" in text
    assert "1. 6. 2026 v 9:00" in text
    assert "SHA-256" in text
