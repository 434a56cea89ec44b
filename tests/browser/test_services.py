"""Services as people order them by the price list: the price on a phone, delivery, invoice, payment, credit note."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.filling import fills
from tests.browser.offices import (
    finishes,
    letter_to,
    newest_case,
    numbers,
    office_of,
    own_page,
    shows,
    sits_down,
    symbol_of,
    takes_in,
)
from tests.browser.snapshots import snap
from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor
from tests.browser.whole_grant import TICKED, chosen
from tests.statements import statement_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SERVICE = "/sluzby/services/service_order"
CUSTOMER = {
    "/ico": "00258245",
    "/name": "Město Podhradí",
    "/seat": "Náměstí 1, 512 44 Podhradí",
    "/dic": "CZ00258245",
    "/kind": chosen("municipality"),
    "/email": "starosta@podhradi.example",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The association in March, whose clock stands until the walk moves it."""
    with office_of("services", tmp_path_factory.mktemp("services"), "2026-03-02T09:00") as town:
        yield town


def orders(browser: Browser, town: Town, width: int) -> str:
    """A town orders Cityvizor on a phone and sees the price before it sends; gives the number."""
    nth = len(numbers(town, "service_order")) + 1
    with Visitor.comes(browser, town, width=width) as official:
        official.goes(SERVICE)
        official.looks("Objednat službu")
        # A price to agree on and a mending are for few.
        assert "Oprava" not in official.reads()
        snap(official, "sluzby-nabidka", whole=True)
        official.follows("Začít vyplňovat")
        fills(official, CUSTOMER)
        official.looks("")
        snap(official, "sluzby-kdo", whole=True)
        official.presses("Pokračovat")
        fills(
            official,
            {
                "/product": chosen("cityvizor"),
                "/tax_revenue": "79640000",
                "/tax_year": "2024",
                "/subordinate_orgs/0/ico": "00064581",
                "/subordinate_orgs/0/name": "Základní škola",
                "/hours_custom": "5",
                "/start_date": "1. 4. 2026",
            },
        )
        # The lines follow what is typed, as the sum does.
        expect(official.page.locator("#f-lines")).to_contain_text("7 500,00".replace(" ", "\u00a0"))
        official.settles()
        official.looks("")
        if width == PHONE:
            snap(official, "sluzby-cena", whole=True)
        official.presses("Pokračovat")
        fills(official, {"/billing/email": "faktury@podhradi.example", "/agrees_terms": TICKED})
        official.looks("")
        official.presses("Pokračovat")
        official.looks("Zkontrolujte si odpovědi")
        # 12 600 a year, 1 000 for the school, 7 500 for five hours, and VAT.
        assert "21 100,00 Kč" in official.reads().replace("\u00a0", " ")
        assert "25 531,00 Kč" in official.reads().replace("\u00a0", " ")
        snap(official, "sluzby-kontrola", whole=True)
        official.presses("Odeslat objednávku")
        official.looks("")
    return newest_case(town, "service_order", nth)


def is_delivered(browser: Browser, town: Town, number: str) -> None:
    """The secretariat confirms and sets up, the customer takes it over on a phone."""
    with desk(browser, town, "sekretarka") as secretary:
        sits_down(secretary, town, number, "confirm", "Potvrdit objednávku")
        snap(secretary, "sluzby-potvrzeni")
        secretary.picks("/outcome", "accept")
        finishes(secretary)
        sits_down(secretary, town, number, "deliver", "Zřídit službu")
        secretary.types("/delivered_on", "2. 3. 2026")
        secretary.types("/delivery_note", "Adresa a přístupy přišly e-mailem.")
        snap(secretary, "sluzby-zrizeni")
        finishes(secretary)
    town.open_task(number, "take_over")
    with Visitor.comes(browser, town, width=PHONE) as official:
        own_page(official, town, number)
        official.looks("")
        snap(official, "sluzby-prevzeti", whole=True)
        official.page.locator(".turn-body .actions a").first.click()
        official.settles()
        official.looks("")
        official.picks("/accepted", "yes")
        official.presses("Odeslat odpověď")


