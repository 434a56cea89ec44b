"""A town applies for membership on the portal: on a desktop, on a phone, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from engine.calendar import SystemClock, day_in_prague
from tests.browser.application import (
    PDF,
    SERVICE,
    fills_contacts,
    fills_everything,
    fills_membership,
    fills_people,
    fills_resolution,
    fills_town,
    goes_on,
    sends,
)
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WAYS = [
    pytest.param(DESKTOP, True, id="desktop"),
    pytest.param(PHONE, True, id="phone"),
    pytest.param(DESKTOP, False, id="no-javascript"),
]


@pytest.mark.parametrize(("width", "scripted"), WAYS)
def test_a_town_finds_the_service_applies_and_follows_its_application(
    browser: Browser, town: Town, width: int, scripted: bool
) -> None:
    with Visitor.comes(browser, town, width=width, scripted=scripted) as visitor:
        visitor.goes("/")
        visitor.looks("Co potřebujete vyřídit?")
        visitor.page.get_by_label("Hledat službu").fill("prihlaska")
        visitor.presses("Hledat")
        visitor.looks("Hledání")
        visitor.follows("Přihláška do spolku")
        visitor.looks("Přihláška do spolku")
        visitor.follows("Začít vyplňovat")
        visitor.looks("Město (krok 1 z 6)")
        fills_town(visitor)
        fills_people(visitor)
        fills_contacts(visitor)
        fills_membership(visitor)
        fills_resolution(visitor)
        answers = visitor.reads()
        for said in ("002 76 057", "Město Rokytnice nad Jizerou", "ZM/2026/48", "usneseni.pdf", "7 620"):
            assert said in answers.replace("\u00a0", " ")
        number = sends(visitor)
        town.open_task(number, "check")
        visitor.goes(f"/p/{number}/odeslano")
        assert visitor.downloads("Přihláška do spolku").startswith(b"%PDF")
        secret = visitor.page.get_by_text(re.compile(r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$")).inner_text()
        visitor.follows("Sledovat žádost kde")
        visitor.looks("Kde je vaše žádost")
        assert "Teď nemusíte dělat nic" in visitor.reads()
        assert visitor.page.locator(".line .now").inner_text().count("Kontrola úplnosti") == 1

    with Visitor.comes(browser, town, width=width, scripted=scripted) as stranger:
        follows_with_secret(stranger, number, secret)


def follows_with_secret(stranger: Visitor, number: str, secret: str) -> None:
    """Another browser needs both the number and the secret, written anyhow."""
    stranger.goes(f"/p/{number}")
    stranger.looks("Kde je vaše žádost")
    stranger.page.get_by_label("Tajemství", exact=True).fill("AAAA-BBBB-CCCC-DDDD")
    stranger.presses("Zobrazit žádost")
    stranger.looks("Chyba: Kde je vaše žádost")
    stranger.page.get_by_label("Tajemství", exact=True).fill(secret.replace("-", " ").lower())
    stranger.presses("Zobrazit žádost")
    stranger.looks(number)


def test_wrong_answers_are_named_at_their_fields_and_nothing_is_lost(visitor: Visitor) -> None:
    visitor.goes(SERVICE)
    visitor.follows("Začít vyplňovat")
    visitor.types("/ico", "12345678")
    visitor.types("/name", "Obec Horní Dolní")
    goes_on(visitor, "Chyba: Město")
    summary = visitor.page.locator(".summary")
    assert "IČO nesedí" in summary.inner_text()
    assert summary.evaluate("e => e === document.activeElement")
    assert visitor.page.locator('[name="/ico"]').get_attribute("aria-invalid") == "true"
    assert visitor.page.locator('[name="/name"]').input_value() == "Obec Horní Dolní"
    summary.get_by_role("link").first.click()
    assert visitor.page.locator('[name="/ico"]').evaluate("e => e === document.activeElement")


def test_an_application_is_saved_and_opened_again_elsewhere_by_its_link(browser: Browser, visitor: Visitor) -> None:
    visitor.goes(SERVICE)
    visitor.follows("Začít vyplňovat")
    fills_town(visitor)
    visitor.types("/representative/name", "Mgr. Petr Matyáš")
    visitor.presses("Uložit a dokončit později")
    visitor.looks("Máme to uložené")
    link = visitor.page.locator(".facts a").get_attribute("href") or ""
    visitor.page.get_by_label("E-mail").fill("nekdo@rokytnice.example")
    visitor.presses("Poslat odkaz")
    assert "Odkaz jsme poslali" in visitor.reads()
    assert any("nekdo@rokytnice.example" in mail for mail in visitor.town.mails())
    path = link.split("/", 3)[3]

    with Visitor.comes(browser, visitor.town) as elsewhere:
        elsewhere.goes("/" + path)
        elsewhere.looks("Zástupci")
        assert elsewhere.page.locator('[name="/representative/name"]').input_value() == "Mgr. Petr Matyáš"
        assert path.split("k=")[1] not in elsewhere.page.url
        elsewhere.goes("/")
        elsewhere.looks("Co potřebujete vyřídit?")
        elsewhere.follows("Přihláška do spolku uloženo")
        elsewhere.looks("Zástupci")

    with Visitor.comes(browser, visitor.town) as stranger:
        stranger.goes("/" + path.split("&")[0])
        assert "Stránka tu není" in stranger.reads()


def test_a_file_that_is_not_what_its_name_says_is_refused_and_a_right_one_is_kept(visitor: Visitor) -> None:
    visitor.goes(SERVICE)
    visitor.follows("Začít vyplňovat")
    fills_town(visitor)
    fills_people(visitor)
    goes_on(visitor, "Členství")
    fills_membership(visitor)
    visitor.picks("/council_decided", "yes")
    visitor.attaches("/resolution/file", "usneseni.pdf", b"MZ\x90 this is a program")
    goes_on(visitor, "Chyba: Usnesení")
    assert "není soubor, jaký tu přijmeme" in visitor.reads()
    visitor.attaches("/resolution/file", "usneseni.pdf", PDF)
    goes_on(visitor, "Chyba: Usnesení")
    assert "Přiložte usnesení" not in visitor.reads()
    assert visitor.downloads("usneseni.pdf") == PDF


def test_sending_twice_leads_to_the_same_case(visitor: Visitor) -> None:
    fills_everything(visitor)
    address = visitor.page.url
    token = visitor.page.locator('[name="csrf_token"]').first.input_value()
    number = sends(visitor)
    again = visitor.context.request.post(address, form={"csrf_token": token})
    assert again.url.endswith(f"/p/{number}/odeslano")


def test_the_office_returns_the_application_and_the_applicant_mends_it_in_the_same_case(visitor: Visitor) -> None:
    fills_everything(visitor)
    number = sends(visitor)
    defects = [{"pointer": "/representative/function", "comment": "Napište prosím celý název funkce."}]
    visitor.town.answer(number, "check", "sekretarka", "secretariat", {"outcome": "return", "defects": defects})
    visitor.town.open_task(number, "complete_data")
    visitor.goes(f"/p/{number}")
    visitor.looks("Kde je vaše žádost")
    assert "Co teď máte udělat vy" in visitor.reads()
    assert "Napište prosím celý název funkce." in visitor.reads()
    visitor.follows("Doplnit žádost")
    visitor.looks("")
    assert "Napište prosím celý název funkce." in visitor.page.locator(".office-says").inner_text()
    visitor.types("/representative/function", "starosta města")
    visitor.presses("Odeslat odpověď")
    visitor.looks("Kde je vaše žádost")
    assert "odpověď máme" in visitor.reads()
    visitor.town.open_task(number, "check")


def test_an_application_can_be_withdrawn(visitor: Visitor) -> None:
    fills_everything(visitor)
    number = sends(visitor)
    visitor.town.open_task(number, "check")
    visitor.goes(f"/p/{number}")
    visitor.follows("Vzít přihlášku zpět")
    visitor.looks("Vzít přihlášku zpět")
    visitor.types("/withdrawal_date", tomorrow())
    visitor.types("/withdrawal_reason", "Zastupitelstvo si to rozmyslelo.")
    visitor.page.locator('[name="/withdrawal_confirmed"]').check()
    visitor.presses("Vzít přihlášku zpět")
    visitor.looks("Kde je vaše žádost")
    assert "Hotovo" in visitor.reads()


def tomorrow() -> str:
    day = day_in_prague(SystemClock().now()) + timedelta(days=1)
    return f"{day.day}. {day.month}. {day.year}"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        SERVICE,
        f"{SERVICE}/zadost",
        "/sledovat",
        "/prihlaseni",
        "/registry/members",
        "/o-portalu/pristupnost",
        "/o-portalu/osobni-udaje",
    ],
)
def test_pages_fit_into_320_pixels_in_the_dark(browser: Browser, town: Town, path: str) -> None:
    with Visitor.comes(browser, town, width=NARROW, dark=True) as visitor:
        visitor.goes(path)
        visitor.looks("")


def test_english_is_one_link_away_and_stays(visitor: Visitor) -> None:
    visitor.goes("/")
    visitor.follows("EN – English version")
    visitor.looks("What do you need to arrange?")
    visitor.goes(f"{SERVICE}/zadost")
    visitor.looks("Town (step 1 of 6)")
    visitor.follows("CS – česká verze")
    visitor.looks("Město")


def test_the_first_tab_skips_to_the_content_and_the_search_has_a_key(visitor: Visitor) -> None:
    visitor.goes("/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.locator(":focus").inner_text() == "Přeskočit na obsah"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.url.endswith("#obsah")
    visitor.page.keyboard.press("/")
    assert visitor.page.locator(":focus").get_attribute("id") == "hledat"


def test_how_soon_the_first_page_can_be_used_on_a_slow_phone_is_measured(
    browser: Browser, town: Town, record_property: Callable[[str, object], None]
) -> None:
    """Print the figures of the product itself: processor six times slower, 1.6 Mb/s; nothing is asserted of time."""
    context = browser.new_context(viewport={"width": PHONE, "height": 740})
    page = context.new_page()
    link = context.new_cdp_session(page)
    link.send("Network.enable")
    slow = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
    link.send("Network.emulateNetworkConditions", slow)
    link.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.goto(f"{town.url}{SERVICE}/zadost", wait_until="load")
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000")
    page_bytes = page.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
    parts = page.evaluate("performance.getEntriesByType('resource').map((one) => [one.name, one.encodedBodySize])")
    scripts = sum(size for name, size in parts if ".js" in name)
    everything = page_bytes + sum(size for _name, size in parts)
    print(f"summary: usable after {ready:.2f} s, {everything / 1000:.1f} kB, of it scripts {scripts / 1000:.1f} kB")
    record_property("usable_seconds", ready)
    assert 0 < scripts < 40_000
    assert page.get_by_role("button", name="Pokračovat").is_enabled()
    context.close()
