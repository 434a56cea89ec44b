"""An operator in the cockpit: every page wide and on a phone, a move, a migration, without JavaScript too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Browser, expect

from engine.commands import Deploy, StartInstance
from engine.model import SYSTEM
from engine.queries.cases import case
from engine.queries.operations import incidents
from processes.catalogue import load, to_command
from tests.browser.test_office import applies, desk
from tests.browser.town import Town, open_town
from tests.browser.traffic import PATIENCE
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor
from tests.integration.conftest import ALL
from web.auth import ANYONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = {
    "/velin": "Velín",
    "/velin/zavady": "Závady",
    "/velin/pripady": "Všechny případy",
    "/velin/zasahy": "Zásahy",
    "/velin/adresar": "Adresář lidí",
    "/velin/prechod": "Jiná verze",
    "/velin/procesy/membership": "Členství",
    "/velin/procesy/membership?size=fit": "Členství",
    "/velin/procesy/membership?view=durations": "Členství",
    "/velin/prechod/membership": "Členství",
}


def newer_version(town: Town) -> None:
    """The agenda published once more, with its check under another id."""
    agenda = load("membership")
    files = dict(agenda.files)
    files["membership.bpmn"] = files["membership.bpmn"].replace(b'"check"', b'"check_all"')
    command: Deploy = to_command(agenda, files, town.tenant, SYSTEM)
    town.parts.engine.execute(command)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town of its own, because its agenda changes under its cases."""
    with open_town(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (PHONE, False), (NARROW, True)])
def test_every_page_of_the_cockpit_is_whole_at_every_width(
    browser: Browser, town: Town, width: int, dark: bool
) -> None:
    number = applies(town)
    town.open_task(number, "check")
    with desk(browser, town, "spravce", width=width, dark=dark) as operator:
        for path, title in PAGES.items():
            operator.goes(path)
            operator.looks(title)
        operator.goes("/velin/procesy/membership")
        operator.follows("Jak dlouho kroky trvají")
        operator.looks("Členství")
        assert operator.page.locator(".sheet [class^=heat]").count(), "steps are shaded by how long they take"
        table = operator.page.locator('a[href$="lhuty.csv"]').get_attribute("href") or ""
        assert "Zkontrolovat úplnost,0,0,1,0" in operator.context.request.get(town.url + table).text()
        for what in ("", "/presunout", "/opravit?name=name", "/pozastavit", "/ukoncit"):
            operator.goes(f"/velin/pripady/{number}{what}")
            operator.looks(number)


def test_a_case_is_moved_after_a_look_at_what_that_does_and_the_move_is_taken_back(
    browser: Browser, town: Town
) -> None:
    number = applies(town)
    before = town.open_task(number, "check")
    with desk(browser, town, "spravce") as operator:
        operator.goes(f"/velin/pripady/{number}/presunout")
        choice = operator.page.locator('option[value$="|check|check"]').get_attribute("value")
        operator.picks("move", choice or "")
        operator.presses("Co to způsobí?")
        operator.looks("Přesunout")
        assert "Zavře se: Zkontrolovat úplnost" in operator.reads()
        operator.page.get_by_label("Důvod").fill("Začne se znovu.")
        operator.presses("Přesunout do jiného kroku")
        assert town.open_task(number, "check") != before
        operator.looks(number)
        operator.page.locator("summary", has_text="Vzít zpět").click()
        operator.page.get_by_label("Proč se to bere zpět").fill("Omyl.")
        operator.looks(number)
        operator.presses("Vzít zpět")
        assert town.open_task(number, "check") == before


@pytest.mark.parametrize("scripted", [True, False])
def test_cases_are_carried_to_another_version(browser: Browser, town: Town, scripted: bool) -> None:
    number = applies(town)
    before = town.open_task(number, "check")
    newer_version(town)
    with Visitor.comes(browser, town, scripted=scripted, width=PHONE if scripted else DESKTOP) as operator:
        operator.signs_in("spravce", "/velin")
        operator.goes(f"/velin/prechod/membership?q={number}")
        operator.looks("Členství")
        assert operator.page.locator('[name="map.check"]').input_value() == "check_all"
        operator.presses("Vyzkoušet nanečisto")
        operator.looks("Členství")
        assert "1 případ může jít dál" in operator.reads()
        operator.page.get_by_label("Důvod").fill("Nová vyhláška.")
        operator.presses("Převést 1 případ")
        operator.looks("Zásahy")
        assert "Převedeno: 1." in operator.reads()
    assert town.open_task(number, "check_all") == before


def fails(town: Town, name: str) -> str:
    """A case that begins without what its first steps need; gives its number once it stands as an incident."""
    command = StartInstance(tenant=town.tenant, actor=ANYONE, process_key="membership", variables={"name": name})
    number: str = town.parts.engine.execute(command).business_key
    stands_as_incident(town, number)
    return number


def stands_as_incident(town: Town, number: str) -> None:
    """Wait until the case has an open incident."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        with town.parts.sessions(info=ALL) as session:
            facts = case(session, town.tenant, number=number)
            if incidents(session, town.tenant, instance_id=facts.id).items:
                return
        sleep(0.1)
    raise AssertionError(f"{number} has no incident")


def test_faults_are_explained_tried_again_together_corrected_and_ended(browser: Browser, town: Town) -> None:
    first, second = fails(town, "Bez adresy"), fails(town, "Také bez adresy")
    with desk(browser, town, "spravce") as operator:
        operator.goes("/velin")
        operator.looks("Velín")
        assert first in operator.reads() and second in operator.reads(), "what failed comes first"
        operator.goes("/velin/zavady")
        for number in (first, second):
            operator.page.get_by_label(number).check()
        operator.presses("Zkusit vybrané znovu")
        operator.looks("Chyba: Závady")
        assert operator.page.get_by_label(second).is_checked(), "what was chosen stays chosen"
        operator.page.get_by_label("Co se opravilo").fill("Server už běží.")
        operator.presses("Zkusit vybrané znovu")
        operator.looks("Zásahy")
        assert first in operator.reads() and second in operator.reads()
        for number in (first, second):
            stands_as_incident(town, number)
        operator.goes(f"/velin/pripady/{first}/opravit?name=name")
        operator.page.get_by_label("Správná hodnota").fill('"Obec Nová"')
        operator.page.get_by_label("Důvod").fill("Překlep v názvu.")
        operator.presses("Opravit údaj")
        operator.looks(first)
        operator.goes(f"/velin/pripady/{second}/ukoncit")
        operator.looks("Ukončit případ")
        operator.page.get_by_label("Důvod").fill("Založeno omylem.")
        operator.presses("Ukončit případ")
        operator.looks(second)
        for number, reason in ((first, "Překlep v názvu."), (second, "Založeno omylem.")):
            operator.goes(f"/prace/pripady/{number}")
            operator.looks(number)
            for told in (reason, "Server už běží."):
                expect(operator.page.locator("main")).to_contain_text(told)
        operator.goes("/velin/zavady")
        assert first in operator.reads() and second not in operator.reads()
        operator.goes("/velin/procesy/membership")
        operator.looks("Členství")
        assert operator.page.locator(".sheet .badge-bad").count(), "the diagram tells where it failed"
        for table in ("/velin/procesy.csv", "/velin/procesy/membership/1/kroky.csv"):
            taken = operator.context.request.get(town.url + table)
            assert taken.ok and len(taken.text().splitlines()) > 1
