"""The guide of docs/studio.md followed to the letter: from a new agenda to a decision letter, in the browser only."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_office import desk, opens
from tests.browser.town import Town
from tests.browser.traffic import PATIENCE
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TITLE, KEY = "Palivové dříví", "palivove_drivi"
GROUP = "Správa obecních lesů"
AGENDA = f"/studio/{KEY}"
LETTER = "Rozhodnutí o žádosti"
WOOD = "Jehličnaté dřevo, 3 metry."


def founds(author: Visitor) -> None:
    """Step 1: the name, whose work it is, letters of numbers."""
    author.goes("/studio")
    author.follows("Nová agenda")
    author.page.get_by_label("Se žádostí, o které úřad rozhodne").check()
    author.page.get_by_label("Jak se agenda jmenuje").fill(TITLE)
    author.page.get_by_label("Čí je to práce").select_option(label="nová skupina")
    author.page.get_by_label("Jméno nové skupiny").fill(GROUP)
    author.page.get_by_label("Písmena v číslech případů").fill("DRE")
    author.presses("Založit agendu")
    author.looks(TITLE)


def joins(administrator: Visitor, username: str) -> None:
    """Step 1: an administrator puts somebody into the new group."""
    administrator.goes(f"/velin/lide/kdo/{username}")
    administrator.page.get_by_label(GROUP).check()
    administrator.presses("Uložit")


def changes(author: Visitor, where: str) -> None:
    """Press the button Change of the form or of the diagram, which have the name of the agenda."""
    with author.page.expect_navigation():
        author.page.locator(where, has_text=TITLE).get_by_role("button", name="Upravit").click()
    author.settles()


def asks_how_much(author: Visitor) -> None:
    """Step 2: one more question in the form, published."""
    author.goes(AGENDA)
    changes(author, "table tr")
    author.page.get_by_label("Popisek nové otázky").fill("Kolik metrů dřeva chcete")
    author.page.get_by_label("Co přidat").select_option(label="Celé číslo")
    author.presses("Přidat")
    author.looks(TITLE)


def publishes_the_form(author: Visitor) -> None:
    """Step 2: what changes, what the check says, one button."""
    author.follows("Zkontrolovat a zveřejnit")
    assert "Kolik metrů dřeva chcete" in author.reads()
    author.presses("Zveřejnit")
    author.looks(TITLE)


def draws(author: Visitor) -> None:
    """Step 3: until when the office has to decide."""
    changes(author, ".drawing")
    author.page.wait_for_selector("#modeler[data-open]")
    author.page.select_option("#vyber", label="Úkol člověka: Posoudit žádost")
    due = author.page.locator("#panel").get_by_label("Lhůta", exact=True)
    due.fill("P10WD")
    due.press("Tab")
    expect(author.page.locator(".reads").first).to_contain_text("Kdyby to začalo teď")
    author.page.keyboard.press("Control+s")
    expect(author.page.locator("#stav")).to_contain_text("uloženo v")
    author.looks(TITLE)


def tries(author: Visitor) -> None:
    """Step 3: a case is played on a virtual clock from the application to the decision."""
    author.follows("Vyzkoušet")
    fills_in(author)
    author.presses("Zahájit případ")
    assert "Posoudit žádost" in author.reads()
    with author.page.expect_navigation():
        author.page.get_by_role("button", name="den", exact=True).click()
    author.page.locator("li", has_text="Posoudit žádost").get_by_role("button").first.click()
    author.settles()
    decides(author)
    author.presses("Hotovo")
    assert "skončil" in author.reads()


def keeps_the_story(author: Visitor) -> None:
    """Step 3: what was played is kept, and comes out with the others."""
    author.page.get_by_label("Uložit, co se přehrálo, jako příběh").fill("Tři metry jehličnatého dřeva")
    author.presses("Uložit příběh")
    assert "scenarios/tri_metry_jehlicnateho_dreva.yaml" in author.reads()
    author.presses("Přehrát příběhy")
    assert "Tři metry jehličnatého dřeva" in author.reads()
    assert "nevyšlo" not in author.reads()
    author.looks(TITLE)


def fills_in(somebody: Visitor) -> None:
    """The application, with the new question."""
    for name, text in (("name", "Jan Novák"), ("email", "jan@example.org"), ("request", WOOD)):
        somebody.types(f"/{name}", text)
    somebody.page.get_by_label("Kolik metrů dřeva chcete").fill("3")


def decides(somebody: Visitor) -> None:
    """The form of the assessment."""
    somebody.picks("/outcome", "granted")
    somebody.types("/reasons", "Dřevo je v lese U Kapličky.")


def publishes_the_diagram(author: Visitor) -> None:
    """Step 3: both drawings beside each other, stories played, published."""
    author.goes(f"{AGENDA}/diagramy/{KEY}")
    author.page.wait_for_selector("#modeler[data-open]")
    author.follows("Zkontrolovat a zveřejnit")
    assert "P10WD" in author.reads()
    author.looks(TITLE)
    author.presses("Zveřejnit")
    assert "Zveřejněno jako verze" in author.reads()


def offers(author: Visitor) -> None:
    """Step 4: what applicants read before they begin."""
    author.goes(AGENDA)
    author.follows("Nabídnout na portálu")
    author.page.get_by_label("Jednou větou").first.fill("Dřevo z obecního lesa pro obyvatele.")
    author.presses("Nabídnout na portálu")
    assert "Je to na portálu." in author.reads()
    author.looks(TITLE)


def asks_for_it(applicant: Visitor) -> str:
    """Step 4: on the portal, as anybody would; gives the number."""
    applicant.goes("/")
    applicant.follows(TITLE)
    applicant.looks(TITLE)
    applicant.follows("Začít vyplňovat")
    fills_in(applicant)
    applicant.presses("Pokračovat")
    applicant.looks("Zkontrolujte si odpovědi")
    applicant.presses("Odeslat")
    found = re.search(r"DRE-\d{4}-\d{4}", applicant.reads())
    assert found, applicant.reads()
    return found[0]


def answers(clerk: Visitor, number: str) -> None:
    """Step 4: in the inbox of the new group."""
    opens(clerk, number, "Posoudit žádost")
    assert "Kolik metrů dřeva chcete" in clerk.reads()
    decides(clerk)
    clerk.presses("Dokončit úkol")
    assert f"Hotovo: Posoudit žádost, {number}" in clerk.reads()


def reads_the_letter(clerk: Visitor, number: str) -> bytes:
    """Step 4: the decision among the documents of the case, once it is printed."""
    until = time.monotonic() + PATIENCE
    while True:
        clerk.goes(f"/prace/pripady/{number}/dokumenty")
        if clerk.page.get_by_role("link", name=LETTER).count() or time.monotonic() > until:
            return clerk.downloads(LETTER)


def test_an_agenda_works_after_the_quarter_of_an_hour_of_the_guide(browser: Browser, town: Town) -> None:
    with desk(browser, town, "autor") as author:
        founds(author)
        with desk(browser, town, "spravce") as administrator:
            joins(administrator, "sekretarka")
        asks_how_much(author)
        publishes_the_form(author)
        draws(author)
        tries(author)
        keeps_the_story(author)
        publishes_the_diagram(author)
        offers(author)
    with Visitor.comes(browser, town) as applicant:
        number = asks_for_it(applicant)
    with desk(browser, town, "sekretarka") as clerk:
        answers(clerk, number)
        assert reads_the_letter(clerk, number).startswith(b"%PDF")
