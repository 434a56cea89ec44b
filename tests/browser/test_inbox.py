"""The inbox by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_office import applies, desk
from tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_task_is_chosen_opened_and_taken_by_keyboard_alone(browser: Browser, town: Town) -> None:
    number = applies(town)
    town.open_task(number, "check")
    with desk(browser, town, "sekretarka") as person:
        person.goes("/prace/ukoly?view=all&sort=opened")
        keys = person.page.keyboard
        keys.press("?")
        expect(person.page.locator("#help")).to_be_visible()
        keys.press("Escape")
        expect(person.page.locator("#help")).to_be_hidden()
        keys.press("j")
        keys.press("x")
        expect(person.page.locator("#bulk")).to_be_visible()
        keys.press("x")
        expect(person.page.locator("#bulk")).to_be_hidden()
        keys.press("Enter")
        person.page.wait_for_url("**/prace/ukoly/*")
        person.settles()
        keys.press("v")
        expect(person.page.locator(".chips", has_text="váš")).to_be_visible()
