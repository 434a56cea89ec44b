"""An author sets parameters, at once and from a day; a second person approves what is being changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.commands import ChangeTenant
from engine.model import SYSTEM
from processes.catalogue import load, to_command
from tests.browser.test_office import desk
from tests.browser.town import Town, open_town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PARAMETERS, CHANGES = "/studio/membership/parametry", "/studio/membership/zmeny"
PERIOD, SENTENCE = "Lhůta na kontrolu úplnosti", "Věta o DPH na výzvě k platbě"
#: The one story that is played when something is published: it says when the check is due.
STORY = "scenarios/01_prijeti_s_usnesenim.yaml"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town of its own, because its agenda changes; what is changed there a second person approves."""
    with open_town(tmp_path) as opened:
        two_people = ChangeTenant(tenant=opened.tenant, actor=SYSTEM, name="Spolek", settings={"review": True})
        opened.parts.engine.execute(two_people)
        agenda = load("membership")
        told = {path for path in agenda.paths(".yaml", "scenarios") if not path.startswith("scenarios/_")}
        files = {path: content for path, content in agenda.files.items() if path not in told - {STORY}}
        opened.parts.engine.execute(to_command(agenda, files, opened.tenant, SYSTEM))
        yield opened


def sets(author: Visitor, label: str, text: str, since: str = "") -> None:
    """Write a value, and a day from which it holds."""
    author.goes(PARAMETERS)
    author.page.get_by_label(label, exact=True).fill(text)
    if since:
        author.page.get_by_label("Platí od").fill(since)
    author.presses("Uložit mezi změny")


def in_english(author: Visitor, path: str) -> None:
    """Open a page in English, as the person would."""
    author.goes(f"/jazyk/en?next={path}")


def test_a_period_is_set_from_a_day_approved_by_a_second_person_and_published(browser: Browser, town: Town) -> None:
    with desk(browser, town, "autor") as author:
        author.goes(PARAMETERS)
        author.looks("Parametry")
        sets(author, PERIOD, "dva")
        author.looks("Chyba: Parametry")
        author.page.get_by_role("link", name=PERIOD).click()
        expect(author.page.get_by_label(PERIOD, exact=True)).to_be_focused()
        sets(author, PERIOD, "20", since="2031-01-01")
        author.looks("Rozpracované změny")
        expect(author.page.locator("main")).to_contain_text("20 pracovních dní")
        assert not author.page.get_by_role("button", name="Schvaluji").count(), "nobody approves their own change"
        author.presses("Zveřejnit")
        author.looks("Chyba: Rozpracované změny")
        expect(author.page.get_by_role("alert")).to_contain_text("schválil někdo druhý")
        with desk(browser, town, "spravce", width=PHONE, dark=True) as second:
            second.goes(CHANGES)
            second.looks("Rozpracované změny")
            second.presses("Schvaluji")
            second.looks("Rozpracované změny")
        author.goes(CHANGES)
        expect(author.page.locator("main")).to_contain_text("Schválil(a)")
        author.looks("Rozpracované změny")
        author.presses("Zveřejnit")
        assert "Zveřejněno jako verze 3" in author.reads()
        author.goes(PARAMETERS)
        expect(author.page.locator(".planned")).to_contain_text("20 pracovních dní")
        author.presses("Nechat, jak je")
        author.looks("Rozpracované změny")


def test_stories_made_untrue_are_told_on_the_page_and_keep_the_values_as_they_were(
    browser: Browser, town: Town
) -> None:
    with desk(browser, town, "autor") as author:
        sets(author, PERIOD, "20")
    with desk(browser, town, "spravce") as second:
        second.goes(CHANGES)
        second.presses("Schvaluji")
        second.presses("Zveřejnit")
        second.looks("Chyba: Rozpracované změny")
        expect(second.page.locator("fieldset .found")).to_contain_text("Nesedí")
        second.page.get_by_label("s dosavadními parametry").check()
        second.presses("Zveřejnit")
        assert "Zveřejněno jako verze 3" in second.reads()


@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, True), (PHONE, False), (NARROW, True)])
def test_both_pages_are_whole_at_every_width_and_in_english(
    browser: Browser, town: Town, width: int, dark: bool
) -> None:
    with desk(browser, town, "autor", width=width, dark=dark) as author:
        author.goes(CHANGES)
        author.looks("Rozpracované změny")
        sets(author, SENTENCE, "Bez DPH od ledna.", since="2031-01-01")
        author.looks("Rozpracované změny")
        sets(author, PERIOD, "20")
        author.page.get_by_text("Soubor po řádcích").click()
        author.page.locator("summary", has_text="Poprosit kolegu o kontrolu").click()
        author.looks("Rozpracované změny")
        author.goes(PARAMETERS)
        author.looks("Parametry")
        in_english(author, CHANGES)
        author.looks("What is being changed")
        expect(author.page.locator("main")).to_contain_text("20 working days")
        in_english(author, PARAMETERS)
        author.looks("Parameters")
        expect(author.page.locator(".planned")).to_contain_text("Leave as it is")


def test_parameters_are_set_by_keyboard_alone_and_without_javascript(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, scripted=False) as author:
        author.signs_in("autor")
        author.goes(PARAMETERS)
        field = author.page.get_by_label(SENTENCE, exact=True)
        for _ in range(60):
            author.page.keyboard.press("Tab")
            if field.evaluate("one => one === document.activeElement"):
                break
        author.page.keyboard.press("Control+a")
        author.page.keyboard.type("Bez DPH.")
        with author.page.expect_navigation():
            author.page.keyboard.press("Enter")
        assert "Bez DPH." in author.reads()
        assert author.page.url.endswith(CHANGES)
