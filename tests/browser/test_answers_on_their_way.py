"""A slow or busy server: an answer that comes late takes nothing of what was written meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.slow_line import SlowLine
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor
from tests.integration.portal.public_forms import address, offer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FORM = {
    "title": "Hodiny",
    "type": "object",
    "properties": {
        "work": {"type": "integer", "title": "Práce"},
        "travel": {"type": "integer", "title": "Cesta"},
        "note": {"type": "string", "title": "Poznámka"},
        "hours": {"type": "integer", "title": "Celkem", "x-computed": "(work or 0) + (travel or 0)"},
    },
}


@pytest.fixture(scope="module", autouse=True)
def offered(town: Town) -> None:
    """The town offers the service."""
    offer(town.parts, town.tenant, {"hours": FORM})


def test_answers_that_overtake_each_other_lose_no_number(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, width=PHONE) as visitor:
        visitor.goes(address("hours"))
        line = SlowLine(visitor, address("hours"))
        visitor.types("/work", "3")
        visitor.types("/travel", "4")
        line.holds()
        visitor.page.locator('[name="/note"]').focus()
        visitor.page.wait_for_timeout(200)
        line.lets_go()
        expect(visitor.page.locator("output.computed")).to_have_text("7")
        assert visitor.page.locator('[name="/work"]').input_value() == "3"
        assert visitor.page.locator('[name="/travel"]').input_value() == "4"


def test_a_word_mended_while_an_answer_is_on_its_way_stays_mended(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, width=PHONE) as visitor:
        visitor.goes(address("hours"))
        line = SlowLine(visitor, address("hours"))
        visitor.types("/note", "přihlýžet")
        visitor.types("/work", "3")
        visitor.page.locator('[name="/travel"]').focus()
        line.holds()
        visitor.types("/note", "přihlížet")
        visitor.page.locator('[name="/travel"]').focus()
        line.lets_go()
        expect(visitor.page.locator("output.computed")).to_have_text("3")
        assert visitor.page.locator('[name="/note"]').input_value() == "přihlížet"


def test_a_number_being_typed_counts_after_a_late_answer(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, width=PHONE) as visitor:
        visitor.goes(address("hours"))
        line = SlowLine(visitor, address("hours"))
        visitor.types("/work", "3")
        visitor.page.locator('[name="/travel"]').focus()
        line.holds()
        visitor.page.locator('[name="/travel"]').press_sequentially("4")
        expect(visitor.page.locator("output.computed")).to_have_text("7")
        line.lets_go()
        visitor.settles()
        expect(visitor.page.locator("output.computed")).to_have_text("7")
        assert visitor.page.locator('[name="/travel"]').input_value() == "4"
