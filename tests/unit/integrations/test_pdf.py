import io
import logging

import pypdf
import pytest
import zxingcpp
from PIL import Image

from integrations.pdf import WeasyPdf, pdf_available
from integrations.qr import payment_qr, payment_text, qr_png
from processes.documents import Renderer

PAYMENT = {
    "iban": "CZ65 0800 0000 1920 0014 5399",
    "amount": 762_000,
    "variable_symbol": "2026000001",
    "due_on": "2026-12-07",
}
BODY = (
    '{% extends "letter.html" %}{% block title %}Usnesení{% endblock %}{% block body %}'
    "<p>Příspěvek {{ 762000|money_dash }}, IČO {{ '05129061'|ico }}.</p>"
    '<img src="file:///etc/hostname" alt="soubor"><img src="http://127.0.0.1:1/x.png" alt="síť">'
    "{{ payment_qr(payment) }}{% endblock %}"
)
needs_pdf = pytest.mark.skipif(pdf_available() is not None, reason=pdf_available() or "")


def a_page() -> str:
    renderer = Renderer(files={"documents/r.html": BODY.encode()}, functions={"payment_qr": payment_qr})
    case, tenant = {"number": "PRI-2026-0001"}, {"name": "Otevřená města"}
    return renderer.document("r", {"case": case, "tenant": tenant, "today": "2026-11-23", "payment": PAYMENT})


@needs_pdf
def test_a_document_is_tagged_has_its_language_and_its_words(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL, logger="weasyprint"):
        pdf = pypdf.PdfReader(io.BytesIO(WeasyPdf().print(a_page())))
    root = pdf.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("cs", True)
    assert pdf.metadata and pdf.metadata.title == "Usnesení"
    text = " ".join(pdf.pages[0].extract_text().split())
    assert "7 620,- Kč" in text
    assert "051 29 061" in text


@needs_pdf
def test_a_document_loads_nothing_from_outside(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        pdf = pypdf.PdfReader(io.BytesIO(WeasyPdf().print(a_page())))
    assert len(pdf.pages[0].images) == 0
    assert sum("disallowed protocol" in record.getMessage() for record in caplog.records) == 2


def test_a_bank_reads_the_code_of_a_payment() -> None:
    text = payment_text(PAYMENT, message="Členský příspěvek")
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(text))))
    assert found[0].text == (
        "SPD*1.0*ACC:CZ6508000000192000145399*AM:7620.00*CC:CZK*DT:20261207*MSG:CLENSKY PRISPEVEK*X-VS:2026000001"
    )


def test_the_code_in_a_document_tells_its_content_to_those_who_do_not_see() -> None:
    assert 'alt="QR platba: SPD*1.0*' in payment_qr(PAYMENT)
