"""The budget as people publish and read it: a file checked line by line, people hidden, approved; then the charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from processes.catalogue import load
from tests.browser.filling import fills
from tests.browser.offices import finishes, newest_case, office_of, shows, sits_down
from tests.browser.snapshots import snap
from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor
from tests.browser.whole_grant import chosen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BEGIN = "/prace/novy/budgets/budget_import"
PAGE = "/stranky/budgets/budget"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The association in March, whose clock stands."""
    with office_of("budgets", tmp_path_factory.mktemp("budgets"), "2026-03-02T09:00") as town:
        yield town


def table(name: str) -> dict[str, Any]:
    content = load("budgets").files[f"scenarios/files/{name}"]
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def brings(keeper: Visitor, town: Town, file: str, year: int, nth: int) -> str:
    """The keeper of the budget brings a file; gives the number of the case."""
    keeper.goes(BEGIN)
    keeper.looks("")
    fills(
        keeper,
        {"/town": "Město Podhradí", "/ico": "00258245", "/year": str(year), "/mode": chosen("replace")},
    )
    keeper.page.locator('[name="/csv_file"][type=file]').set_input_files(table(file))
    snap(keeper, "rozpocet-soubor", whole=True)
    keeper.presses("Zahájit")
    return newest_case(town, "budget_import", nth)


def is_published(browser: Browser, town: Town, number: str) -> None:
    """The sums are checked, a person is hidden, somebody else approves."""
    with desk(browser, town, "rozpoctar") as keeper:
        sits_down(keeper, town, number, "check_totals", "Zkontrolovat součty")
        snap(keeper, "rozpocet-soucty", whole=True)
        keeper.picks("/totals_verdict", "ok")
        finishes(keeper)
        sits_down(keeper, town, number, "review_personal", "Projít osobní údaje")
        keeper.picks("/suspects/0/hide", "yes")
        snap(keeper, "rozpocet-osobni-udaje", whole=True)
        keeper.page.locator('[name="/reviewed"]').check()
        finishes(keeper)
    with desk(browser, town, "financni") as head:
        sits_down(head, town, number, "approve", "Schválit zveřejnění")
        snap(head, "rozpocet-schvaleni", whole=True)
        head.picks("/approval", "yes")
        finishes(head)
        shows(head, "/prace/registry/budget_profiles", "Město Podhradí")


def test_a_bad_file_is_mended_and_the_budget_published_for_everybody(browser: Browser, office: Town) -> None:
    with desk(browser, office, "rozpoctar") as keeper:
        number = brings(keeper, office, "vadne_radky.csv", 2025, 1)
        sits_down(keeper, office, number, "replace_file", "Nahrát opravený soubor")
        assert "řádek" in keeper.reads()
        snap(keeper, "rozpocet-vadne-radky", whole=True)
        keeper.picks("/again", "yes")
        keeper.page.locator('[name="/csv_file"][type=file]').set_input_files(table("podhradi_2025.csv"))
        finishes(keeper)
    is_published(browser, office, number)
    for width, dark in ((DESKTOP, False), (PHONE, False), (NARROW, True)):
        with Visitor.comes(browser, office, width=width, dark=dark) as anybody:
            reads_the_budget(anybody, office)


def reads_the_budget(anybody: Visitor, town: Town) -> None:
    """From a chart to the lines of a paragraph and to invoices; nobody who was hidden is named."""
    anybody.goes("/registry/budget_invoices")
    anybody.looks("Faktury")
    assert "Jana Veselá" not in anybody.reads()
    anybody.goes(f"{PAGE}?year=2025")
    anybody.looks("Rozpočet a faktury")
    snap(anybody, f"rozpocet-grafy-{anybody.width}")
    figures = anybody.page.locator("section.fig", has_text="Výdaje podle paragrafů")
    figures.locator("summary").click()
    anybody.looks("")
    with anybody.page.expect_navigation():
        figures.get_by_role("link", name="2212 Silnice").click()
    anybody.looks("Rozpočet podle paragrafů a položek")
    expect(anybody.page.locator("main")).to_contain_text("5171 Opravy a udržování")
    snap(anybody, f"rozpocet-radky-{anybody.width}")
    file = anybody.context.request.get(f"{town.url}/registry/budget_lines.csv").text()
    assert "4900000.00" in file


def test_the_keeper_sees_how_publishing_goes(browser: Browser, office: Town) -> None:
    for width in (DESKTOP, NARROW):
        with desk(browser, office, "rozpoctar", width=width) as keeper:
            for path in ("/prace/statistika/budgets/imports", "/prace/registry/budget_paragraphs", BEGIN):
                keeper.goes(path)
                keeper.looks("")
