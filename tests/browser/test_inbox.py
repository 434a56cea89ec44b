"""The inbox by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from engine.calendar import day_in_prague
from tests.browser.test_office import applies, desk
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, PHONE

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


def test_a_list_is_kept_as_a_view_and_found_with_its_count_in_the_menu(browser: Browser, town: Town) -> None:
    number = applies(town)
    town.open_task(number, "check")
    for width in (DESKTOP, PHONE):
        with desk(browser, town, "sekretarka", width=width) as person:
            person.goes("/prace/pohledy?keep=1&view=all&due=month")
            person.looks("Uložené pohledy")
            person.page.locator("#name").fill(f"Do měsíce {width}")
            person.presses("Uložit pohled")
            menu = person.page.locator("details.views")
            menu.locator("summary").click()
            expect(menu.locator("a", has_text=f"Do měsíce {width}").locator(".count")).to_be_visible()
            person.looks("Úkoly")
            person.goes("/prace/upozorneni/nastaveni")
            person.looks("Nastavení upozornění")


def test_several_tasks_are_taken_by_keyboard_and_a_task_of_others_says_whose_it_is(
    browser: Browser, town: Town
) -> None:
    tasks = [town.open_task(applies(town), "check") for _case in range(2)]
    with desk(browser, town, "sekretarka") as person:
        person.goes("/prace/ukoly?view=groups&sort=opened")
        keys = person.page.keyboard
        for _line in tasks:
            keys.press("j")
            keys.press("x")
        person.looks("Úkoly")
        person.page.locator("#bulk [value=claim]").focus()
        with person.page.expect_navigation():
            keys.press("Enter")
        expect(person.page.locator(".flash")).to_contain_text("Hotovo u 2 úkolů.")
    for width, dark in ((DESKTOP, False), (PHONE, True)):
        with desk(browser, town, "vybor1", width=width, dark=dark) as person:
            person.goes(f"/prace/ukoly/{tasks[0]}")
            person.looks("Zkontrolovat úplnost")
            expect(person.page.locator(".task-pane [role=note]")).to_contain_text("Úkol má Jana Nováková")
            expect(person.page.locator("[data-key=complete]")).to_have_count(0)


def test_a_colleague_is_stood_in_for_and_every_page_says_for_whom(browser: Browser, town: Town) -> None:
    number = applies(town)
    task = town.open_task(number, "check")
    today = day_in_prague(town.parts.clock.now())
    with desk(browser, town, "sekretarka") as absent:
        absent.goes("/prace/zastupy")
        absent.page.locator("[name=substitute]").select_option("hospodar")
        absent.page.locator("[name=begins_on]").fill(today.isoformat())
        absent.page.locator("[name=ends_on]").fill(today.isoformat())
        absent.presses("Domluvit")
        absent.looks("Zastupování")
        try:
            for width, dark in ((DESKTOP, False), (PHONE, True)):
                with desk(browser, town, "hospodar", width=width, dark=dark) as person:
                    person.goes("/prace/ukoly?view=standing_in&sort=opened")
                    person.looks("Úkoly")
                    person.goes(f"/prace/ukoly/{task}?view=standing_in")
                    person.looks("Zkontrolovat úplnost")
                    expect(person.page.locator(".task-pane [role=note]")).to_contain_text("Jana Nováková")
                    if width == DESKTOP:
                        person.presses("Vzít si")
                    person.goes(f"/prace/pripady/{number}")
                    person.looks(number)
                    expect(person.page.locator("main")).to_contain_text("za nepřítomného (Jana Nováková)")
        finally:
            absent.goes("/prace/zastupy")
            absent.presses("Zrušit zástup")
