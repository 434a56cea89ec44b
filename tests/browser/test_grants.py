"""A grant as the office lives through it: call, check, points, ranking, resolution, contract, money out and back."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests.browser.application import PDF
from tests.browser.filling import Answers, fills
from tests.browser.offices import (
    applicant_answers,
    awaited,
    begins,
    carries_orders_out,
    comes,
    finishes,
    is_open,
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
from tests.statements import statement

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AGENDA = "grants"
CALL: Answers = {
    "/call_title": "Kultura 2026",
    "/fund": "Fond kultury",
    "/programme": chosen("culture"),
    "/call_purpose": "Kulturní akce a celoroční činnost.",
    "/call_reasons": "Živé město.",
    "/eligible": "Spolky, podnikatelé i lidé.",
    "/allocation": "300 000",
    "/most": "120 000",
    "/share_percent": "70",
    "/de_minimis_call": chosen("false"),
    "/application_form": chosen("application"),
    "/criteria/0/criterion": "Soulad s oblastí",
    "/criteria/0/weight": "1",
    "/criteria/0/most_points": "5",
    "/criteria/1/criterion": "Přínos pro obyvatele",
    "/criteria/1/weight": "2",
    "/criteria/1/most_points": "10",
    "/min_points": "15",
    "/opens_on": "2. 3. 2026",
    "/closes_on": "31. 5. 2026",
    "/decided_until": "30. 9. 2026",
    "/use_from": "1. 1. 2026",
    "/use_to": "31. 12. 2026",
    "/accounting_until": "31. 1. 2027",
}
STATIONS = [
    *("Výběr výzvy", "Žádost", "Formální kontrola", "Hodnocení", "Rozhodnutí", "Smlouva", "Zveřejnění", "Výplata"),
    "Vyúčtování",
]
COSTS = [{"item": "Scéna a honoráře", "quantity": 1, "price": "100000.00", "total": "100000.00"}]
INCOMES = [{"source": "Vstupné", "amount": "40000.00"}]


@pytest.fixture(scope="module")
def podhradi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town in January, whose clock stands until the walk moves it."""
    with office_of(AGENDA, tmp_path_factory.mktemp("grants"), "2026-01-20T09:00") as town:
        yield town


def test_a_grant_from_the_call_to_the_money_that_came_back(browser: Browser, podhradi: Town) -> None:
    town = podhradi
    call = sets_a_call_up(browser, town)
    comes(town, "2026-03-10T09:00")
    number = arrives(browser, town)
    is_returned_and_completed(browser, town, number)
    gets_points(browser, town, number)
    comes(town, "2026-06-01T09:00")
    is_ranked_and_decided(browser, town, call, number)
    is_signed_and_published(browser, town, number)
    is_paid_out(browser, town, number)
    comes(town, "2026-06-02T09:00")
    is_accounted_for(browser, town, number)
    comes_back(browser, town, number)
    is_public(browser, town, number)


def sets_a_call_up(browser: Browser, town: Town) -> str:
    """The grants officer writes the call with its criteria; the resolution of the programme is written down."""
    with desk(browser, town, "dotace") as officer:
        officer.goes("/prace/novy")
        officer.looks("Nový případ")
        officer.follows("Výzva")
        officer.looks("Výzva")
        fills(officer, CALL)
        snap(officer, "dotace-vyzva", whole=True)
        officer.presses("Zahájit případ")
        number = newest_case(town, "grant_call")
        officer.looks(number)
    with desk(browser, town, "organizacni") as clerk:
        sits_down(clerk, town, number, "approve_call", "Zapsat schválení programu")
        clerk.picks("/call_approved", "yes")
        clerk.types("/programme_resolution", "ZM 1/2026")
        clerk.types("/programme_approved_on", "15. 1. 2026")
        finishes(clerk)
    return number


def arrives(browser: Browser, town: Town) -> str:
    """Somebody reads about the service, chooses the call on a phone; the application comes."""
    with Visitor.comes(browser, town, width=PHONE) as applicant:
        applicant.goes("/sluzby/grants/grant_application")
        applicant.looks("Žádost o dotaci")
        stations = applicant.page.locator("ol.way h3")
        assert [text.replace("\u00a0", " ").removesuffix("vy") for text in stations.all_inner_texts()] == STATIONS
        shows(applicant, "/registry/calls", "Kultura 2026")
        applicant.looks("")
    intent = {"call_number": "VYZ-2026-001", "name": "Divadelní spolek Krakonoš, z. s.", "email": "s@krakonos.example"}
    number = begins(town, "grant_application", "intent", intent)
    sent = told(AGENDA, "krakonos", amount_requested="60000.00", costs=COSTS, incomes=INCOMES)
    applicant_answers(town, number, "fill_in", "application", sent)
    return number


