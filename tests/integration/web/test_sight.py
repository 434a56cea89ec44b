"""What a person of the staff sees of cases that aren't theirs; and a case whose number has slashes."""

from __future__ import annotations

from engine.commands import AddPerson, StartInstance
from engine.model import SYSTEM
from tests.integration.web.desk import QUICK, Desk
from web.tracking import tracking_url

SLASHED = "OV/666/18"


def hired(desk: Desk, name: str, *groups: str) -> None:
    """Somebody begins to work here and signs in."""
    facts = {"username": name, "name": name, "groups": groups, "password_hash": QUICK.hash(name)}
    desk.stage.engine.execute(AddPerson(tenant=desk.stage.tenant, actor=SYSTEM, **facts))
    desk.past = None
    desk.sign_in(name)


def test_a_clerk_of_another_agenda_finds_neither_the_case_nor_its_tasks(desk: Desk) -> None:
    number = desk.application()
    task = desk.task(number, "check")
    hired(desk, "cizi", "roads")
    for page in ("pripady", "pripady?q=rokytnice", "ukoly?view=all", "ukoly?view=applicant"):
        assert number not in desk.get(f"/prace/{page}"), page
    refused = desk.get(f"/prace/pripady/{number}", 403)
    assert "do agendy, ve které nepracujete" in refused
    desk.get(f"/prace/ukoly/{task}", 403)


def test_an_auditor_reads_the_case_and_is_offered_nothing_to_do(desk: Desk) -> None:
    number = desk.application()
    hired(desk, "kontrolor", "auditor")
    assert number in desk.get("/prace/pripady")
    story = desk.get(f"/prace/pripady/{number}")
    assert 'name="text"' not in story
    assert "/moznost/" not in story
    task = desk.get(f"/prace/ukoly/{desk.task(number, 'check')}")
    assert "/vzit" not in task and 'value="continue"' not in task


def test_a_number_with_slashes_opens_its_case_in_the_office_and_on_the_portal(desk: Desk) -> None:
    desk.application()
    facts = {"process_key": "member_years", "business_key": SLASHED}
    case = desk.stage.engine.execute(StartInstance(tenant=desk.stage.tenant, actor=SYSTEM, **facts))
    desk.sign_in("sekretarka")
    assert "/prace/pripady/OV~666~18" in desk.client.get(f"/prace/pripady?q={SLASHED}").headers["Location"]
    for tab in ("", "/diagram", "/dokumenty", "/lhuty"):
        assert SLASHED in desk.get(f"/prace/pripady/OV~666~18{tab}")
    path = tracking_url(desk.stage.parts.settings, "", SLASHED, case.instance_id)
    assert path.startswith("/p/OV~666~18?k=")
    assert desk.client.get(path).status_code == 303
    assert SLASHED in desk.get("/p/OV~666~18")
