"""Files on a phone whose connection breaks: nothing typed is lost, and one press goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, expect
from sqlalchemy import select

from engine.store.papers import AttachmentRow
from tests.browser.shaky import shaky
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor
from tests.integration.conftest import ALL
from tests.integration.portal.public_forms import address, offer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
]

FORM = {
    "title": "Stavba",
    "type": "object",
    "required": ["who", "drawings"],
    "properties": {
        "who": {"type": "string", "title": "Kdo staví"},
        "drawings": {"type": "array", "title": "Výkresy", "minItems": 1, "items": {"type": "string", "format": "file"}},
        "why": {"type": "string", "title": "Proč"},
    },
}
SMALL = b"%PDF-1.7\nsmall\n%%EOF"
#: Above half a megabyte waitress leaves the file it buffers in to the garbage collector, which is a warning here.
LARGE = b"%PDF-1.7\n" + b"x" * 400_000 + b"\n%%EOF"


@pytest.fixture(scope="module", autouse=True)
def offered(town: Town) -> None:
    """The town offers the service."""
    offer(town.parts, town.tenant, {"building": FORM})


def pdf(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def kept(town: Town, before: Sequence[str] = ()) -> list[str]:
    """Names of the files that came since; other walks through the same town leave theirs."""
    with town.parts.sessions(info=ALL) as session:
        return sorted((Counter(session.scalars(select(AttachmentRow.filename))) - Counter(before)).elements())


def test_a_connection_that_breaks_in_a_file_loses_nothing_and_one_press_goes_on(
    browser: Browser, town: Town, tmp_path: Path
) -> None:
    small, large = tmp_path / "a.pdf", tmp_path / "b.pdf"
    small.write_bytes(SMALL)
    large.write_bytes(LARGE)
    before = kept(town)
    with shaky(town.url) as line, Visitor.comes(browser, town, width=PHONE) as visitor:
        page = visitor.page
        visitor.goes(line.url + address("building"))
        visitor.types("/who", "Jana Nová")
        page.locator("input[type=file]").set_input_files([small, large])
        sent: list[Request] = []
        page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
        line.most = 200_000
        page.get_by_role("button", name="Pokračovat").click()
        expect(page.get_by_role("alert").get_by_text("Spojení se přerušilo")).to_be_visible()
        expect(page.get_by_role("button", name="Poslat znovu")).to_be_focused()
        visitor.looks("")
        assert page.locator('[name="/who"]').input_value() == "Jana Nová"
        assert kept(town, before) == ["a.pdf"]
        line.most = None
        visitor.types("/why", "Rosteme.")
        visitor.presses("Poslat znovu")
        visitor.looks("Zkontrolujte si odpovědi")
        for words in ("Jana Nová", "Rosteme.", "a.pdf", "b.pdf"):
            assert words in visitor.reads()
        assert kept(town, before) == ["a.pdf", "b.pdf"]
        # One for each file, one that broke, and the page itself.
        assert len(sent) == 4


def test_a_file_that_is_refused_is_told_of_on_the_page(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, width=PHONE) as visitor:
        visitor.goes(address("building"))
        visitor.types("/who", "Jana Nová")
        visitor.page.locator("input[type=file]").set_input_files(pdf("c.pdf", b"MZ no pdf"))
        visitor.presses("Pokračovat")
        visitor.looks("Chyba")
        assert "c.pdf" in visitor.page.locator(".summary").first.inner_text()
        assert visitor.page.locator('[name="/who"]').input_value() == "Jana Nová"


def test_saving_by_itself_keeps_the_files_that_are_kept(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, width=PHONE) as visitor:
        visitor.goes(address("building"))
        visitor.page.locator("input[type=file]").set_input_files(pdf("d.pdf", SMALL + b"d"))
        visitor.presses("Pokračovat")
        visitor.looks("Chyba")
        with visitor.page.expect_response(lambda answer: answer.request.method == "POST"):
            visitor.types("/who", "Jana Nová")
        visitor.presses("Pokračovat")
        visitor.looks("Zkontrolujte si odpovědi")
        assert "d.pdf" in visitor.reads()
