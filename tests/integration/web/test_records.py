"""Registers at the desk: found, read, written, taken out; nobody's change is lost unseen."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.commands import SaveRecord
from engine.model import SYSTEM
from tests.integration.web.desk import Desk
from tests.unit.forms.browser import Page, changed

LIST = "/prace/registry/members"
TOWNS = (
    {"ico": "00276057", "name": "Rokytnice", "kind": "regular", "since": "2026-07-01", "state": "active"},
    {"ico": "00275000", "name": "Říčany", "kind": "affiliated", "since": "2026-01-15", "state": "active"},
    {"ico": "00240702", "name": "Aš", "kind": "regular", "since": "2025-03-01", "state": "ended"},
)


def keep(desk: Desk, **facts: Any) -> str:
    return desk.stage.engine.execute(SaveRecord(tenant=desk.stage.tenant, actor=SYSTEM, register="members", **facts))


@pytest.fixture
def towns(desk: Desk) -> dict[str, str]:
    """Ids by name."""
    found = {str(one["name"]): keep(desk, data=one) for one in TOWNS}
    desk.sign_in("sekretarka")
    return found


def names(html: str) -> list[str]:
    """What the list shows, in its order."""
    return re.findall(r'<th scope="row"><a href="/prace/registry/members/\w{26,32}">([^<]+)</a>', html)


def test_the_registers_one_may_read_are_offered_with_their_records(desk: Desk, towns: dict[str, str]) -> None:
    page = desk.get("/prace/registry")
    assert LIST in page and "číst i měnit" in page
    assert re.search(r'data-label="Záznamů">3<', page)


def test_records_are_found_by_words_and_counted_by_choices(desk: Desk, towns: dict[str, str]) -> None:
    assert len(names(desk.get(LIST))) == 3
    assert names(desk.get(f"{LIST}?q=ricany")) == ["Říčany"]
    page = desk.get(f"{LIST}?je.state=active")
    assert sorted(names(page)) == ["Rokytnice", "Říčany"]
    assert re.search(r'name="je.state" value="ended">[^<]+<span class="count">1<', page)


def test_a_list_is_narrowed_by_days_as_czechs_write_them(desk: Desk, towns: dict[str, str]) -> None:
    assert names(desk.get(f"{LIST}?od.since=1. 1. 2026&do.since=31. 1. 2026")) == ["Říčany"]
    assert "„včera“ není" in desk.get(f"{LIST}?od.since=včera")


def test_a_list_is_sorted_both_ways_and_by_no_field_that_is_not_there(desk: Desk, towns: dict[str, str]) -> None:
    assert names(desk.get(f"{LIST}?razeni=since")) == ["Aš", "Říčany", "Rokytnice"]
    assert names(desk.get(f"{LIST}?razeni=-since")) == ["Rokytnice", "Říčany", "Aš"]
    assert len(names(desk.get(f"{LIST}?razeni=nothing&je.nothing=1"))) == 3


def test_a_long_list_is_turned_there_and_back(desk: Desk) -> None:
    for number in range(120):
        keep(desk, data={**TOWNS[0], "ico": f"{number:08}", "name": f"Obec {number:03}"})
    desk.sign_in("sekretarka")
    seen: list[str] = []
    address, pages = LIST, []
    while address:
        html = desk.get(address)
        pages.append(names(html))
        seen += pages[-1]
        found = re.search(r'rel="next" href="([^"]+)"', html)
        address = found[1].replace("&amp;", "&") if found else ""
    assert [len(one) for one in pages] == [50, 50, 20]
    assert seen == sorted(set(seen))
    back = re.search(r'rel="prev" href="([^"]+)"', html)
    assert back is not None
    assert names(desk.get(back[1].replace("&amp;", "&"))) == pages[1]


def test_a_broken_place_in_a_list_is_refused(desk: Desk, towns: dict[str, str]) -> None:
    desk.get(f"{LIST}?za=[1,2]", 422)
    desk.get(f'{LIST}?razeni=changed_at&za=["x","y"]', 422)


def test_columns_are_chosen(desk: Desk, towns: dict[str, str]) -> None:
    page = desk.get(f"{LIST}?sloupec=name&sloupec=since")
    assert re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page) == ["Název", "Členem od"]


def test_a_record_is_added_by_its_form_and_its_faults_are_told(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    refused = desk.fill(f"{LIST}/novy", {"/name": "Jičín"})
    assert refused.status_code == 422
    added = desk.fill(
        f"{LIST}/novy",
        {"/name": "Jičín", "/ico": "00271632", "/kind": "regular", "/state": "active", "/since": "1. 2. 2026"},
    )
    assert added.status_code == 303, added.text
    page = desk.get(added.location)
    assert "Záznam je v registru" in page and "Jičín" in page and "Zapsáno" in page


def test_a_second_record_with_the_same_key_is_refused_at_its_field(desk: Desk, towns: dict[str, str]) -> None:
    said = {"/name": "Jiná", "/ico": "00276057", "/kind": "regular", "/state": "active", "/since": "1. 2. 2026"}
    refused = desk.fill(f"{LIST}/novy", said)
    assert refused.status_code == 422
    assert "V registru už je jiný záznam" in refused.text and 'value="Jiná"' in refused.text


def test_a_change_stands_in_the_history_in_words(desk: Desk, towns: dict[str, str]) -> None:
    path = f"{LIST}/{towns['Aš']}"
    changed = desk.fill(f"{path}/upravit", {"/name": "Město Aš", "_reason": "přejmenování"})
    assert changed.status_code == 303, changed.text
    page = desk.get(path)
    assert "<del>Aš</del> → <ins>Město Aš</ins>" in page and "Důvod: přejmenování" in page


def pairs_of(html: str) -> list[tuple[str, str]]:
    """What a browser would post of the page's form."""
    return Page(html.split('enctype="multipart/form-data"', 1)[1].split("</form>", 1)[0]).pairs


