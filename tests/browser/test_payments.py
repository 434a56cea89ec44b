"""The payment portal as people live through it: a partner, services, a cart, statements, money back, a settlement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from engine.commands import SaveRecord
from engine.model import SYSTEM, Actor
from integrations.bank_fakes import FakeComGate, listening
from integrations.gateway.comgate import ComGate
from integrations.guard import guarded_client
from tests.browser.application import PDF
from tests.browser.filling import fills
from tests.browser.offices import (
    awaited,
    begins,
    carries_orders_out,
    comes,
    finishes,
    letter_to,
    newest_case,
    office_of,
    own_page,
    shows,
    sits_down,
    symbol_of,
    takes_in,
    told,
)
from tests.browser.snapshots import snap
from tests.browser.test_office import desk, opens
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor
from tests.browser.whole_grant import TICKED, chosen
from tests.statements import statement_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AGENDA = "payments"
OPERATOR = Actor(kind="person", username="spravkyne", name="Ivana Malá", groups=frozenset({"operators"}))
SCHOOL = "00258245"
PRESCRIPTIONS = "Číslo předpisu;Kód služby;Poplatník;Částka;Splatnost;Stav\n" + "".join(
    f"ODP-{n};pribram-odpad;{who};720,50;30. 6. 2026;nezaplaceno\n"
    for n, who in ((17, "Jan Plátce"), (18, "Eva Nová"), (19, "Petr Dlouhý"))
)


@pytest.fixture(scope="module")
def comgate() -> Iterator[FakeComGate]:
    fake = FakeComGate()
    with listening(fake):
        yield fake


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, comgate: FakeComGate) -> Iterator[Town]:
    """The region's portal at the end of April, whose clock stands until the walk moves it."""
    with guarded_client(["127.0.0.1"], allow_private=True) as client:
        gateway = ComGate(merchant=comgate.merchant, secret=comgate.secret, client=client, url=comgate.url)
        with office_of(AGENDA, tmp_path_factory.mktemp("payments"), "2026-04-28T09:00", gateway) as town:
            yield town


def test_services_are_offered_paid_for_and_settled(browser: Browser, portal: Town, comgate: FakeComGate) -> None:
    town = portal
    becomes_a_partner(browser, town)
    offers_services(browser, town)
    late = begins(town, "payment_order", "cart", told(AGENDA, "kosik", email="pozde@platce.example"))
    late_symbol = symbol_of(town, late)
    comes(town, "2026-06-01T09:00")
    cart = fills_a_cart(browser, town)
    partial = begins(town, "payment_order", "cart", told(AGENDA, "kosik", email="castecne@platce.example"))
    money_comes(browser, town, cart, {late: late_symbol, partial: symbol_of(town, partial)}, partial)
    too_much_goes_back(browser, town, cart, partial)
    pays_by_card(browser, town, comgate)
    is_settled(browser, town)


def becomes_a_partner(browser: Browser, town: Town) -> None:
    """A town applies on a phone, sends the contract signed; two people of the portal say yes."""
    with Visitor.comes(browser, town, width=PHONE) as mayor:
        mayor.goes("/sluzby/payments/partner_onboarding")
        mayor.looks("Nabídnout služby k placení")
        mayor.follows("Začít vyplňovat")
        mayor.looks("")
        fills(
            mayor,
            {
                "/ico": "00243132",
                "/name": "Město Příbram",
                "/kind": chosen("town"),
                "/town": "Příbram",
                "/account": "1265098001/5500",
                "/person": "Eva Malá",
                "/email": "platby@pribram.example",
                "/agrees": TICKED,
            },
        )
        mayor.presses("Pokračovat")
        mayor.looks("Zkontrolujte si odpovědi")
        mayor.presses("Odeslat nabídku")
        mayor.looks("")
        number = newest_case(town, "partner_onboarding")
        with desk(browser, town, "spravkyne") as operator:
            town.open_task(number, "assess_partner")
            opens(operator, number, "Posoudit žádost")
            snap(operator, "platby-partner")
            operator.picks("/outcome", "accept")
            finishes(operator)
        town.open_task(number, "sign_contract")
        mayor.goes(f"/p/{number}")
        mayor.looks("")
        mayor.follows("Odpovědět")
        mayor.attaches("/signed_contract", "smlouva.pdf", PDF)
        mayor.types("/signed_by", "Jan Starosta")
        mayor.looks("")
        mayor.presses("Odeslat odpověď")
    with desk(browser, town, "schvaluje") as approver:
        sits_down(approver, town, number, "approve_contract", "Schválit podepsanou smlouvu")
        approver.picks("/contract_ok", "yes")
        finishes(approver)
    letter_to(town, "je partnerem")


