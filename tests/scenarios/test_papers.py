"""The papers of membership as people get them: real PDF, read back."""

from __future__ import annotations

import functools
import io
import itertools
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


def elements_of(page: str) -> list[tuple[str, pypdf.generic.DictionaryObject]]:
    """The structure of a printed page in its order: (tag, element)."""
    if reason := pdf_available():
        pytest.skip(reason)
    reader = pypdf.PdfReader(io.BytesIO(WeasyPdf().print(page)))
    found: list[tuple[str, pypdf.generic.DictionaryObject]] = []

    def gather(node: object) -> None:
        element = node.get_object() if isinstance(node, pypdf.generic.IndirectObject) else node
        if isinstance(element, list):
            for part in element:
                gather(part)
        elif isinstance(element, dict) and "/S" in element:
            found.append((str(element["/S"]), element))
            gather(element.get("/K"))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] in ("cs", "en")
    assert reader.metadata is not None
    assert reader.metadata.title
    gather(root["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("scenario", ["/01_", "/02_", "/07_", "/20_"])
def test_every_paper_tells_its_structure_to_those_who_do_not_see(scenario: str) -> None:
    for key, page in papers_of(scenario).items():
        found = elements_of(page)
        tags = [tag for tag, _ in found]
        headings = [int(tag[2:]) for tag in tags if tag.startswith("/H") and tag[2:].isdigit()]
        assert headings[:1] == [1], key
        assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(headings)), key
        assert all(element.get("/Alt") for tag, element in found if tag == "/Figure"), key
        scopes = {str(element["/A"].get("/Scope")) for tag, element in found if tag == "/TH"}
        assert scopes <= {"/Row", "/Column"}, key
        assert "/Table" not in tags or scopes, key


def test_the_payment_code_is_a_figure_that_says_what_to_pay() -> None:
    figures = [str(element["/Alt"]) for tag, element in elements_of(papers_of("/01_")["invoice"]) if tag == "/Figure"]
    assert any("SPD*1.0*" in text and "AM:3810.00" in text for text in figures)
