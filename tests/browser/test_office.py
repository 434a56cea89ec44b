"""The office's side of a membership: secretary, board, treasurer, operator, each in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import yaml
from playwright.sync_api import Browser, expect

from engine.commands import StartInstance
from engine.model import Applicant, Started, SubmittedForm
from engine.queries.cases import case
from engine.queries.payments import payments
from processes.catalogue import load
from processes.scenarios.reading import as_json
from tests.browser.application import fills_everything, sends
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor
from tests.integration.conftest import ALL
from tests.statements import statement
from web.auth import ANYONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PARTS = {
    "": "Příběh",
    "/formulare": "Formuláře",
    "/dokumenty": "Dokumenty",
    "/diagram": "Diagram",
    "/diagram?size=fit": "Diagram",
    "/lhuty": "Lhůty",
    "/penize": "Peníze",
    "/lide": "Odeslané a přijaté zprávy",
}


@contextmanager
def desk(browser: Browser, town: Town, username: str, *, width: int = DESKTOP, dark: bool = False) -> Iterator[Visitor]:
    """Somebody of the staff who has just signed in."""
    with Visitor.comes(browser, town, width=width, dark=dark) as person:
        person.signs_in(username)
        yield person


def applies(town: Town) -> str:
    """A library applies while nobody looks; gives the case's number."""
    data = as_json(yaml.safe_load(load("membership").text("scenarios/_forms.yaml") or ""))["knihovna"]
    command = StartInstance(
        tenant=town.tenant,
        actor=ANYONE,
        process_key="membership",
        variables=data,
        submission=SubmittedForm(form="application", data=data),
        applicant=Applicant(name=data["name"], email="knihovna@knihovna.example"),
    )
    started: Started = town.parts.engine.execute(command)
    return started.business_key


def opens(person: Visitor, number: str, title: str) -> None:
    """Open a task of a case from the list, whatever others have left with this person."""
    for view in ("mine", "groups"):
        person.goes(f"/prace/ukoly?view={view}")
        person.looks("Úkoly")
        found = person.page.locator(".item", has_text=number).filter(has_text=title)
        if found.count():
            break
    with person.page.expect_navigation():
        found.first.click()
    person.looks(f"{title}, {number}")


def test_a_town_becomes_a_member(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town) as applicant:
        fills_everything(applicant)
        number = sends(applicant)
        town.open_task(number, "check")
        with desk(browser, town, "sekretarka") as secretary:
            returns_for_completion(secretary, number)
        completes(applicant, number)
    with desk(browser, town, "sekretarka") as secretary:
        town.open_task(number, "check")
        opens(secretary, number, "Zkontrolovat úplnost")
        secretary.picks("/outcome", "complete")
        secretary.picks("/board_mode", "per_rollam")
        secretary.presses("Dokončit úkol")
        assert "Hotovo" in secretary.reads()
    town.open_task(number, "vote")
    for member in ("vybor1", "vybor2", "vybor3"):
        with desk(browser, town, member) as person:
            votes(person, number)
    with desk(browser, town, "hospodar") as treasurer:
        takes_the_payment_in(treasurer, town, number)
    sees_the_whole_case(browser, town, number)
    with Visitor.comes(browser, town) as anybody:
        anybody.goes("/registry/members")
        anybody.looks("")
        assert "Rokytnice nad Jizerou" in anybody.reads()


def returns_for_completion(secretary: Visitor, number: str) -> None:
    """Claim, look at what was sent, write what is missing at its field."""
    opens(secretary, number, "Zkontrolovat úplnost")
    assert "Mgr. Petr Matyáš" in secretary.reads(), "what was sent stands under the form"
    secretary.presses("Vzít si")
    secretary.looks("Zkontrolovat úplnost")
    assert "váš" in secretary.page.locator(".chips").first.inner_text()
    secretary.picks("/outcome", "return")
    secretary.presses("Dokončit úkol")
    secretary.looks("Chyba: Zkontrolovat úplnost")
    row = secretary.page.locator(".review li", has_text="starosta").first
    row.locator("summary").click()
    row.locator("textarea").fill("Napište celý název funkce.")
    secretary.looks("")
    secretary.presses("Dokončit úkol")
    assert f"Hotovo: Zkontrolovat úplnost, {number}" in secretary.reads()


