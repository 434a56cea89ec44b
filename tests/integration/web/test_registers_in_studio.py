"""An author changes what a register keeps, how it is used and when it begins a case; an office keeps records so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from engine.commands import SaveRecord
from engine.errors import Invalid
from engine.model import SYSTEM
from processes import catalogue
from processes.agenda import parse_agenda
from tests.integration.web.desk import Desk

VERSION = re.compile(r'name="version" value="(\d+)"')
METERS = "/studio/energy/registry/meters"
CONTRACTS = "/studio/energy/registry/contracts"


@pytest.fixture
def author(desk: Desk) -> Desk:
    """An author of an office that has the agenda of energy, with one short story."""
    agenda = catalogue.load("energy")
    kept = {
        path: content
        for path, content in agenda.files.items()
        if not path.startswith("scenarios/")
        or "12_rozdil" in path
        or path.startswith(("scenarios/_", "scenarios/files"))
    }
    desk.stage.engine.execute(catalogue.to_command(agenda, kept, desk.stage.tenant, SYSTEM))
    desk.sign_in("autor")
    return desk


def taken_up(desk: Desk, page: str) -> None:
    assert desk.post(f"{page}/otevrit", {}, page).status_code == 303


def edited(desk: Desk, page: str, verb: str, place: str = "", **said: str) -> int:
    version = VERSION.search(desk.get(page))
    assert version
    fields = {"edit": verb, "place": place, "version": version[1], **said}
    return desk.post(f"{page}/uprava", fields, page).status_code


def ticked(desk: Desk, page: str) -> dict[str, str]:
    """What the page's form would send, so that only what a test names changes."""
    html = desk.get(page)
    boxes = re.findall(r'<input type="checkbox" id="[^"]+" name="([^"]+)" value="1" checked', html)
    texts = re.findall(r'<input type="text" id="[^"]+" name="([^"]+)" value="([^"]*)"', html)
    return dict.fromkeys(boxes, "1") | {name: unescape(value) for name, value in texts if name != "label"}


