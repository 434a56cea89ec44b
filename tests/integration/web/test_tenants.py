"""One organisation sees nothing of another one in its lists; what single addresses answer stands in `matrix.txt`."""

from __future__ import annotations

import pytest

from engine.commands import ChangeTenant
from engine.model import SYSTEM
from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, Desk, token
from web.settings import Settings
from web.tenancy import Tenant, seen_at


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


def test_links_in_mails_and_on_pages_lead_to_the_host_of_the_organisation(desk: Desk) -> None:
    own = {"name": "Svaz", "settings": {"hosts": ["svaz.example"]}}
    desk.past = None
    desk.stage.engine.execute(ChangeTenant(tenant=desk.stage.tenant, actor=SYSTEM, **own))
    number = desk.application()
    mails = [mail.text for mail in desk.stage.mailer.sent if number in mail.text and "/p/" in mail.text]
    assert mails and all(f"http://svaz.example:8000/p/{number}?k=" in text for text in mails)


@pytest.mark.parametrize(
    ("hosts", "listed", "seen"),
    [
        ({}, [], "https://radnice.example"),
        ({}, ["Mesto.example", "druhe.example"], "https://mesto.example"),
        ({"listed.example": "mesto", "jinde.example": "jinde"}, [], "https://listed.example"),
        ({}, ["mesto.example", "radnice.example"], "https://radnice.example"),
        ({}, None, "https://radnice.example"),
    ],
)
def test_an_organisation_is_seen_at_its_first_own_host(hosts: dict[str, str], listed: list[str], seen: str) -> None:
    office = Tenant(key="mesto", name="Město", settings={"hosts": listed})  # type: ignore[dict-item]
    assert seen_at(Settings(hosts=hosts, base_url="https://radnice.example"), office) == seen
