"""An organisation offers an agenda to others of the installation; a town takes it over and works by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.commands import AddPerson, AddTenant
from engine.model import SYSTEM
from tests.browser.test_office import desk
from tests.browser.town import Town, open_town
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from web.passwords import hash_password

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGE, OTHER = "/studio/nabidky", "rokytnice"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The association, and a town beside it that is found at `localhost`."""
    with open_town(tmp_path) as opened:
        execute, hosts = opened.parts.engine.execute, {"hosts": ["localhost"]}
        execute(AddTenant(tenant=OTHER, actor=SYSTEM, name="Město Rokytnice", settings=hosts))
        author = {"username": "psavec", "name": "Petr Psavec", "groups": ["author", "admin"]}
        execute(AddPerson(tenant=OTHER, actor=SYSTEM, password_hash=hash_password("psavec"), **author))
        yield opened


@contextmanager
def author_of_the_town(browser: Browser, town: Town, width: int = DESKTOP) -> Iterator[Visitor]:
    other = replace(town, url=town.url.replace("127.0.0.1", "localhost"), tenant=OTHER)
    with desk(browser, other, "psavec", width=width) as author:
        yield author


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_an_agenda_goes_from_the_association_to_a_town(browser: Browser, town: Town, width: int) -> None:
    with author_of_the_town(browser, town, width) as author:
        author.goes(PAGE)
        author.looks("Agendy od jiných")
        assert "Zatím nikdo nic nenabízí" in author.reads()
        author.goes("/studio/membership")
        assert "Členství" not in author.reads(), "an agenda of others is not seen before it is taken over"
    with desk(browser, town, "autor", width=width) as association:
        association.goes(PAGE)
        association.page.get_by_label("Agenda a její verze").select_option(index=0)
        association.page.get_by_label("Co je v ní nového").fill("Vzor pro všechna města.")
        association.presses("Nabídnout ostatním")
        association.looks("Agendy od jiných")
    with author_of_the_town(browser, town, width) as author:
        author.goes(PAGE)
        author.looks("Agendy od jiných")
        assert "Vzor pro všechna města." in author.reads()
        author.follows("Členství")
        author.looks("Členství")
        author.presses("Převzít a zveřejnit")
        author.goes("/studio/membership")
        author.looks("Členství")
        author.goes(f"/jazyk/en?next={PAGE}")
        author.looks("Agendas of others")
        expect(author.page.locator("main")).to_contain_text("you have it")
    with desk(browser, town, "autor", width=width) as association:
        association.goes(PAGE)
        association.presses("Stáhnout nabídku")
        association.looks("Agendy od jiných")
        assert "už se nenabízí" in association.reads()
