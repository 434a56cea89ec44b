"""A vote as people see it: the ballot and the receipt without JavaScript on a phone, the result, the office's side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser

from engine.model import SYSTEM
from engine.voting.commands import IssueCodes
from processes.catalogue import load
from tests.browser.town import Town, nobody_is_slowed_down, serve
from tests.browser.visitor import PHONE, Visitor
from web.bootstrap import Parts
from web.demo import fill, found
from web.migrations import upgrade

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OPEN, COUNTED, OFFICE = "/hlasovani/pr-letos", "/hlasovani/pr-minuly", "/prace/hlasovani/pr-letos"
RECEIPT = re.compile(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}")


def voting(parts: Parts) -> str:
    """A town whose demo is a vote of last year, one that is open, and one to come."""
    upgrade(parts.database)
    agenda = load("participatory_budget")
    tenant, people = (yaml.safe_load(agenda.text(f"demo/{name}.yaml") or "") for name in ("tenant", "people"))
    found(parts, [agenda], tenant, people)
    fill(parts.settings, [agenda], tenant, people)
    return str(tenant["key"])


@pytest.fixture(scope="module")
def voters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("voters")
    with nobody_is_slowed_down():
        yield from serve(folder, voting)


def code_of(town: Town) -> str:
    command = IssueCodes(tenant=town.tenant, actor=SYSTEM, poll="pr-letos", count=1)
    return town.parts.engine.execute(command)[0].code


def test_a_citizen_votes_on_a_phone_without_javascript(browser: Browser, voters: Town) -> None:
    code = code_of(voters)
    with Visitor.comes(browser, voters, width=PHONE, scripted=False) as citizen:
        citizen.goes("/")
        citizen.follows("Participativní rozpočet, letošní ročník")
        citizen.page.get_by_label("pro: +2").first.check()
        citizen.types("code", "AAAA-BBBB-CCCC")
        citizen.presses("Hlasovat")
        assert "Tento kód neplatí" in citizen.reads()
        assert citizen.page.get_by_label("pro: +2").first.is_checked()
        citizen.types("code", code)
        citizen.presses("Hlasovat")
        (receipt,) = set(RECEIPT.findall(citizen.reads()))
        citizen.follows("Ověřit potvrzenku")
        citizen.types("r", receipt)
        citizen.presses("Najít lístek")
        assert "leží v urně" in citizen.reads()


@pytest.mark.parametrize("width", [1280, PHONE])
@pytest.mark.parametrize(
    "path", ["/hlasovani", OPEN, COUNTED, f"{OPEN}/potvrzenka", "/sluzby/participatory_budget/pb_proposal"]
)
def test_pages_fit_and_axe_finds_nothing(browser: Browser, voters: Town, path: str, width: int) -> None:
    with Visitor.comes(browser, voters, width=width) as citizen:
        citizen.goes(path)
        citizen.looks("")


def test_the_coordinator_notes_a_voter_on_paper_and_sees_no_tally(browser: Browser, voters: Town) -> None:
    with Visitor.comes(browser, voters) as clerk:
        clerk.signs_in("koordinatorka", OFFICE)
        clerk.looks("letošní ročník")
        clerk.types("voter", code_of(voters))
        clerk.presses("Zapsat")
        assert "Na webu už tento člověk hlasovat nemůže" in clerk.reads()
        assert clerk.page.locator("table").count() == 0
