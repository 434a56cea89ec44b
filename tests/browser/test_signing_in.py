"""Signing in: as often as tests play people, again in the middle of a form, and with a forgotten password."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.application import SERVICE
from tests.browser.town import Town, nobody_is_slowed_down
from tests.browser.visitor import DESKTOP, NARROW, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_town_that_closes_leaves_the_limit_as_it_found_it(browser: Browser, town: Town) -> None:
    with nobody_is_slowed_down():
        pass
    for _time in range(6):
        with Visitor.comes(browser, town) as person:
            person.signs_in("autor")


@pytest.mark.parametrize(("width", "scripted"), [(DESKTOP, False), (NARROW, True)])
def test_an_applicant_whose_session_ended_goes_on_with_what_was_typed(
    browser: Browser, town: Town, width: int, scripted: bool
) -> None:
    with Visitor.comes(browser, town, width=width, scripted=scripted) as visitor:
        visitor.goes(f"{SERVICE}/zadost")
        visitor.types("/ico", "00276057")
        visitor.context.clear_cookies()
        visitor.presses("Uložit a dokončit později")
        visitor.looks("Nic se neztratilo")
        visitor.presses("Pokračovat")
        visitor.looks("Máme to uložené")


@pytest.mark.parametrize(("width", "scripted"), [(DESKTOP, False), (NARROW, True)])
def test_a_person_of_the_office_signs_in_again_and_finds_what_was_typed(
    browser: Browser, town: Town, width: int, scripted: bool
) -> None:
    with Visitor.comes(browser, town, width=width, scripted=scripted) as visitor:
        visitor.signs_in("spravce", "/velin/lide/novy")
        visitor.page.get_by_label("Jméno a příjmení").fill("Eva Malá")
        visitor.context.clear_cookies()
        visitor.presses("Přidat")
        visitor.looks("Přihlásit se")
        assert visitor.page.locator("[name=username]").input_value() == "spravce"
        visitor.page.locator("[name=password]").fill("spravce")
        visitor.presses("Přihlásit se")
        visitor.looks("Nic se neztratilo")
        visitor.presses("Pokračovat")
        assert visitor.page.get_by_label("Jméno a příjmení").input_value() == "Eva Malá"


@pytest.mark.parametrize("path", ["/prihlaseni", "/prihlaseni/zapomenute-heslo"])
def test_pages_of_signing_in_fit_a_narrow_screen(browser: Browser, town: Town, path: str) -> None:
    with Visitor.comes(browser, town, width=NARROW) as visitor:
        visitor.goes(path)
        visitor.looks("heslo" if "heslo" in path else "Přihlásit se")
