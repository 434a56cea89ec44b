"""The whole grant form in its every state: on a phone, by keyboard only, without JavaScript, narrow and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk_server import Desk, served
from tests.browser.grant_form import GRANT
from tests.browser.traffic import settled
from tests.browser.visitor import AXE, RUN_AXE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EXPECTED = {
    "applicant": {
        "who": "firm",
        "ico": "05129061",
        "name": "Lyžaři, z. s.",
        "representatives": [{"name": "Marie Kopecká"}],
    },
    "email": "kopecka@bystrina.example",
    "account": "19-2000145399/0800",
    "purpose": "Zimní soustředění mládeže",
    "period_to": "2027-02-05",
    "target_group": ["děti", "mládež"],
    "costs": [
        {"item": "Autobus", "qty": 2, "price": "14500.00", "total": "29000.00"},
        {"item": "Ubytování", "qty": 100, "price": "380.50", "total": "38050.00"},
    ],
    "amount_requested": "48000.00",
    "elsewhere": True,
    "debts": True,
    "truth": True,
    "other_support": [{"provider": "Liberecký kraj", "amount": "10000.00"}],
}


@contextmanager
def opened(
    browser: Browser, desk: Desk, *, width: int = 1280, scripted: bool = True, dark: bool = False
) -> Iterator[Page]:
    """A window on the form; every text of the browser's console that is an error of ours fails the test."""
    scheme = "dark" if dark else "light"
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripted, color_scheme=scheme, locale="cs-CZ"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if "Content Security" in told.text else None)
    page.goto(desk.url)
    yield page
    context.close()
    assert not complaints


def is_fine(page: Page, width: int) -> None:
    """Check that axe finds nothing and that nothing is wider than the window."""
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN_AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL_TARGETS) == []


#: WCAG 2.5.8: what is pressed is at least 24 px high and wide (links in sentences are excepted).
SMALL_TARGETS = """() => [...document.querySelectorAll('button, input, select, textarea')]
  .filter((one) => one.tabIndex >= 0 && one.type !== "hidden")
  .filter((one) => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
  .map((one) => one.outerHTML.slice(0, 120))"""


def fill(page: Page) -> None:
    """Answer what is asked in the first place."""
    page.get_by_label("E-mail").fill("kopecka@bystrina.example")
    page.get_by_label("Číslo účtu").fill("000019-2000145399 / 0800")
    page.get_by_label("Účel").fill("Zimní soustředění mládeže")
    page.get_by_label("Do", exact=True).fill("5. 2. 2027")
    page.get_by_label("děti").check()
    page.get_by_label("mládež").check()
    page.get_by_label("Položka, Položka 1").fill("Autobus")
    page.get_by_label("Počet, Položka 1").fill("2")
    page.get_by_label("Cena za kus, Položka 1").fill("14 500")
    page.get_by_label("O kolik žádáte").fill("48.000,-")
    page.get_by_label("Nemáme dluhy").check()
    page.get_by_label("Údaje jsou pravdivé").check()


def choose(page: Page, label: str) -> None:
    """Choose an answer that opens others; with a script they come at once."""
    yes_or_no = page.get_by_role("group", name="Žádáte ještě někde jinde?")
    with settled(page):
        (yes_or_no if label == "Ano" else page).get_by_label(label, exact=True).check()


def fill_opened(page: Page) -> None:
    """Answer what the first answers opened."""
    page.get_by_label("IČO").fill("051 29 061")
    page.get_by_label("Název", exact=True).fill("Lyžaři, z. s.")
    page.get_by_label("Jméno a příjmení").fill("Marie Kopecká")
    page.get_by_label("Poskytovatel").fill("Liberecký kraj")
    page.get_by_label("Částka").fill("10 000,00")


def add_a_cost(page: Page) -> None:
    """Add a second line to the costs."""
    page.get_by_role("button", name="Přidat další: Položka").click()
    page.get_by_label("Položka, Položka 2").fill("Ubytování")
    page.get_by_label("Počet, Položka 2").fill("100")
    page.get_by_label("Cena za kus, Položka 2").fill("380,50")