def definition(desk: Desk, page: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(desk.client.get(f"{page}.json").data)
    return read


def published(desk: Desk, page: str) -> int:
    version = VERSION.search(desk.get(f"{page}/zverejnit"))
    assert version
    return desk.post(f"{page}/zverejnit", {"version": version[1]}, f"{page}/zverejnit").status_code


def test_a_new_field_is_kept_of_every_record(author: Desk) -> None:
    taken_up(author, METERS)
    assert edited(author, METERS, "add", label="Výrobce měřidla", kind="choice") == 303
    place = "/properties/vyrobce_meridla"
    page = f"{METERS}?pole={place}"
    said = {**ticked(author, page), "o:0:shown": "1", "u:index": "1", "k:required": ""}
    said |= {"o:0:label": "Itron", "o:0:value": "itron", "o:0:was": "0"}
    said |= {"o:1:label": "Landis", "o:1:value": "landis", "o:1:was": "1"}
    said.pop("k:required")
    assert edited(author, page.partition("?")[0], "details", place, **said) == 303
    made = definition(author, METERS)
    assert made["schema"]["properties"]["vyrobce_meridla"]["oneOf"] == [
        {"const": "itron", "title": "Itron"},
        {"const": "landis", "title": "Landis"},
    ]
    assert "vyrobce_meridla" in made["index"]
    assert "Přidáno: „Výrobce měřidla“" in author.get(f"{METERS}/zverejnit")
    assert published(author, METERS) == 303
    meter = {"serial": "E-1", "kind": "gas", "state": "active", "vyrobce_meridla": "landis"}
    save = SaveRecord(tenant=author.stage.tenant, actor=SYSTEM, register="meters", data=meter)
    assert author.stage.engine.execute(save)
    wrong = SaveRecord(
        tenant=author.stage.tenant,
        actor=SYSTEM,
        register="meters",
        data=meter | {"serial": "E-2", "vyrobce_meridla": "x"},
    )
    with pytest.raises(Invalid):
        author.stage.engine.execute(wrong)


def test_what_is_not_named_stays_as_it_was(author: Desk) -> None:
    before = definition(author, CONTRACTS)
    taken_up(author, CONTRACTS)
    place = "/properties/number"
    page = f"{CONTRACTS}?pole={place}"
    assert edited(author, CONTRACTS, "details", place, **ticked(author, page)) == 303
    assert edited(author, CONTRACTS, "whole", **ticked(author, CONTRACTS)) == 303
    made = definition(author, CONTRACTS)
    assert made == before
    assert list(made) == list(before)


def test_the_days_before_a_date_and_who_may_write(author: Desk) -> None:
    taken_up(author, CONTRACTS)
    said = ticked(author, CONTRACTS)
    assert said["w:0"] == "180"
    assert edited(author, CONTRACTS, "whole", **{**said, "w:0": "90; 200", "title": "Smlouvy na energie"}) == 303
    made = definition(author, CONTRACTS)
    assert made["watch"][0]["before"] == ["P200D", "P90D"]
    assert made["title"]["cs"] == "Smlouvy na energie"
    assert edited(author, CONTRACTS, "whole", **{**said, "w:0": "brzy"}) == 422
    assert definition(author, CONTRACTS) == made


def test_removing_a_field_takes_it_from_every_list(author: Desk) -> None:
    taken_up(author, METERS)
    assert "serial" in definition(author, METERS)["search"]
    assert edited(author, METERS, "remove", "/properties/serial") == 303
    made = definition(author, METERS)
    assert "serial" not in made["schema"]["properties"]
    assert not any("serial" in made.get(one, ()) for one in ("search", "index", "columns"))
    assert not any("serial" in key for key in made["unique"])
    # What still speaks of it is told before anything is published.
    assert published(author, METERS) == 422


def test_a_step_back_and_a_colleague_who_was_quicker(author: Desk) -> None:
    taken_up(author, METERS)
    before = definition(author, METERS)
    stale = VERSION.search(author.get(METERS))
    assert stale
    assert edited(author, METERS, "add", label="Poznámka", kind="long_text") == 303
    late = {"edit": "add", "place": "", "label": "Jiná", "kind": "text", "version": stale[1]}
    assert author.post(f"{METERS}/uprava", late, METERS).status_code == 409
    now = VERSION.search(author.get(METERS))
    assert now
    assert author.post(f"{METERS}/krok", {"version": now[1], "way": "back"}, METERS).status_code == 303
    assert definition(author, METERS) == before


@pytest.mark.parametrize("said", [{"label": "", "kind": "text"}, {"label": "Něco", "kind": "computed"}])
def test_what_cannot_be_added_is_refused(author: Desk, said: Mapping[str, str]) -> None:
    taken_up(author, METERS)
    before = definition(author, METERS)
    assert edited(author, METERS, "add", **said) == 422
    assert edited(author, METERS, "nonsense") == 422
    assert edited(author, METERS, "details", "/properties/nowhere") == 422
    assert definition(author, METERS) == before


def test_a_new_register_keeps_records_of_its_agenda(author: Desk) -> None:
    assert author.post("/studio/energy/registry/novy", {"title": ""}).status_code == 422
    answer = author.post("/studio/energy/registry/novy", {"title": "Klíče od kotelen"})
    page = answer.headers["Location"]
    assert page == "/studio/energy/registry/klice_od_kotelen"
    assert edited(author, page, "add", label="Kde visí", kind="text") == 303
    assert published(author, page) == 303
    assert "Klíče od kotelen" in author.get("/studio/energy")
    data = {"name": "Kotelna ZŠ", "kde_visi": "vrátnice"}
    save = SaveRecord(tenant=author.stage.tenant, actor=SYSTEM, register="klice_od_kotelen", data=data)
    assert author.stage.engine.execute(save)
    agenda = parse_agenda(catalogue.unpack(author.client.get("/studio/energy.zip").data))
    assert "klice_od_kotelen" in agenda.registers


def test_a_file_that_is_no_register_is_told(author: Desk) -> None:
    taken_up(author, METERS)
    before = definition(author, METERS)
    for text in ("{", "[]", '{"key": "meters"}', '{"key": "Meters", "schema": {}}'):
        version = VERSION.search(author.get(METERS))
        assert version
        answer = author.post(f"{METERS}/ulozit", {"xml": text, "version": version[1]}, METERS)
        assert answer.status_code == 422
        assert answer.json
        assert answer.json["message"]
    assert definition(author, METERS) == before


def test_a_register_of_another_agenda_is_changed_there(author: Desk) -> None:
    services = catalogue.load("services")
    files = {path: content for path, content in services.files.items() if not path.startswith("scenarios/")}
    author.stage.engine.execute(catalogue.to_command(services, files, author.stage.tenant, SYSTEM))
    page = "/studio/services/registry/members"
    said = author.get(page)
    assert f'action="{page}/otevrit"' not in said
    assert 'href="/studio/membership/registry/members"' in said
    assert f'action="{page}/otevrit"' not in author.get("/studio/services")
    assert author.post(f"{page}/otevrit", {}, "/studio/energy/registry/meters").status_code == 303
    assert "z něj jen čte" in author.get(page)
    taken_up(author, "/studio/membership/registry/members")
    assert "Zkontrolovat a zveřejnit" in author.get("/studio/membership/registry/members")