def offers_services(browser: Browser, town: Town) -> None:
    """Variants of a service, a free price, a prescribed one of which the prescriptions come from a table."""
    school = {"ico": SCHOOL, "name": "ZŠ Rokytnice", "kind": "school", "town": "Rokytnice", "state": "active"}
    more = {"account": "1265098001/5500", "email": "skola@rokytnice.example"}
    save = SaveRecord(tenant=town.tenant, actor=SYSTEM, register="partners", data=school | more)
    town.parts.engine.execute(save)
    trip: dict[str, Any] = {
        "partner": SCHOOL,
        "code": "skola-vylet",
        "product_name": "Školní výlet",
        "category": "school",
    }
    trip |= {"price_kind": "free", "price_min": "100.00", "price_max": "900.00", "visible": "yes"}
    adult = told(AGENDA, "pes", code="pribram-pes-2", variant="dospělý", price="600.00")
    for product in (trip, told(AGENDA, "odpad"), adult):
        begins(town, "product_setup", "product", product, OPERATOR)
    with desk(browser, town, "spravkyne") as operator:
        operator.goes("/prace/novy")
        operator.follows("Nabídnout službu k placení")
        fills(
            operator,
            {
                "/partner": "00243132",
                "/code": "pribram-pes",
                "/product_name": "Poplatek ze psa",
                "/variant": "senior",
                "/category": chosen("dog"),
                "/price_kind": chosen("fixed"),
                "/price": "200",
                "/visible": chosen("yes"),
            },
        )
        operator.looks("Nabídnout službu k placení")
        snap(operator, "platby-sluzba", whole=True)
        operator.presses("Zahájit případ")
        shows(operator, "/prace/registry/products", "senior")
        operator.looks("Služby k placení")
        operator.goes("/prace/registry/prescriptions/import")
        operator.looks("")
        table = {"name": "predpisy.csv", "mimeType": "text/csv", "buffer": PRESCRIPTIONS.encode("cp1250")}
        operator.page.locator("#file").set_input_files(table)
        operator.presses("Podívat se na ni")
        operator.looks("")
        operator.presses("Vyzkoušet všechny řádky")
        operator.looks("")
        snap(operator, "platby-predpisy")
        operator.presses("Uložit všechno")
        shows(operator, "/prace/registry/prescriptions", "ODP-19")
        operator.looks("Předpisy")


def fills_a_cart(browser: Browser, town: Town) -> str:
    """Services of two partners in one cart, on a phone; there is a symbol and a QR code to pay by."""
    with Visitor.comes(browser, town, width=PHONE) as payer:
        payer.goes("/sluzby/payments/payment_order")
        payer.looks("Zaplatit obci nebo škole")
        payer.follows("Začít vyplňovat")
        payer.looks("")
        puts_in(payer, 0, "dog", "senior", {"dog_tag": "17"})
        payer.presses("Přidat další službu")
        puts_in(payer, 1, "waste", "Odpad", {"prescription_number": "ODP-17", "property_no": "12"})
        payer.presses("Přidat další službu")
        puts_in(payer, 2, "school", "výlet", {"amount": "450", "pupil": "Eva Plátcová", "school_class": "4. B"})
        payer.looks("")
        snap(payer, "platby-kosik", whole=True)
        payer.presses("Pokračovat")
        payer.types("/payer", "Jan Plátce")
        payer.types("/email", "jan@platce.example")
        payer.picks("/method", "transfer")
        payer.looks("")
        payer.presses("Pokračovat")
        payer.looks("Zkontrolujte si odpovědi")
        payer.presses("Pokračovat k platbě")
        number = newest_case(town, "payment_order")
        symbol = symbol_of(town, number)
        shows(payer, f"/p/{number}", symbol)
        payer.looks("")
        assert "1 370,50" in payer.reads().replace("\u00a0", " ")
        code = payer.page.get_by_alt_text("QR kód platby")
        assert payer.context.request.get(town.url + str(code.get_attribute("src"))).ok
        snap(payer, "platby-qr", whole=True)
    return number


def puts_in(payer: Visitor, at: int, category: str, offer: str, more: Mapping[str, str]) -> None:
    """Choose a service by words of its offer and say for what."""
    payer.picks(f"/items/{at}/category", category)
    payer.types(f"/items/{at}/product", offer)
    payer.settles()
    suggested = payer.page.locator("[role=option]", has_text=offer)
    suggested.first.click()
    payer.settles()
    for name, text in more.items():
        payer.types(f"/items/{at}/{name}", text)


def money_comes(browser: Browser, town: Town, cart: str, symbols: Mapping[str, str], partial: str) -> None:
    """One statement pays a cart exactly and another one late; what nobody knows waits with a suggestion."""
    own = symbol_of(town, cart)
    late = next(symbol for number, symbol in symbols.items() if number != partial)
    with desk(browser, town, "pokladni") as treasurer:
        meant = symbols[partial]
        mistyped = meant[:-2] + meant[:-3:-1]
        content = statement_of([(own, 137_050), (late, 40_000), (mistyped, 30_000)])
        takes_in(treasurer, content, "spárovaly se 2 platby")
        treasurer.looks("Výpis")
        snap(treasurer, "platby-vypis")
        unmatched = newest_case(town, "unmatched_portal_payment")
        sits_down(treasurer, town, unmatched, "resolve_payment", "Určit, co s platbou")
        assert f"{meant}: 400,00 Kč" in treasurer.reads().replace("\u00a0", " "), "where it may belong is told"
        treasurer.picks("/what", "assign")
        treasurer.types("/assign_symbol", meant)
        assert "OBEC PLATCE" in treasurer.page.locator(".task-form").inner_text(), "what came stays on the page"
        snap(treasurer, "platby-nesedi")
        finishes(treasurer)
        shows(treasurer, f"/prace/pripady/{partial}/penize", "300,00")
        treasurer.looks(partial)
    with Visitor.comes(browser, town, width=PHONE) as payer:
        own_page(payer, town, cart)
        payer.looks("")
        assert payer.downloads("Potvrzení").startswith(b"%PDF")