def send(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Pokračovat").click()


def test_the_grant_form_is_filled_on_a_phone(browser: Browser) -> None:
    with served(GRANT) as desk, opened(browser, desk, width=360) as page:
        is_fine(page, 360)
        send(page)
        assert page.title().startswith("Chyba:")
        assert page.evaluate("document.activeElement.id") == "chyby"
        is_fine(page, 360)
        page.locator(".summary a").first.click()
        assert page.evaluate("document.activeElement.name") == "/applicant/who"
        choose(page, "Spolek nebo firma")
        choose(page, "Ano")
        assert page.evaluate("document.activeElement.name") == "/elsewhere"
        is_fine(page, 360)
        fill(page)
        add_a_cost(page)
        is_fine(page, 360)
        fill_opened(page)
        send(page)
        assert page.title() == "Zkontrolujte si odpovědi"
        is_fine(page, 360)
        assert desk.sent == EXPECTED


def test_sums_follow_while_somebody_is_typing(browser: Browser) -> None:
    with served(GRANT) as desk, opened(browser, desk, width=360) as page:
        page.get_by_label("Počet, Položka 1").fill("3")
        price = page.get_by_label("Cena za kus, Položka 1")
        price.click()
        page.keyboard.type("1 234,5")
        page.get_by_text(re.compile("3\\s703,50")).first.wait_for()
        assert price.input_value() == "1 234,5"
        assert page.evaluate("document.activeElement.name") == "/costs/0/price"
        page.keyboard.type("0")
        assert price.input_value() == "1 234,50"


#: 1280 px at 400 % are 320 px wide and 256 px high.
def test_the_form_fits_a_window_enlarged_four_times(browser: Browser) -> None:
    with served(GRANT) as desk:
        context = browser.new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4, locale="cs-CZ")
        page = context.new_page()
        page.goto(desk.url)
        choose(page, "Spolek nebo firma")
        send(page)
        is_fine(page, 320)
        page.keyboard.press("Tab")
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shown != "none"
        context.close()


def test_how_soon_the_form_can_be_used_on_a_slow_phone_is_measured(
    browser: Browser, record_property: Callable[[str, object], None]
) -> None:
    """Print the figures: processor six times slower, 1.6 Mb/s; nothing is asserted of time."""
    with served(GRANT) as desk:
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        link = context.new_cdp_session(page)
        link.send("Network.enable")
        slow = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
        link.send("Network.emulateNetworkConditions", slow)
        link.send("Emulation.setCPUThrottlingRate", {"rate": 6})
        # The first page of all compiles the templates; that is the server's morning, not the phone's.
        context.request.get(desk.url)
        page.goto(desk.url, wait_until="load")
        ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000")
        sizes = page.evaluate("performance.getEntriesByType('resource').map((one) => [one.name, one.encodedBodySize])")
        scripts = sum(size for name, size in sizes if name.endswith(".js"))
        everything = sum(size for _name, size in sizes)
        print(f"summary: usable after {ready:.2f} s, {everything / 1000:.1f} kB, of it scripts {scripts / 1000:.1f} kB")
        record_property("usable_seconds", ready)
        record_property("script_bytes", scripts)
        assert 0 < scripts < 40_000
        assert page.get_by_role("button", name="Pokračovat").is_enabled()
        context.close()


def test_the_grant_form_is_filled_without_javascript(browser: Browser) -> None:
    with served(GRANT) as desk, opened(browser, desk, scripted=False) as page:
        fill(page)
        add_a_cost(page)
        choose(page, "Spolek nebo firma")
        choose(page, "Ano")
        send(page)
        assert page.title() == "Žádost o dotaci"
        assert page.locator(".summary").count() == 0
        fill_opened(page)
        send(page)
        assert desk.sent == EXPECTED


def test_the_grant_form_is_filled_by_keyboard_only(browser: Browser) -> None:
    with served(GRANT) as desk, opened(browser, desk) as page:
        reached = list(typed_through(page))
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.title() == "Zkontrolujte si odpovědi", (page.locator(".summary li").all_inner_texts(), reached)
        assert desk.sent is not None
        assert desk.sent["applicant"]["first_name"] == "Marie"
        assert desk.sent["costs"][0]["total"] == "100.00"


def typed_through(page: Page) -> Iterator[str]:
    """Go through the form by Tab, answer what has the focus, and stop at the button that goes on."""
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        yield name
        if name == "Pokračovat":
            return
        if name in TYPED:
            page.keyboard.type(TYPED[name])
        elif name in PRESSED:
            with settled(page):
                page.keyboard.press(PRESSED[name])


#: Questions answered by one key: the first radio, the second one, a tick.
PRESSED = {"/applicant/who": "Space", "/elsewhere": "ArrowDown", "/debts": "Space", "/truth": "Space"}
TYPED = {
    "/applicant/first_name": "Marie",
    "/applicant/last_name": "Kopecká",
    "/applicant/birth_date": "1. 2. 1980",
    "/applicant/residence/city": "Rokytnice",
    "/applicant/residence/postal_code": "512 44",
    "/email": "a@b.cz",
    "/account": "222885/5500",
    "/purpose": "Soustředění",
    "/period_to": "5.2.2027",
    "/costs/0/item": "Autobus",
    "/costs/0/qty": "1",
    "/costs/0/price": "100",
    "/amount_requested": "100",
    "/other_support/0/provider": "Kraj",
    "/other_support/0/amount": "1",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_state_fits_320_px_and_is_clean_in_light_and_dark(browser: Browser, dark: bool) -> None:
    with served(GRANT) as desk, opened(browser, desk, width=320, dark=dark) as page:
        choose(page, "Spolek nebo firma")
        choose(page, "Ano")
        page.get_by_label("Cena za kus, Položka 1").fill("14,5 tis.")
        page.get_by_label("IČO").fill("05129062")
        is_fine(page, 320)
        send(page)
        assert page.locator("[aria-invalid=true]").count() >= 5
        is_fine(page, 320)