def test_a_service_is_ordered_delivered_and_paid(browser: Browser, office: Town) -> None:
    number = orders(browser, office, PHONE)
    is_delivered(browser, office, number)
    symbol = symbol_of(office, number)
    letter_to(office, f"Faktura {symbol}")
    with desk(browser, office, "hospodar") as treasurer:
        takes_in(treasurer, statement_of([(symbol, 2_553_100)], opening=1_000_000, number=1), "Výpis")
        treasurer.looks("Výpis")
        shows(treasurer, "/prace/registry/service_orders", "běží")
        treasurer.looks("Objednané služby")
    with Visitor.comes(browser, office, width=PHONE) as official:
        own_page(official, office, number)
        official.looks("")
        assert "Služba běží" in official.reads()
        snap(official, "sluzby-bezi", whole=True)
    with desk(browser, office, "sekretarka", width=NARROW) as secretary:
        for path in ("/prace/registry/service_orders", "/prace/registry/service_prices"):
            secretary.goes(path)
            secretary.looks("")
        secretary.goes("/prace/statistika/services/orders")
        secretary.looks("Služby v číslech")
    with desk(browser, office, "sekretarka") as secretary:
        secretary.goes("/prace/registry/service_prices")
        snap(secretary, "sluzby-cenik")
        secretary.goes("/prace/statistika/services/orders")
        secretary.looks("Služby v číslech")
        snap(secretary, "sluzby-statistika", whole=True)


def test_an_invoice_is_cancelled_by_a_credit_note(browser: Browser, office: Town) -> None:
    number = orders(browser, office, NARROW)
    is_delivered(browser, office, number)
    symbol = symbol_of(office, number)
    letter_to(office, f"Faktura {symbol}")
    with desk(browser, office, "hospodar") as treasurer:
        treasurer.goes(f"/prace/pripady/{number}")
        treasurer.looks(number)
        treasurer.page.locator(".case-acts summary").click()
        treasurer.follows("Zrušit fakturu dobropisem")
        treasurer.looks(number)
        treasurer.types("/credit_reason", "Obec od objednávky odstoupila.")
        snap(treasurer, "sluzby-dobropis")
        treasurer.page.locator("main button[type=submit]").last.click()
        treasurer.settles()
    assert "Důvod: Obec od objednávky odstoupila." in letter_to(office, "fakturu na")
    with Visitor.comes(browser, office, width=PHONE) as official:
        own_page(official, office, number)
        official.looks("")
        assert "Dobropis" in official.reads()


def test_a_paid_invoice_is_credited_by_two_who_see_what_they_confirm(browser: Browser, office: Town) -> None:
    number = orders(browser, office, NARROW)
    is_delivered(browser, office, number)
    symbol = symbol_of(office, number)
    letter_to(office, f"Faktura {symbol}")
    with desk(browser, office, "hospodar") as treasurer:
        takes_in(treasurer, statement_of([(symbol, 2_553_100)], opening=3_553_100, number=2), "Výpis")
        shows(treasurer, "/prace/registry/service_invoices", symbol)
        treasurer.goes("/prace/novy/services/service_credit")
        treasurer.types("/invoice_symbol", symbol)
        treasurer.picks("/credit_kind", "part")
        treasurer.types("/credit_amount", "7000")
        treasurer.types("/credit_reason", "Tři měsíce služba neběžela.")
        treasurer.presses("Zahájit")
        credit = newest_case(office, "service_credit")
        sits_down(treasurer, office, credit, "check_credit", "Zkontrolovat dobropis")
        assert "Tři měsíce služba neběžela." in treasurer.reads()
        assert "Proč znovu" not in treasurer.reads()
        treasurer.page.locator("[name='/credit_checked'][type=checkbox]").check()
        finishes(treasurer)
    with desk(browser, office, "sekretarka", width=PHONE) as secretary:
        sits_down(secretary, office, credit, "approve_credit", "Schválit dobropis")
        assert "Tři měsíce služba neběžela." in secretary.reads()
        assert "5 785,12" in secretary.reads().replace("\u00a0", " ")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_anybody_sees_the_prices(browser: Browser, office: Town, width: int) -> None:
    with Visitor.comes(browser, office, width=width) as anybody:
        anybody.goes("/registry/service_prices")
        anybody.looks("Ceník")
        expect(anybody.page.locator("main")).to_contain_text("12 600,00")
        table = anybody.context.request.get(f"{office.url}/registry/service_prices.csv").text()
        assert "12600.00" in table
