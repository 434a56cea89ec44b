"""Work that goes to others and comes back: handed over by hand, along a chain of substitutes; a longer period."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from engine.calendar import day_in_prague
from engine.commands import ArrangeSubstitution, CancelSubstitution
from engine.model import SYSTEM
from tests.browser.test_office import applies, desk
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


PROLONG = 'details.ask form[action$="/prodlouzit"] button'


def goes_on(person: Visitor, selector: str) -> None:
    """Press what leads to another page."""
    with person.page.expect_navigation():
        person.page.locator(selector).click()
    person.settles()


def test_a_task_handed_over_by_hand_comes_back_with_the_answer(browser: Browser, town: Town) -> None:
    task = town.open_task(applies(town), "check")
    with desk(browser, town, "sekretarka") as clerk, desk(browser, town, "hospodar", width=PHONE, dark=True) as asked:
        clerk.goes(f"/prace/ukoly/{task}")
        clerk.presses("Vzít si")
        clerk.page.locator("#verbs summary").click()
        clerk.page.locator("#colleague").select_option("hospodar")
        clerk.page.locator("#returns").check()
        clerk.looks("Zkontrolovat úplnost")
        goes_on(clerk, "#verbs form.menu-form button")
        asked.goes("/prace/upozorneni")
        asked.looks("Upozornění")
        goes_on(asked, f'a[href="/prace/ukoly/{task}"]')
        expect(asked.page.locator(".task-pane [role=note]")).to_contain_text("vrátí")
        asked.looks("Zkontrolovat úplnost")
        asked.picks("/outcome", "complete")
        asked.picks("/board_mode", "per_rollam")
        asked.presses("Dokončit úkol")
        clerk.goes(f"/prace/ukoly/{task}")
        expect(clerk.page.locator(".task-pane [role=note]")).to_contain_text("Odpověď pro vás připravil")
        clerk.looks("Zkontrolovat úplnost")
        expect(clerk.page.get_by_label("Ano, předat výboru")).to_be_checked()


@contextmanager
def away(town: Town, absent: str, substitute: str, last: date) -> Iterator[None]:
    """Somebody is away and a colleague stands in for them."""
    today = day_in_prague(town.parts.clock.now())
    arranged = town.parts.engine.execute(
        ArrangeSubstitution(
            tenant=town.tenant, actor=SYSTEM, absent=absent, substitute=substitute, begins_on=today, ends_on=last
        )
    )
    try:
        yield
    finally:
        town.parts.engine.execute(CancelSubstitution(tenant=town.tenant, actor=SYSTEM, substitution_id=arranged))


def test_work_goes_along_a_chain_of_substitutes_and_each_of_them_sees_why(browser: Browser, town: Town) -> None:
    number = applies(town)
    task = town.open_task(number, "check")
    last = day_in_prague(town.parts.clock.now()) + timedelta(days=2)
    with away(town, "sekretarka", "hospodar", last), away(town, "hospodar", "vybor1", last):
        for width, dark in ((DESKTOP, False), (PHONE, True)):
            with desk(browser, town, "vybor1", width=width, dark=dark) as person:
                person.goes("/prace/zastupy")
                person.looks("Zastupování")
                told = person.page.locator(".sub-one")
                expect(told.filter(has_text="Jana Nováková → Tomáš Beneš")).to_contain_text("dnes: Alena Horáková")
                person.goes(f"/prace/ukoly/{task}?view=standing_in")
                person.looks("Zkontrolovat úplnost")
                if width == DESKTOP:
                    person.presses("Vzít si")
        expect_acted_for(browser, town, number)


def expect_acted_for(browser: Browser, town: Town, number: str) -> None:
    with desk(browser, town, "spravce") as head:
        head.goes(f"/prace/pripady/{number}")
        expect(head.page.locator("main")).to_contain_text("Alena Horáková za nepřítomného (Jana Nováková)")


def test_a_period_is_prolonged_only_with_a_reason_and_a_later_day(browser: Browser, town: Town) -> None:
    number = applies(town)
    town.open_task(number, "check")
    for width, dark, more in ((DESKTOP, False, 90), (PHONE, True, 120)):
        with desk(browser, town, "sekretarka", width=width, dark=dark) as person:
            person.goes(f"/prace/pripady/{number}/lhuty")
            ask = person.page.locator("details.ask", has_text="Prodloužit lhůtu")
            ask.locator("summary").click()
            goes_on(person, PROLONG)
            expect(person.page.locator("details.ask .error")).to_contain_text("Napište proč")
            person.looks(number)
            until = day_in_prague(town.parts.clock.now()) + timedelta(days=more)
            ask.locator("[name=until]").fill(until.isoformat())
            ask.locator("[name=reason]").fill(f"Zvlášť složitý případ, {more} dní.")
            goes_on(person, PROLONG)
            expect(person.page.locator(".flash")).to_contain_text("Lhůta je prodloužená")
            person.looks(number)
            person.goes(f"/prace/pripady/{number}")
            expect(person.page.locator("main")).to_contain_text(f"Zvlášť složitý případ, {more} dní.")