def is_returned_and_completed(browser: Browser, town: Town, number: str) -> None:
    """What is missing is written at its field; the applicant mends it on a phone."""
    with desk(browser, town, "dotace") as officer:
        town.open_task(number, "formal_check")
        opens(officer, number, "Zkontrolovat formální náležitosti")
        officer.picks("/formal_outcome", "return")
        row = officer.page.locator(".review li", has_text="Letní divadlo").first
        row.locator("summary").click()
        row.locator("textarea").fill("Napište, kdy se hraje.")
        officer.looks("")
        snap(officer, "dotace-kontrola")
        finishes(officer)
    with Visitor.comes(browser, town, width=PHONE) as applicant:
        town.open_task(number, "complete_application")
        own_page(applicant, town, number)
        applicant.looks("")
        assert "Napište, kdy se hraje." in applicant.reads()
        applicant.follows("Doplnit žádost")
        applicant.looks("")
        applicant.types("/project_title", "Letní divadlo v srpnu")
        applicant.presses("Odeslat odpověď")
    with desk(browser, town, "dotace") as officer:
        sits_down(officer, town, number, "formal_check", "Zkontrolovat formální náležitosti")
        officer.picks("/formal_outcome", "ok")
        finishes(officer)


def gets_points(browser: Browser, town: Town, number: str) -> None:
    """Two of the commission give points; one is a relative of the applicant and gives none."""
    town.open_task(number, "declare_interest")
    with desk(browser, town, "komise2") as relative:
        opens(relative, number, "Prohlásit střet zájmů")
        relative.picks("/conflict", "yes")
        relative.types("/conflict_note", "Syn ve spolku hraje.")
        snap(relative, "dotace-stret")
        finishes(relative)
        relative.goes("/prace/ukoly?view=mine")
        assert number not in relative.reads()
    with desk(browser, town, "komise1") as evaluator:
        opens(evaluator, number, "Prohlásit střet zájmů")
        evaluator.picks("/conflict", "no")
        finishes(evaluator)
        town.open_task(number, "score")
        opens(evaluator, number, "Přidělit body")
        for button in ("add:/scores", "remove:/scores/0"):
            assert not evaluator.page.locator(f'[name="_do"][value="{button}"]').count(), "criteria are the call's"
        evaluator.types("/scores/0/points", "5")
        evaluator.types("/scores/1/points", "9")
        snap(evaluator, "dotace-body")
        finishes(evaluator)
    town.answer_of(number, "declare_interest", "komise3", "commission", {"conflict": "no"})
    scores = [
        {"criterion": "Soulad s oblastí", "weight": 1, "most_points": 5, "points": 4},
        {"criterion": "Přínos pro obyvatele", "weight": 2, "most_points": 10, "points": 8},
    ]
    town.open_task(number, "score")
    town.answer_of(number, "score", "komise3", "commission", {"scores": scores})


def is_ranked_and_decided(browser: Browser, town: Town, call: str, number: str) -> None:
    """The commission sees the mean, the assembly grants; the council's list is a workbook."""
    with desk(browser, town, "dotace") as officer:
        sits_down(officer, town, call, "confirm_ready", "Ověřit, že je vyhodnoceno vše")
        officer.picks("/readiness", "go")
        finishes(officer)
    with desk(browser, town, "komise1") as chair:
        sits_down(chair, town, call, "recommend", "Navrhnout částky")
        assert "21,5" in chair.reads(), "the mean of 23 and 20"
        snap(chair, "dotace-poradi")
        finishes(chair)
    with desk(browser, town, "organizacni") as clerk:
        sits_down(clerk, town, call, "record_assembly", "Zapsat usnesení zastupitelstva")
        clerk.picks("/assembly_quorum", "yes")
        clerk.types("/assembly_number", "ZM 4/2026")
        clerk.types("/assembly_date", "1. 6. 2026")
        clerk.picks("/assembly_items/0/result", "approved")
        clerk.types("/assembly_items/0/approved", "60000")
        clerk.looks("")
        snap(clerk, "dotace-usneseni")
        finishes(clerk)
        clerk.goes(f"/prace/pripady/{call}/dokumenty")
        clerk.looks(call)
        workbook = clerk.downloads("Pořadí žádostí")
        cells = [cell for row in load_workbook(io.BytesIO(workbook)).active.values for cell in row]
        assert number in cells and "Divadelní spolek Krakonoš, z. s." in cells


def is_signed_and_published(browser: Browser, town: Town, number: str) -> None:
    """The applicant reads the contract and sends it signed, the mayor signs; no register being connected, by hand."""
    with Visitor.comes(browser, town, width=PHONE) as applicant:
        town.open_task(number, "sign_applicant")
        own_page(applicant, town, number)
        applicant.looks("")
        assert applicant.downloads("Smlouva").startswith(b"%PDF")
        snap(applicant, "dotace-zadatel-smlouva")
        applicant.follows("Odpovědět")
        applicant.attaches("/signed_file", "smlouva.pdf", PDF)
        applicant.types("/signed_by", "Jana Hercová")
        applicant.page.locator('[name="/agrees_contract"][type=checkbox]').check()
        applicant.looks("")
        applicant.presses("Odeslat odpověď")
    with desk(browser, town, "starosta") as mayor:
        sits_down(mayor, town, number, "sign_provider", "Podepsat za poskytovatele")
        mayor.types("/contract_on", "1. 6. 2026")
        mayor.types("/provider_signed_by", "Karel Podhradský")
        finishes(mayor)
    here = awaited(
        lambda: next((one for one in ("publish_by_hand", "order_payout") if is_open(town, number, one)), None),
        lambda: town.trouble(number),
    )
    if here == "publish_by_hand":
        with desk(browser, town, "dotace") as officer:
            sits_down(officer, town, number, "publish_by_hand", "Zveřejnit v registru ručně")
            officer.types("/register_by_hand", "30123456")
            finishes(officer)


