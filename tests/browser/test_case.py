"""A case by keyboard alone: found, told, noted in, its period stopped and let go on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_office import applies, desk
from tests.browser.town import Town
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: More stops of the Tab key than a page of a case has.
MOST_STOPS = 80
FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels?.[0]?.innerText ?? "";
  return `${one.getAttribute("aria-label") ?? ""} ${label} ${one.innerText ?? ""}`;
}"""


def tabs_to(person: Visitor, name: str) -> None:
    """Press Tab until the focus stands on what is called so; what one can't see isn't stood on."""
    for _stop in range(MOST_STOPS):
        person.page.keyboard.press("Tab")
        if re.search(name, str(person.page.evaluate(FOCUSED))):
            expect(person.page.locator(":focus")).to_be_in_viewport()
            return
    raise AssertionError(f"The Tab key does not come to {name}.")


def enters(person: Visitor, name: str) -> None:
    """Come to it and follow it, or press it."""
    tabs_to(person, name)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.settles()


def test_a_case_needs_only_the_keyboard(browser: Browser, town: Town) -> None:
    number = applies(town)
    town.open_task(number, "check")
    with desk(browser, town, "sekretarka") as person:
        keys = person.page.keyboard
        keys.press("/")
        keys.type(number)
        with person.page.expect_navigation():
            keys.press("Enter")
        person.looks(number)
        tabs_to(person, "Poznámka pro kolegy")
        keys.type("Volal jsem jim, usnesení pošlou zítra.")
        enters(person, "Přidat poznámku")
        expect(person.page.locator("main")).to_contain_text("Volal jsem jim, usnesení pošlou zítra.")
        for part in ("Formuláře", "Dokumenty", "Diagram", "Peníze", "Lidé a zprávy", "Lhůty"):
            enters(person, f"^ *{part}")
            person.looks(number)
        tabs_to(person, "Zastavit lhůtu")
        keys.press("Enter")
        tabs_to(person, "Důvod|Proč")
        keys.type("Čeká se na usnesení zastupitelstva.")
        enters(person, "Zastavit")
        person.looks(number)
        expect(person.page.locator("main")).to_contain_text("stojí")
        enters(person, "^ *Příběh")
        expect(person.page.locator("main")).to_contain_text("Čeká se na usnesení zastupitelstva.")
        enters(person, "Zkontrolovat úplnost")
        person.looks("Zkontrolovat úplnost")
