"""Views of the inbox under a name: who has them, what they show, how much is in each."""

from __future__ import annotations

import re

from tests.integration.web.desk import Desk

VIEWS = "/prace/pohledy"


def save(desk: Desk, name: str, query: str, group: str = "") -> None:
    path = f"{VIEWS}?keep=1&{query}"
    answer = desk.client.post(
        f"{VIEWS}?{query}", data={"csrf_token": token(desk.get(path)), "name": name, "group": group}
    )
    assert answer.status_code == 303, answer.text


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_view_keeps_its_filters_and_tells_how_much_is_in_it(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    save(desk, "Do měsíce", "view=all&due=month&sort=legal")
    save(desk, "Dnes", "view=all&due=today")
    counts = re.findall(r'<span class="count">(\d+)</span>', desk.get(f"{VIEWS}/pocty"))
    assert counts == ["0", "1"], "Dnes, Do měsíce"
    menu = desk.get("/prace/ukoly?view=all")
    address = re.search(r'href="(/prace/ukoly\?[^"]+)"><span>Do měsíce', menu)
    assert address
    page = desk.get(address[1].replace("&amp;", "&"))
    assert number in page and "Do měsíce<svg" in page


def test_a_shared_view_is_everybodys_of_the_group_and_counts_for_whoever_looks(desk: Desk) -> None:
    desk.application()
    desk.sign_in("sekretarka")
    save(desk, "K převzetí", "view=groups", "secretariat")
    assert '<span class="count">1</span>' in desk.get(f"{VIEWS}/pocty")
    desk.sign_in("vybor1")
    assert "K převzetí" not in desk.get(f"{VIEWS}/pocty")
    desk.sign_in("sekretarka")
    view = re.search(r"/prace/pohledy/(\w+)/smazat", desk.get(VIEWS))
    assert view
    desk.sign_in("vybor1")
    assert desk.post(f"{VIEWS}/{view[1]}/smazat", {}, VIEWS).status_code == 404
    desk.sign_in("sekretarka")
    assert desk.post(f"{VIEWS}/{view[1]}/smazat", {}, VIEWS).status_code == 303
    assert "K převzetí" not in desk.get(VIEWS)


def test_a_view_without_a_name_or_for_a_foreign_group_comes_back_with_what_was_typed(desk: Desk) -> None:
    desk.sign_in("sekretarka")
    path = f"{VIEWS}?keep=1&view=all"
    refused = desk.post(path, {"name": " ", "group": "secretariat"})
    assert refused.status_code == 422 and "Napište název" in refused.text
    assert re.search(r'value="secretariat" selected', refused.text)
    refused = desk.post(path, {"name": "Můj", "group": "board"})
    assert refused.status_code == 422 and "ve které jste" in refused.text and 'value="Můj"' in refused.text


def test_the_applicant_narrows_the_list_by_name_without_accents_and_by_company_number(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("sekretarka")
    page = desk.get("/prace/ukoly?view=all")
    assert number in page
    for asked, there in (("rokyt", True), ("00276057", True), ("276057", True), ("Dolni", False), ("123", False)):
        assert (number in desk.get(f"/prace/ukoly?view=all&applicant={asked}")) is there, asked


def test_a_list_sorted_by_the_deadline_of_the_case_tells_that_day(desk: Desk) -> None:
    desk.application()
    desk.sign_in("sekretarka")
    assert "řízení do" in desk.get("/prace/ukoly?view=all&sort=legal")
    assert "řízení do" not in desk.get("/prace/ukoly?view=all")