def completes(applicant: Visitor, number: str) -> None:
    """The applicant answers in the same case."""
    applicant.town.open_task(number, "complete_data")
    applicant.goes(f"/p/{number}")
    assert "Napište celý název funkce." in applicant.reads()
    applicant.follows("Doplnit žádost")
    applicant.types("/representative/function", "starosta města")
    applicant.presses("Odeslat odpověď")
    applicant.town.open_task(number, "check")


def votes(person: Visitor, number: str) -> None:
    """One member of the board votes for."""
    opens(person, number, "Hlasovat o přijetí")
    person.picks("/vote/choice", "for")
    person.presses("Dokončit úkol")
    person.looks("")
    assert "Hotovo" in person.reads()


def takes_the_payment_in(treasurer: Visitor, town: Town, number: str) -> None:
    """The treasurer sees what is to be paid, takes a statement in; the case goes on."""
    with town.parts.sessions(info=ALL) as session:
        (asked,) = payments(session, town.tenant, case(session, town.tenant, number=number).id)
    treasurer.goes("/prace/banka")
    treasurer.looks("Banka")
    assert asked.variable_symbol in treasurer.reads() and "3 810,00" in treasurer.reads().replace("\u00a0", " ")
    upload = treasurer.page.locator("#statement")
    upload.set_input_files({"name": "vypis.gpc", "mimeType": "text/plain", "buffer": b"to neni vypis"})
    treasurer.presses("Načíst")
    treasurer.looks("Chyba: Banka")
    assert "řádek 1" in treasurer.page.locator(".summary").inner_text()
    content = statement(asked.variable_symbol, asked.amount)
    upload.set_input_files({"name": "vypis.gpc", "mimeType": "text/plain", "buffer": content})
    treasurer.presses("Načíst")
    treasurer.looks("Výpis")
    assert "spárovala se 1 platba" in treasurer.reads()
    treasurer.goes(f"/prace/pripady/{number}/penize")
    expect(treasurer.page.locator("main")).to_contain_text("zaplaceno")


def sees_the_whole_case(browser: Browser, town: Town, number: str) -> None:
    """Every page of the case, wide and on a phone."""
    for width, dark in ((DESKTOP, False), (PHONE, True)):
        with desk(browser, town, "sekretarka", width=width, dark=dark) as person:
            for part, heading in PARTS.items():
                person.goes(f"/prace/pripady/{number}{part}")
                person.looks(number)
                expect(person.page.locator("main h2").first).to_contain_text(heading)
            person.goes(f"/prace/pripady/{number}/dokumenty")
            assert person.downloads("Přihláška do spolku").startswith(b"%PDF")


def test_the_inbox_and_a_task_need_only_the_keyboard(browser: Browser, town: Town) -> None:
    number = applies(town)
    task = town.open_task(number, "check")
    with desk(browser, town, "sekretarka") as person:
        person.goes("/prace/ukoly?view=groups&sort=opened")
        keys = person.page.keyboard
        keys.press("j")
        first = person.page.locator(":focus").get_attribute("data-task")
        keys.press("j")
        keys.press("k")
        assert person.page.locator(":focus").get_attribute("data-task") == first == task
        keys.press("Enter")
        person.page.wait_for_url(re.compile(task))
        with person.page.expect_navigation():
            keys.press("v")
        assert "váš" in person.page.locator(".chips").first.inner_text()
        person.page.locator('[name="/outcome"]').first.focus()
        keys.press("Space")
        person.settles()
        person.page.locator('[name="/board_mode"]').first.focus()
        keys.press("Space")
        with person.page.expect_navigation():
            person.page.locator('[data-key="complete"]').press("Enter")
        assert f"Hotovo: Zkontrolovat úplnost, {number}" in person.reads()
        person.page.locator("body").press("/")
        keys.type(number.lower())
        with person.page.expect_navigation():
            keys.press("Enter")
        person.looks(number)


