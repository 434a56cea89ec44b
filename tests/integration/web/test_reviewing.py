"""Changes of agendas approved by a second person, where the organisation wants it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.commands import ChangeTenant
from engine.model import SYSTEM
from tests.integration.web.desk import Desk
from tests.integration.web.test_modelling import KEY, changed, sent

RELEASE = f"{KEY}/zverejnit"
CHANGES = "/studio/membership/zmeny"
VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def author(desk: Desk) -> Desk:
    tenant = desk.stage.tenant
    desk.stage.engine.execute(ChangeTenant(tenant=tenant, actor=SYSTEM, name="Spolek", settings={"review": True}))
    desk.sign_in("autor")
    desk.post(f"{KEY}/otevrit", {}, KEY)
    sent(desk, "ulozit", xml=changed(), version="1")
    return desk


def seen(desk: Desk) -> str:
    """The version that the page of publishing shows."""
    found = VERSION.search(desk.get(RELEASE))
    assert found
    return found[1]


def test_the_author_can_neither_publish_nor_approve(author: Desk) -> None:
    page = author.get(RELEASE)
    assert "požádejte kolegu" in page
    assert "Schvaluji" not in page
    refused = author.post(RELEASE, {"version": seen(author)}, RELEASE)
    assert refused.status_code == 409
    assert "schválil někdo druhý" in refused.text
    own = author.post(f"{RELEASE}/schvalit", {"version": seen(author)}, RELEASE)
    assert own.status_code == 409
    assert "někdo jiný" in own.text


def test_somebody_else_approves_and_the_author_publishes(author: Desk) -> None:
    author.sign_in("spravce")
    assert "Schvaluji" in author.get(RELEASE)
    author.post(f"{RELEASE}/schvalit", {"version": seen(author)}, RELEASE)
    author.sign_in("autor")
    assert "Schválil(a)" in author.get(RELEASE)
    assert author.post(RELEASE, {"version": seen(author)}, RELEASE).status_code == 303
    assert "Zbrusu" in author.get(KEY)


def test_a_letter_waits_among_the_changes_and_goes_out_with_what_is_approved(author: Desk) -> None:
    letters = re.findall(r"/studio/membership/texty/(documents/[\w.]+)", author.get("/studio/membership"))
    address = f"/studio/membership/texty/{letters[0]}"
    text = author.get(address)
    version = VERSION.search(text)
    assert version
    content = author.agenda.files[letters[0]].decode() + "\n<!-- dodatek -->\n"
    kept = author.post(address, {"text": content, "_go": "publish", "version": version[1], "proposal": "0"}, address)
    assert (kept.status_code, kept.location) == (303, CHANGES)
    assert letters[0] in author.get(RELEASE)


def chosen(desk: Desk, *paths: str, **more: str) -> dict[str, Any]:
    """What the page of changes sends with these ticked."""
    seen = dict(re.findall(r'name="(seen:[^"]+)" value="(\d+)"', desk.get(CHANGES)))
    return {**seen, "with": list(paths), **more}


def test_a_letter_goes_out_on_its_own_once_somebody_else_has_approved_it(author: Desk) -> None:
    path = "messages/received.md"
    address = f"/studio/membership/texty/{path}"
    page = author.get(address)
    assert "Uložit mezi změny" in page and "> Zveřejnit</button>" not in page.replace("</svg>", "> ")
    version = VERSION.search(page)
    assert version
    text = author.agenda.files[path].decode() + "\nDodatek.\n"
    author.post(address, {"text": text, "_go": "keep", "version": version[1], "proposal": "0"}, address)
    assert "Dodatek." in author.get(CHANGES)
    assert "Schvaluji" not in author.get(CHANGES)
    refused = author.post(CHANGES, chosen(author, path), CHANGES)
    assert refused.status_code == 422 and "schválil někdo druhý" in refused.text
    author.sign_in("spravce")
    assert author.post(CHANGES, chosen(author, path, _go="approve"), CHANGES).status_code == 303
    author.sign_in("autor")
    assert author.post(CHANGES, chosen(author, path), CHANGES).status_code == 303
    assert "Dodatek." in author.get(address) and "Dodatek." not in author.get(CHANGES)


def test_a_card_and_parameters_wait_together_in_the_manifest(author: Desk) -> None:
    card, tuning = "/studio/membership/portal/membership", "/studio/membership/parametry"
    asked = {"title.cs": "Vstup do spolku", "summary.cs": "Přidejte se.", "version": "1", "proposal": "0"}
    assert author.post(card, asked, card).location == CHANGES
    assert "Vstup do spolku" in author.get(card)
    late = author.post(
        tuning, {"shown:board_quorum": "1", "board_quorum": "3", "version": "1", "proposal": "0"}, tuning
    )
    assert late.status_code == 409
    seen = re.search(r'name="proposal" value="(\d+)"', author.get(tuning))
    assert seen
    told = {"shown:board_quorum": "1", "board_quorum": "3", "version": "1", "proposal": seen[1]}
    assert author.post(tuning, told, tuning).status_code == 303
    page = author.get(CHANGES)
    assert "Vstup do spolku" in page and "Kolik členů výboru" in page


def test_a_change_that_nobody_looked_at_as_it_is_now_is_not_published(author: Desk) -> None:
    form = chosen(author, "application_completion.bpmn", _go="approve")
    form["seen:application_completion.bpmn"] = "77"
    assert author.post(CHANGES, form, CHANGES).status_code == 409
    assert author.post(CHANGES, chosen(author), CHANGES).status_code == 422
    at = {"path": "application_completion.bpmn", "seen": form["seen:application_completion.bpmn"]}
    assert author.post(f"{CHANGES}/zahodit", at, CHANGES).status_code == 409
    seen = chosen(author)["seen:application_completion.bpmn"]
    assert (
        author.post(f"{CHANGES}/zahodit", {"path": "application_completion.bpmn", "seen": seen}, CHANGES).status_code
        == 303
    )
    assert "Nic není rozpracované" in author.get(CHANGES)


def test_the_administrator_says_that_a_second_person_approves(desk: Desk) -> None:
    desk.sign_in("spravce")
    page = desk.get("/velin/organizace")
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    said = {name: value for name, value in fields.items() if not name.startswith(("csrf", "_"))}
    desk.post("/velin/organizace", {**said, "review": "1"}, "/velin/organizace")
    assert re.search(r'name="review" value="1" checked', desk.get("/velin/organizace"))
