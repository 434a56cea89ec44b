"""What somebody types is saved by itself and found again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.application import SERVICE
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_what_is_typed_is_saved_without_a_button_and_shared(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, width=PHONE, scripted=True) as visitor:
        visitor.goes(f"{SERVICE}/zadost")
        page = visitor.page
        page.get_by_label("IČO").fill("00276057")
        page.locator("#ulozeno").get_by_text(re.compile(r"uloženo \d+:\d\d")).wait_for()
        assert re.search(r"/podani/[0-9a-f]{32}$", page.url)
        page.reload()
        assert page.get_by_label("IČO").input_value().replace("\u00a0", "").replace(" ", "") == "00276057"
        visitor.goes("/")
        assert page.get_by_role("button", name="Zahodit").count() == 1
        page.locator("section", has_text="Rozepsáno").get_by_role("link").first.click()
        visitor.presses("Uložit a dokončit později")
        visitor.presses("Vytvořit odkaz pro ostatní")
        visitor.looks("Máme to uložené")
        assert page.get_by_text("Odkaz pro ostatní, ukážeme ho jen teď").is_visible()
