"""A long list of choices is searched by typing: by keyboard with a script, as radios without one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.desk_server import served
from tests.browser.test_grant_form import is_fine, opened, send

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TOWNS = ("Říčany", "Praha", "Praha 1", "Nová Říše", "Rokytnice nad Jizerou")
FORM = {
    "title": "Obec",
    "type": "object",
    "required": ["town"],
    "properties": {
        "town": {
            "title": "Obec",
            "x-widget": "autocomplete",
            "oneOf": [{"const": f"t{at}", "title": town} for at, town in enumerate(TOWNS)],
        }
    },
}


def test_a_town_is_chosen_by_keyboard_and_spoken_of(browser: Browser) -> None:
    with served(FORM) as desk, opened(browser, desk, width=360) as page:
        town = page.get_by_role("combobox", name="Obec")
        page.get_by_label("Obec").focus()
        page.keyboard.type("rise")
        page.get_by_role("option", name="Nová Říše").wait_for()
        assert page.get_by_role("status").inner_text() == "Nalezeno: 1. Vybírejte šipkami."
        assert town.get_attribute("aria-expanded") == "true"
        is_fine(page, 360)
        page.keyboard.press("ArrowDown")
        marked = town.get_attribute("aria-activedescendant")
        assert page.evaluate("id => document.getElementById(id).textContent", marked) == "Nová Říše"
        page.keyboard.press("Enter")
        assert town.input_value() == "Nová Říše"
        assert page.get_by_role("option").count() == 0
        page.keyboard.press("Control+A")
        page.keyboard.type("xyz")
        page.get_by_text("Nic takového v seznamu není.").wait_for(state="attached")
        page.keyboard.press("Control+A")
        page.keyboard.type("pra")
        page.get_by_role("option", name="Praha 1").click()
        send(page)
        assert desk.sent == {"town": "t2"}


def test_a_part_of_a_name_is_asked_about_without_javascript(browser: Browser) -> None:
    with served(FORM) as desk, opened(browser, desk, width=320, scripted=False) as page:
        page.get_by_label("Obec").fill("praha ")
        send(page)
        assert desk.sent == {"town": "t1"}
    with served(FORM) as desk, opened(browser, desk, width=320, scripted=False) as page:
        page.get_by_label("Obec").fill("pra")
        send(page)
        assert page.title().startswith("Chyba:")
        page.get_by_label("Praha 1").check()
        send(page)
        assert desk.sent == {"town": "t2"}