def is_paid_out(browser: Browser, town: Town, number: str) -> None:
    """Two people approve, the treasurer's file goes to the bank, the statement says that the money went."""
    with desk(browser, town, "prikazce") as orderer:
        sits_down(orderer, town, number, "order_payout", "Nařídit výplatu")
        orderer.types("/payout_amount", "60 000")
        orderer.page.locator('[name="/payout_confirmed"][type=checkbox]').check()
        snap(orderer, "dotace-prikaz")
        finishes(orderer)
    with desk(browser, town, "rozpocet") as keeper:
        sits_down(keeper, town, number, "check_budget", "Ověřit krytí v rozpočtu")
        keeper.picks("/payout_covered", "yes")
        finishes(keeper)
    with desk(browser, town, "ucetni") as treasurer:
        shows(treasurer, "/prace/banka/prikazy", number)
        snap(treasurer, "dotace-prikazy-banka")
        assert "1265098001 000006000000" in carries_orders_out(treasurer, town, number, statement=1)


def is_accounted_for(browser: Browser, town: Town, number: str) -> None:
    """The applicant accounts; figures and content are checked side by side, figures come back once."""
    with Visitor.comes(browser, town) as applicant:
        town.open_task(number, "report")
        own_page(applicant, town, number)
        applicant.follows("Odpovědět")
        fills(applicant, report("60 000", "0"))
        applicant.looks("")
        snap(applicant, "dotace-vyuctovani")
        applicant.presses("Odeslat odpověď")
    with desk(browser, town, "ucetni") as accountant:
        sits_down(accountant, town, number, "check_figures", "Zkontrolovat čísla")
        accountant.picks("/figures_outcome", "return")
        accountant.types("/figures_note", "Doklad F1 je na 58 765,50 Kč.")
        snap(accountant, "dotace-kontrola-cisel")
        finishes(accountant)
    town.answer(number, "check_content", "dotace", "grants", {"content_outcome": "ok"})
    with Visitor.comes(browser, town) as applicant:
        town.open_task(number, "report")
        own_page(applicant, town, number)
        assert "58 765,50" in applicant.reads().replace("\u00a0", " ")
        applicant.page.locator(".turn-body .actions a").first.click()
        applicant.settles()
        applicant.types("/spending/0/from_grant", "58765,50")
        applicant.types("/unused_amount", "1234,50")
        applicant.presses("Odeslat odpověď")
    town.answer(number, "check_figures", "ucetni", "accountant", {"figures_outcome": "ok"})
    with desk(browser, town, "dotace") as officer:
        sits_down(officer, town, number, "check_content", "Zkontrolovat obsah")
        officer.picks("/content_outcome", "ok")
        finishes(officer)


def report(used: str, unused: str) -> Answers:
    return {
        "/report_summary": "Hrálo se třikrát.",
        "/spending/0/document_no": "F1",
        "/spending/0/supplier": "Zvuk s.r.o.",
        "/spending/0/paid_date": "10. 7. 2026",
        "/spending/0/what": "zvuk",
        "/spending/0/amount_total": "60 000",
        "/spending/0/from_grant": used,
        "/unused_amount": unused,
        "/report_truth": TICKED,
    }


def comes_back(browser: Browser, town: Town, number: str) -> None:
    """What was not used is asked for under a symbol of its own; the statement closes the case."""
    symbol = symbol_of(town, number)
    with Visitor.comes(browser, town, width=PHONE) as applicant:
        own_page(applicant, town, number)
        applicant.looks("")
        assert symbol in applicant.reads()
    with desk(browser, town, "ucetni") as treasurer:
        takes_in(treasurer, statement(symbol, 123_450, opening=4_000_000, number=2), "spárovala se 1 platba")
        treasurer.goes(f"/prace/pripady/{number}/penize")
        treasurer.looks(number)


def is_public(browser: Browser, town: Town, number: str) -> None:
    """Everybody sees the award and its numbers; the office sees the season."""
    with desk(browser, town, "dotace") as officer:
        officer.goes("/prace/statistika/grants/season")
        officer.looks("Sezona dotací")
        snap(officer, "dotace-sezona", whole=True)
    for width in (PHONE, 1280):
        with Visitor.comes(browser, town, width=width) as anybody:
            for path in ("/registry/applications", "/registry/notices", "/stranky/grants/awards"):
                anybody.goes(path)
                anybody.looks("")
            anybody.goes("/registry/applications")
            expect(anybody.page.locator("main")).to_contain_text("Divadelní spolek Krakonoš")
            table = anybody.context.request.get(f"{town.url}/registry/applications.csv").text()
            assert number in table and "58765.50" in table
            assert "58765.50" in anybody.context.request.get(f"{town.url}/registry/applications.json").text()
