"""A participatory budget as people live through it: propose, support, assess, vote, count, build. Time is a clock's."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from engine.model import Actor, Applicant
from tests.browser.offices import begins, comes, office_of, told
from tests.browser.snapshots import snap
from tests.browser.test_office import desk, opens
from tests.browser.town import Town
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AGENDA = "participatory_budget"
VOTE = "/hlasovani/pr-2026"
RECEIPT = re.compile(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}")
OPINION = {"opinion_verdict": "yes", "opinion_text": "Bez připomínek."}
#: Who sends what nobody watches being written.
OTHER = Applicant(name="Jan Druhý", email="jan@example.cz")
OFFICES = {"investice": "investment", "zeleny": "environment", "pravnicka": "legal", "planovac": "planning"}


@pytest.fixture(scope="module")
def podhradi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town in January, whose clock stands until a test moves it."""
    with office_of(AGENDA, tmp_path_factory.mktemp("podhradi"), "2026-01-05T09:00") as town:
        yield town


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "#7a9").save(file, "JPEG")
    return file.getvalue()


def test_from_an_idea_to_a_finished_project(browser: Browser, podhradi: Town, tmp_path: Path) -> None:
    town = podhradi
    coordinator = Actor(kind="person", username="koordinatorka", name="K", groups=frozenset({"coordinator"}))
    call = begins(town, "pb_call", "call", told(AGENDA, "vyzva", support_needed=1), coordinator, OTHER)
    town.answer(call, "approve_call", "radni", "council", {"approval": "yes", "resolution": "12/2026"})
    comes(town, "2026-02-02T09:00")
    number = proposes(browser, town)
    other = begins(
        town, "pb_proposal", "proposal", told(AGENDA, "navrh", project_title="Druhý projekt"), applicant=OTHER
    )
    town.answer(other, "formal_check", "koordinatorka", "coordinator", {"formal_outcome": "ok"})
    is_checked(browser, town, number)
    for one in (number, other):
        is_supported(browser, town, one)
        is_assessed(browser, town, one, seen=one == number)
    comes(town, "2026-04-01T00:30")
    town.open_task(call, "confirm_list")
    with desk(browser, town, "radni") as councillor:
        opens(councillor, call, "Schválit hlasovací lístek")
        snap(councillor, "pb-listek-schvaleni")
        councillor.picks("/list_approval", "yes")
        councillor.presses("Dokončit úkol")
    comes(town, "2026-04-10T08:00")
    receipt = votes(browser, town)
    comes(town, "2026-05-01T00:30")
    result_is_seen(browser, town, receipt, tmp_path)
    comes(town, "2026-05-17T08:00")
    is_built(browser, town, number)