def test_the_change_of_the_other_one_is_shown_and_nothing_is_lost(desk: Desk, towns: dict[str, str]) -> None:
    path = f"{LIST}/{towns['Aš']}"
    form = desk.get(f"{path}/upravit")
    keep(desk, record_id=towns["Aš"], data={**TOWNS[2], "state": "active", "since": "2020-01-01"})
    mine = changed(changed(pairs_of(form), "/name", "Město Aš"), "/since", "2. 2. 2022")
    answer = desk.send(f"{path}/upravit", [*mine, ("_go", "continue")])
    assert answer.status_code == 409
    assert "obě změny" in answer.text and 'name="_version" value="2"' in answer.text
    assert 'value="Město Aš"' in answer.text and "změnili oba" in answer.text
    # Mine is not written yet; theirs stands.
    assert "2020" in desk.get(path) and "Město Aš" not in desk.get(path)
    again = desk.send(f"{path}/upravit", [*pairs_of(answer.text), ("_go", "continue")])
    assert again.status_code == 303
    page = desk.get(path)
    assert "Město Aš" in page and "2. 2. 2022" in page and "<del>ukončeno</del> → <ins>aktivní</ins>" in page


def test_a_record_is_taken_out_only_with_a_reason(desk: Desk, towns: dict[str, str]) -> None:
    path = f"{LIST}/{towns['Aš']}"
    assert desk.post(f"{path}/vyradit", {"_version": "1"}).status_code == 422
    assert desk.post(f"{path}/vyradit", {"_version": "1", "_reason": "omyl"}).status_code == 303
    assert "Aš" not in names(desk.get(LIST))
    page = desk.get(path)
    assert "Tento záznam už v registru není" in page and "Důvod: omyl" in page and "/upravit" not in page


def test_who_may_only_read_is_offered_nothing_to_write_and_refused(desk: Desk, towns: dict[str, str]) -> None:
    desk.sign_in("hospodar")
    page = desk.get(f"{LIST}/{towns['Aš']}")
    assert "/upravit" not in page
    desk.get(f"{LIST}/{towns['Aš']}/upravit", 403)
    desk.get(f"{LIST}/novy", 403)
