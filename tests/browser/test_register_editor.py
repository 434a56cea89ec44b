"""An author changes a register in the studio: by mouse on a desk, by keyboard without JavaScript, on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.snapshots import snap
from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MEMBERS = "/studio/membership/registry/members"


def take_up(author: Visitor) -> None:
    """Begin to change the register, unless it is being changed."""
    if author.page.get_by_role("button", name="Upravit").count():
        author.presses("Upravit")


def test_a_field_is_added_said_more_of_and_compared(browser: Browser, town: Town) -> None:
    with desk(browser, town, "autor") as author:
        author.goes("/studio/membership")
        author.looks("Členství")
        author.goes(MEMBERS)
        author.looks("Seznam členů")
        take_up(author)
        author.looks("Seznam členů")
        author.types("label", "Datum založení spolku")
        author.page.locator("#add-kind").select_option("date")
        author.presses("Přidat pole")
        author.looks("Seznam členů")
        expect(author.page.locator("#podrobnosti")).to_have_text("Datum založení spolku")
        author.page.get_by_label("Seznam se podle něj dá zúžit a seřadit").check()
        author.presses("Uložit")
        expect(author.page.get_by_label("Seznam se podle něj dá zúžit a seřadit")).to_be_checked()
        snap(author, "studio-registr", whole=True)
        author.presses("Přidat pole")
        assert "Napište" in author.reads()
        author.looks("Chyba")
        author.goes(f"{MEMBERS}/verze")
        author.looks("Verze")
        assert "Přidáno: „Datum založení spolku“" in author.reads()
        author.goes(f"{MEMBERS}/zverejnit")
        author.looks("Zkontrolovat a zveřejnit")
        author.goes("/studio/membership/registry/novy")
        author.looks("Nový registr")
    with desk(browser, town, "autor", width=PHONE, dark=True) as author:
        for page in (
            MEMBERS,
            f"{MEMBERS}?pole=/properties/inhabitants",
            f"{MEMBERS}/zverejnit",
            "/studio/membership/registry/novy",
        ):
            author.goes(page)
            author.looks("")


def test_whole_register_without_javascript(browser: Browser, town: Town) -> None:
    with desk(browser, town, "autor") as author:
        author.goes(MEMBERS)
        take_up(author)
        context = browser.new_context(java_script_enabled=False, storage_state=author.page.context.storage_state())
        page = context.new_page()
        page.goto(author.page.url)
        page.locator('[name="english"]').fill("Members of the association")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        kept = json.loads(page.request.get(f"{town.url}{MEMBERS}.json").text())
        context.close()
        assert kept["title"]["en"] == "Members of the association"