def proposes(browser: Browser, town: Town) -> str:
    """A citizen fills the proposal in four steps, with a picture and the place."""
    with Visitor.comes(browser, town) as citizen:
        citizen.goes("/sluzby/participatory_budget/pb_proposal")
        citizen.looks("Navrhnout projekt")
        citizen.follows("Začít vyplňovat")
        chooses(citizen, "/call_key", "Participativní rozpočet 2026")
        citizen.types("/project_title", "Stín na náměstí")
        citizen.types("/annotation", "Šest lip a lavičky místo rozpálené dlažby.")
        citizen.types("/description", "Na jižní straně náměstí vysadíme šest lip a postavíme čtyři lavičky.")
        citizen.presses("Pokračovat")
        citizen.types("/place/address", "Náměstí")
        stands_at(citizen, 50.5611, 15.9127)
        citizen.picks("/land_owner", "town")
        citizen.presses("Přidat obrázek")
        upload = {"name": "namesti.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        citizen.page.locator('[name="/photos/0/file"][type=file]').set_input_files(upload)
        citizen.types("/photos/0/alt", "Jižní strana náměstí s návrhem výsadby")
        snap(citizen, "pb-navrh", whole=True)
        citizen.presses("Pokračovat")
        citizen.types("/budget_items/0/item", "lípa srdčitá s výsadbou")
        citizen.types("/budget_items/0/quantity", "6")
        citizen.types("/budget_items/0/unit_price", "25000")
        citizen.presses("Pokračovat")
        citizen.picks("/proposer/kind", "person")
        citizen.types("/proposer/name", "Jana Malá")
        citizen.types("/proposer/email", "jana@example.cz")
        citizen.page.locator('[name="/declared"][type=checkbox]').check()
        citizen.presses("Pokračovat")
        citizen.looks("Zkontrolujte si odpovědi")
        citizen.presses("Odeslat")
        citizen.settles()
        assert citizen.page.locator(".number").count(), citizen.reads()
        return citizen.page.locator(".number").inner_text()


def stands_at(visitor: Visitor, latitude: float, longitude: float) -> None:
    """The phone tells where it is; who refuses it learns what to do instead."""
    button = visitor.page.get_by_role("button", name="Doplnit, kde teď jsem")
    button.click()
    expect(visitor.page.get_by_text("Prohlížeč polohu nesdělil")).to_be_visible()
    visitor.page.context.grant_permissions(["geolocation"])
    visitor.page.context.set_geolocation({"latitude": latitude, "longitude": longitude})
    button.click()
    expect(visitor.page.locator('[name="/place/lon"]')).to_have_value(f"{longitude:.6f}".replace(".", ","))


def chooses(visitor: Visitor, pointer: str, label: str) -> None:
    """Choose a line of a select or what a field offers, by its words."""
    control = visitor.page.locator(f'[name="{pointer}"]').first
    if control.evaluate("e => e.tagName") == "SELECT":
        control.select_option(label=label)
    else:
        control.fill(label)
    visitor.settles()


def is_checked(browser: Browser, town: Town, number: str) -> None:
    """The coordinator finds the proposal whole; it is published with its place on a map."""
    town.open_task(number, "formal_check")
    with desk(browser, town, "koordinatorka") as clerk:
        opens(clerk, number, "Zkontrolovat návrh")
        snap(clerk, "pb-kontrola")
        clerk.picks("/formal_outcome", "ok")
        clerk.presses("Dokončit úkol")
    with Visitor.comes(browser, town) as anybody:
        anybody.goes("/registry/pb_proposals")
        anybody.looks("")
        snap(anybody, "pb-mapa-navrhu")
        anybody.page.get_by_role("link", name="Stín na náměstí").last.click()
        anybody.looks("")
        link = anybody.page.get_by_role("link", name="Mapy.com")
        assert "50.561100" in (link.get_attribute("href") or "")
        expect(anybody.page.get_by_role("img", name="Jižní strana náměstí s návrhem výsadby")).to_be_visible()
        snap(anybody, "pb-verejny-navrh", whole=True)


def is_supported(browser: Browser, town: Town, number: str) -> None:
    """Somebody supports it by an address and confirms by the link in the letter."""
    data = told(AGENDA, "podpora", proposal=number, supporter_email=f"{number.lower()}@example.cz")
    support = begins(town, "pb_support", "support", data, applicant=OTHER)
    town.open_task(support, "confirm_support")
    letters = "".join(town.mails()).replace("=\n", "").replace("=3D", "=")
    (link, *_rest) = re.findall(rf"/p/{support}\?k=[\w-]+", letters)
    with Visitor.comes(browser, town, width=PHONE, scripted=False) as citizen:
        citizen.goes(link)
        citizen.page.locator(".turn-body .actions a").first.click()
        citizen.page.locator("input[type=checkbox]").check()
        citizen.presses("Odeslat")


def is_assessed(browser: Browser, town: Town, number: str, *, seen: bool) -> None:
    """Five offices say what they think at the same time; the coordinator sums it up."""
    town.open_task(number, "give_opinion")
    if seen:
        with desk(browser, town, "majetek") as clerk:
            opens(clerk, number, "Vyjádřit se k návrhu")
            clerk.looks("Vyjádřit se k návrhu")
            snap(clerk, "pb-vyjadreni")
            clerk.picks("/opinion_verdict", "yes")
            clerk.types("/opinion_text", "Pozemek je města.")
            clerk.presses("Dokončit úkol")
    else:
        town.answer_of(number, "give_opinion", "majetek", "property", OPINION)
    for username, group in OFFICES.items():
        town.answer_of(number, "give_opinion", username, group, OPINION)
    town.answer(number, "sum_up", "koordinatorka", "coordinator", {"verdict": "feasible"})


def votes(browser: Browser, town: Town) -> str:
    """A voter uses a code on a phone without scripts; nobody reads a tally. Gives the receipt."""
    with desk(browser, town, "koordinatorka") as clerk:
        clerk.goes("/prace/hlasovani/pr-2026")
        for _attempt in range(100):
            if clerk.page.locator('[name="count"]').count():
                break
            clerk.page.wait_for_timeout(300)
            clerk.goes("/prace/hlasovani/pr-2026")
        clerk.looks("Participativní rozpočet 2026")
        clerk.types("count", "2")
        with clerk.page.expect_download() as given:
            clerk.page.get_by_role("button", name="Vydat kódy").click()
        codes = re.findall(r"(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}", given.value.path().read_text("utf-8-sig"))
        snap(clerk, "pb-hlasovani-urad")
    with Visitor.comes(browser, town, width=PHONE, scripted=False) as voter:
        voter.goes("/registry/pb_calls")
        voter.follows("pr-2026")
        voter.follows("Stránka hlasování")
        voter.page.get_by_label("pro: +2").nth(0).check()
        voter.page.get_by_label("proti: −1").nth(1).check()
        voter.types("code", codes[0])
        snap(voter, "pb-listek", whole=True)
        voter.presses("Hlasovat")
        (receipt,) = set(RECEIPT.findall(voter.reads()))
        snap(voter, "pb-potvrzenka")
        voter.goes(VOTE)
        assert "Hlasů pro" not in voter.reads()
        assert voter.context.request.get(town.url + VOTE + "/data.json").status == 404
        voter.goes(f"{VOTE}/potvrzenka?r={receipt}")
        assert "leží v urně" in voter.reads()
    return receipt


def result_is_seen(browser: Browser, town: Town, receipt: str, folder: Path) -> None:
    """Everybody sees the result with its chart, and gets the same one by counting the published file again."""
    with Visitor.comes(browser, town) as anybody:
        for _attempt in range(100):
            answer = anybody.context.request.get(town.url + VOTE + "/data.json")
            if answer.ok:
                break
            anybody.page.wait_for_timeout(300)
        published = folder / "pr-2026.json"
        published.write_bytes(answer.body())
        anybody.goes(VOTE)
        anybody.looks("Participativní rozpočet 2026")
        snap(anybody, "pb-vysledek", whole=True)
        anybody.goes(f"{VOTE}/potvrzenka?r={receipt}")
        assert receipt in json.loads(published.read_text())["receipts"]
    counted = subprocess.run(
        [sys.executable, "-m", "web.cli", "count", str(published)], capture_output=True, text=True, check=False
    )
    assert counted.returncode == 0, counted.stdout + counted.stderr


def is_built(browser: Browser, town: Town, number: str) -> None:
    """The realiser writes down how the project goes; the last step is public at once."""
    until = 200
    with desk(browser, town, "resitel") as realiser:
        found = realiser.page.locator(".item", has_text="Zapsat pokrok")
        for _attempt in range(until):
            realiser.goes("/prace/ukoly?view=groups")
            if found.count():
                break
            realiser.page.wait_for_timeout(300)
        with realiser.page.expect_navigation():
            found.first.click()
        realiser.looks("Zapsat pokrok")
        realiser.picks("/milestone_step", "handover")
        realiser.types("/milestone_on", "10. 5. 2026")
        realiser.types("/milestone_text", "Lípy jsou zasazené.")
        realiser.types("/spent", "149000")
        realiser.picks("/progress", "done")
        snap(realiser, "pb-realizace-ukol")
        realiser.presses("Dokončit úkol")
    with Visitor.comes(browser, town) as anybody:
        anybody.goes("/registry/pb_milestones")
        anybody.looks("")
        expect(anybody.page.locator("main")).to_contain_text("Lípy jsou zasazené.")
        snap(anybody, "pb-realizace")
