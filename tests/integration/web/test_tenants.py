"""One organisation sees nothing of another one in its lists; what single addresses answer stands in `matrix.txt`."""

from __future__ import annotations

from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, Desk, token


def test_lists_of_another_organisation_are_empty(desk: Desk) -> None:
    number = desk.application()
    desk.sign_in("spravce", FOREIGN_HOST)
    for page in ("/prace/ukoly?view=all", "/prace/pripady", f"/prace/pripady?q={number}", "/prace/banka", "/velin"):
        assert f"/prace/pripady/{number}" not in desk.get(page)
    program = {"Authorization": f"Bearer {token('spravce', FOREIGN)}"}
    for path in ("human-tasks", "process-instances", "incidents", "data-stores/members/records"):
        answer = desk.client.get(f"/api/v1/{path}", headers=program)
        assert (answer.get_json(), answer.headers["X-Total-Count"]) == ([], "0"), path


def test_a_cookie_of_one_organisation_is_worth_nothing_at_another(desk: Desk) -> None:
    desk.sign_in("spravce")
    cookie = desk.client.get_cookie("radnice", domain="localhost")
    assert cookie is not None
    desk.client.host = FOREIGN_HOST
    desk.client.set_cookie("radnice", cookie.value, domain=FOREIGN_HOST)
    assert desk.client.get("/prace/ukoly").status_code == 302