def too_much_goes_back(browser: Browser, town: Town, cart: str, partial: str) -> None:
    """The rest comes, and a cart is paid twice: what is too much goes to the account it came from, by two people."""
    with desk(browser, town, "pokladni") as treasurer:
        rest, twice = symbol_of(town, partial), paid_symbol(treasurer, cart)
        content = statement_of([(rest, 10_000), (twice, 137_050)], opening=307_050, number=2)
        takes_in(treasurer, content, "spárovala se 1 platba")
        unmatched = newest_case(town, "unmatched_portal_payment", 2)
        sits_down(treasurer, town, unmatched, "resolve_payment", "Určit, co s platbou")
        assert "předpis už je zaplacený" in treasurer.reads()
        treasurer.picks("/what", "return")
        finishes(treasurer)
    with desk(browser, town, "schvaluje") as approver:
        sits_down(approver, town, unmatched, "approve_return", "Schválit vrácení")
        snap(approver, "platby-vraceni")
        approver.picks("/approval", "yes")
        finishes(approver)
    with desk(browser, town, "pokladni") as treasurer:
        carries_orders_out(treasurer, town, unmatched, statement=3)


def paid_symbol(treasurer: Visitor, number: str) -> str:
    """The symbol by which a case was paid, as its page of money shows it."""
    treasurer.goes(f"/prace/pripady/{number}/penize")
    found = re.search(r"\b26\d{8}\b", treasurer.reads())
    assert found, treasurer.reads()
    return found[0]


def pays_by_card(browser: Browser, town: Town, comgate: FakeComGate) -> None:
    """The link leads to the gateway; what anybody notifies is not believed, what the gateway answers is."""
    number = begins(town, "payment_order", "cart", told(AGENDA, "kosik", method="card", email="karta@platce.example"))
    letter_to(town, "kartou na")
    (payment,) = comgate.payments
    with Visitor.comes(browser, town, width=PHONE) as payer:
        own_page(payer, town, number)
        payer.looks("")
        notice = f"{town.url}/brana/oznameni"
        assert payer.context.request.post(notice, form={"transId": payment, "status": "PAID"}).ok
        payer.page.wait_for_timeout(500)
        own_page(payer, town, number)
        assert "Potvrzení" not in payer.reads()
        comgate.payments[payment]["status"] = "PAID"
        assert payer.context.request.post(notice, form={"transId": payment}).ok
        own = f"{town.url}/p/{number}"
        # Not by the page: the code of what is being paid just now would be missing from it.
        awaited(lambda: "Potvrzení" in payer.context.request.get(own).text(), lambda: town.trouble(number))
        own_page(payer, town, number)
        payer.looks("")
        assert payer.downloads("Potvrzení").startswith(b"%PDF")


def is_settled(browser: Browser, town: Town) -> None:
    """What was paid goes to the partner, with a list to check; everything is in numbers and in a table."""
    with desk(browser, town, "pokladni") as treasurer:
        treasurer.goes("/prace/novy")
        treasurer.follows("Vyúčtovat partnerovi")
        treasurer.types("/partner", "00243132")
        treasurer.types("/until", "30. 6. 2026")
        treasurer.presses("Zahájit případ")
        number = newest_case(town, "settlement")
        sits_down(treasurer, town, number, "check_settlement", "Zkontrolovat vyúčtování")
        snap(treasurer, "platby-vyuctovani")
        treasurer.page.locator('[name="/checked"][type=checkbox]').check()
        finishes(treasurer)
    with desk(browser, town, "schvaluje") as approver:
        sits_down(approver, town, number, "approve_settlement", "Schválit vyúčtování")
        approver.picks("/approval", "yes")
        finishes(approver)
    with desk(browser, town, "pokladni") as treasurer:
        carries_orders_out(treasurer, town, number, statement=4)
        shows(treasurer, f"/prace/pripady/{number}/dokumenty", ".xlsx")
        treasurer.looks(number)
        letter_to(town, "platby@pribram.example")
        treasurer.goes("/prace/statistika/payments/payments")
        treasurer.looks("Platby v číslech")
        snap(treasurer, "platby-cisla", whole=True)
        treasurer.goes("/prace/registry/paid_items")
        treasurer.looks("")
        expect(treasurer.page.locator("main")).to_contain_text("Odpad")
