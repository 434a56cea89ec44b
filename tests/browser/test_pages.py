"""Numbers and charts of an agenda: for the public of its register, for the staff of its cases."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from engine.commands import SaveRecord, StartInstance
from engine.model import SYSTEM, Applicant
from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KINDS = ("regular", "regular", "starter", "affiliated", "regular")


@pytest.fixture(scope="module")
def members(town: Town) -> Town:
    """A town with members of seven years."""
    for at in range(15):
        data = {
            "ico": f"{20_000_000 + at}",
            "name": f"Obec {at}",
            "kind": KINDS[at % 5],
            "since": f"{2018 + at % 7}-03-01",
            "state": "active",
        }
        town.parts.engine.execute(SaveRecord(tenant=town.tenant, actor=SYSTEM, register="members", data=data))
    return town


def test_the_public_sees_members_in_numbers(browser: Browser, members: Town) -> None:
    for width, dark in ((DESKTOP, False), (PHONE, True)):
        with Visitor.comes(browser, members, width=width, dark=dark) as visitor:
            visitor.goes("/")
            visitor.follows("Členové v číslech")
            visitor.looks("Členové v číslech")
            visitor.page.locator("summary").first.press("Enter")
            assert visitor.page.locator("table").first.locator("tbody th").all_inner_texts() == [
                "řádné",
                "startovací",
                "přidružené",
            ]
            assert visitor.downloads("CSV").decode("utf-8-sig").splitlines()[0] == "Druh členství,Podle druhu členství"


def test_the_office_sees_its_cases_in_numbers(browser: Browser, members: Town) -> None:
    start = StartInstance(
        tenant=members.tenant, actor=SYSTEM, process_key="member_years", applicant=Applicant(name="Obec")
    )
    members.parts.engine.execute(start)
    for width, dark in ((DESKTOP, False), (PHONE, True)):
        with desk(browser, members, "sekretarka", width=width, dark=dark) as secretary:
            secretary.goes("/prace/statistika")
            secretary.looks("Statistika")
            secretary.follows("Přihlášky a lhůty")
            secretary.looks("Přihlášky a lhůty")
            assert "Dnů do vyřízení v průměru" in secretary.reads()