def test_new_work_comes_into_the_list_by_itself(browser: Browser, town: Town) -> None:
    town.open_task(applies(town), "check")
    with desk(browser, town, "sekretarka") as person:
        person.page.clock.install()
        person.goes("/prace/ukoly?view=groups&sort=opened")
        person.settles()
        person.page.keyboard.press("j")
        held = person.page.locator(":focus").get_attribute("data-task")
        number = applies(town)
        task = town.open_task(number, "check")
        person.page.clock.run_for(31_000)
        expect(person.page.locator(f'.item[data-task="{task}"]')).to_contain_text(number)
        assert person.page.locator(":focus").get_attribute("data-task") == held
        person.looks("Úkoly")


def test_an_operator_sees_what_failed_tries_again_and_suspends(browser: Browser, town: Town) -> None:
    command = StartInstance(
        tenant=town.tenant, actor=ANYONE, process_key="membership", variables={"name": "Bez příloh"}
    )
    number = town.parts.engine.execute(command).business_key
    with desk(browser, town, "spravce") as operator:
        incident = operator.page.get_by_label(number)
        for _attempt in range(40):
            operator.goes("/velin/zavady")
            if incident.count():
                break
            operator.page.wait_for_timeout(500)
        operator.looks("Závady")
        incident.check()
        operator.page.get_by_label("Co se opravilo").fill("Zkusil jsem to znovu.")
        operator.presses("Zkusit vybrané znovu")
        operator.looks("Zásahy")
        assert "Zkusil jsem to znovu." in operator.reads()
        operator.goes(f"/prace/pripady/{number}")
        assert "Zkusil jsem to znovu." in operator.reads()
        operator.page.get_by_text("Zásah správce").click()
        operator.looks(number)
        operator.follows("Pozastavit případ")
        operator.looks("Pozastavit případ")
        operator.page.get_by_label("Důvod").fill("Chybí přílohy.")
        operator.presses("Pozastavit případ")
        operator.looks(number)
        assert "Chybí přílohy." in operator.reads()


@pytest.mark.parametrize("path", ["/prace/ukoly", "/prace/ukoly?view=mine", "/prace/pripady", "/prace/banka"])
@pytest.mark.parametrize("width", [PHONE, NARROW])
def test_lists_fit_a_phone_in_the_dark(browser: Browser, town: Town, path: str, width: int) -> None:
    with desk(browser, town, "hospodar", width=width, dark=True) as person:
        person.goes(path)
        person.looks("")


def test_a_task_on_a_phone_is_a_page_of_its_own(browser: Browser, town: Town) -> None:
    number = applies(town)
    task = town.open_task(number, "check")
    with desk(browser, town, "sekretarka", width=NARROW) as person:
        person.goes(f"/prace/ukoly/{task}")
        person.looks("Zkontrolovat úplnost")
        expect(person.page.locator(".list-pane")).to_be_hidden()
        for tab in ("sent", "documents", "story"):
            person.goes(f"/prace/ukoly/{task}?tab={tab}")
            person.looks("Zkontrolovat úplnost")


def test_the_office_speaks_english(browser: Browser, town: Town) -> None:
    with desk(browser, town, "spravce") as person:
        person.goes("/velin")
        person.follows("EN – English")
        person.looks("Cockpit")
        for path, title in {"/prace/ukoly": "Tasks", "/prace/pripady": "Cases"}.items():
            person.goes(path)
            person.looks(title)
        # The language is the person's, also in other tests.
        person.follows("CS – česká verze")
        person.looks("Případy")
