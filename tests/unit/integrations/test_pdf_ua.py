"""Everything that is printed can be read aloud: PDF/UA-1 as far as a machine can check it."""

from __future__ import annotations

import io
import logging
from dataclasses import asdict
from typing import Any

import page
import pypdf
import pytest

from forms.compile import compile_form
from forms.paper import on_paper
from integrations.pdf import WeasyPdf, pdf_available
from integrations.qr import data_uri, payment_qr, qr_svg
from processes.catalogue import load
from processes.documents import Renderer
from tests.browser.grant_form import GRANT
from tests.pdf_ua import faults, words_for_pictures
from tests.unit.forms.dog import DOG
from tests.unit.forms.odd import FORMS, WORD

pytestmark = pytest.mark.skipif(pdf_available() is not None, reason=pdf_available() or "")

ENDLESS = FORMS["words without end"]
TENANT = {
    "key": "bystrina",
    "name": "Město Bystřina",
    "ico": "05129061",
    "arms": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}
PAPER_WORDS = ("fill", "qr", "qr_alt", "ticked", "unticked", "optional", "pick_one", "pick_some")
PAPER_WORDS += ("attached", "office", "place", "signature", "to")
ANSWERS = {
    "applicant": {"who": "firm", "ico": "05129061", "name": "Lyžaři, z. s.", "representatives": [{"name": "Marie"}]},
    "costs": [{"item": "Autobus", "qty": 2, "price": "14500.00", "total": "29000.00"}],
    "target_group": ["děti"],
    "debts": True,
}
LETTER = """{% extends "letter.html" %}{% block title %}Rozhodnutí{% endblock %}
{% block addressee %}<p>Obec Rokytnice</p>{% endblock %}{% block body %}<h2>Výrok</h2><p>Vyhovuje se.</p>
<ol><li>První <ul><li>vnořený</li></ul></li><li><a href="https://obec.example">odkaz</a></li></ol>
<table><caption>Splátky</caption><thead><tr><th>Kdy</th><th>Kolik</th></tr></thead>
<tbody><tr><th>leden</th><td>{{ 100|money }}</td></tr></tbody></table>{% endblock %}"""
SECTION = {
    "title": "Žadatel",
    "parts": [
        {"kind": "answers", "answers": [{"label": "IČO", "lines": ["05129061", "x"], "comments": ["Opište znovu."]}]},
        {"kind": "heading", "label": "Náklady"},
        {"kind": "table", "label": "Náklady", "columns": ["Co", "Kč"], "rows": [["a", "1"]], "totals": ["", "1"]},
    ],
}
PAYMENT = {
    "iban": "CZ6508000000192000145399",
    "account": "19-2000145399/0800",
    "amount": 762_000,
    "variable_symbol": "2026000001",
    "due_on": "2026-12-07",
}


def form_on_paper(schema: dict[str, Any], data: dict[str, Any] | None, lang: str = "cs") -> str:
    sheets = [asdict(sheet) for sheet in on_paper(compile_form(schema), data, lang)]
    code = data_uri(qr_svg("https://obec.example/prace/papir/a/b").encode(), "image/svg+xml")
    told = {"title": "Žádost o dotaci", "sheets": sheets, "tenant": TENANT, "qr": code, "address": "Bystřina 1"}
    return Renderer(files={}, lang=lang).paper({**told, "words": {name: f"slovo {name}" for name in PAPER_WORDS}})


def letter() -> str:
    return Renderer(files={"documents/r.html": LETTER.encode()}).document("r", facts())


def invoice() -> str:
    renderer = Renderer(files=load("membership").files, functions={"payment_qr": payment_qr})
    seat = {"street": "Dlouhá", "house_no": "1", "orientation_no": "", "postal_code": "51244", "city": "Rokytnice"}
    fee = {"year": 2026, "months": 6, "from": "2026-07-01", "rate": 3}
    own = {"association_name": "Otevřená města", "association_seat": "Praha", "association_ico": "05129061"}
    own |= {"association_dic": "CZ05129061", "vat_note": "Nejsme plátci DPH."}
    more = {"payment": PAYMENT, "fee": fee, "seat": seat, "name": "Obec", "ico": "00276057", "inhabitants": 2540}
    return renderer.document("invoice", {**facts(), **more, "parameters": own})


def submission(is_masked: bool = False) -> str:
    sent = {"sha256": "a" * 64, "submitted_at": "2026-06-01T08:00:00+00:00", "submitter_name": "Jana"}
    more = {"title": "Žádost", "submission": sent, "sections": [SECTION], "is_masked": is_masked}
    return Renderer(files={}).submission({**facts(), **more})


def facts() -> dict[str, Any]:
    return {"case": {"number": "PRI-2026-0001"}, "tenant": TENANT, "today": "2026-11-23"}


PRINTS = {
    "a blank form": lambda: form_on_paper(GRANT, None),
    "a filled form": lambda: form_on_paper(GRANT, ANSWERS),
    "a blank form in English": lambda: form_on_paper(DOG, None, "en"),
    "words without end": lambda: form_on_paper(ENDLESS.schema, ENDLESS.data),
    "a letter": letter,
    "an invoice": invoice,
    "a submission": submission,
    "a submission with dots": lambda: submission(is_masked=True),
}


@pytest.mark.parametrize("name", PRINTS)
def test_a_print_has_no_fault_that_a_machine_finds(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, logger="weasyprint"):
        content = WeasyPdf().print(PRINTS[name]())
    assert faults(content) == []
    assert told_by_page(content) == []


def told_by_page(content: bytes) -> list[str]:
    """What the validator `page` finds, which has 104 of veraPDF's 106 rules of PDF/UA-1."""
    return [f"{one.rule_id}: {one.message}" for one in page.validate_pdf_bytes(content, profile="ua1").failures]


def test_faults_are_found(caplog: pytest.LogCaptureFixture) -> None:
    """A page without language, title, headings in order and words for its pictures has a fault of each kind."""
    picture = "data:image/svg+xml,<svg xmlns=%27http://www.w3.org/2000/svg%27 width=%279%27 height=%279%27/>"
    bad = f'<html><body><h2>a</h2><h4>b</h4><img src="{picture}"></body></html>'
    with caplog.at_level(logging.CRITICAL, logger="weasyprint"):
        content = WeasyPdf().print(bad)
    assert {"7.2", "7.1", "7.4.2"} <= {fault.partition(":")[0] for fault in faults(content)}
    assert any("FIGURE-ALTERNATIVE-TEXT" in fault for fault in told_by_page(content))


def test_what_repeats_in_the_margins_is_said_to_do_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, logger="weasyprint"):
        pdf = pypdf.PdfReader(io.BytesIO(WeasyPdf().print(PRINTS["a blank form"]())))
    assert len(pdf.pages) > 1
    for sheet in pdf.pages:
        assert sheet.get_contents().get_data().count(b"/Pagination") >= 1


def test_a_tick_is_heard(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, logger="weasyprint"):
        content = WeasyPdf().print(PRINTS["a filled form"]())
    told = {str(one) for one in words_for_pictures(content)}
    assert {"slovo ticked", "slovo unticked"} <= told


def test_a_word_that_no_line_holds_is_broken_and_nothing_runs_off_the_paper(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, logger="weasyprint"):
        pdf = pypdf.PdfReader(io.BytesIO(WeasyPdf().print(PRINTS["words without end"]())))
    lines = [line for page in pdf.pages for line in page.extract_text().splitlines()]
    assert "".join(lines).replace(" ", "").count(WORD * 3) == 1
    assert max(len(line) for line in lines) < len(WORD * 2)
