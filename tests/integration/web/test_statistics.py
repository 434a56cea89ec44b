"""Statistics in the workplace: whose pages they are, and what of them a person may see."""

from __future__ import annotations

import re

from engine.model import SYSTEM
from engine.store.audit import AuditEventRow
from processes.catalogue import to_command
from tests.integration.web.desk import Desk

HEAD = (
    'title.cs = "Adresy členů"\ngroups = ["treasurer", "board"]\n[[blocks]]\nkind = "bar"\ntitle.cs = "Podle adresy"\n'
)
BY_EMAIL = HEAD + 'register = "members"\nby = "email"\n'
TWO = BY_EMAIL + '[[blocks]]\nkind = "bar"\ntitle.cs = "Podle druhu"\nregister = "members"\nby = "kind"\n'
#: Of the board, which may not read members' e-mails.
MEMBER_OF_BOARD = "vybor1"


def publish(desk: Desk, page: str) -> None:
    """The agenda once more, with a page of its own."""
    desk.past = None
    files = {**desk.agenda.files, "pages/addresses.toml": page.encode()}
    desk.stage.engine.execute(to_command(desk.agenda, files, desk.stage.tenant, SYSTEM))


def test_a_page_of_which_somebody_may_see_nothing_is_not_offered_and_not_there(desk: Desk) -> None:
    publish(desk, BY_EMAIL)
    desk.sign_in("hospodar")
    assert "Adresy členů" in desk.get("/prace/statistika")
    desk.sign_in(MEMBER_OF_BOARD)
    assert "Adresy členů" not in desk.get("/prace/statistika")
    assert desk.client.get("/prace/statistika/membership/addresses").status_code == 404


def test_numbers_that_somebody_may_not_see_are_missing_and_the_others_are_there(desk: Desk) -> None:
    publish(desk, TWO)
    desk.sign_in(MEMBER_OF_BOARD)
    told = desk.get("/prace/statistika/membership/addresses")
    assert len(re.findall("Tahle čísla vidí jen", told)) == 1 and "Podle druhu" in told
    assert desk.client.get("/prace/statistika/membership/addresses/1.csv").status_code == 403
    assert desk.client.get("/prace/statistika/membership/addresses/2.csv").status_code == 200


def test_a_page_that_can_not_be_read_is_told_to_authors_only(desk: Desk) -> None:
    publish(desk, "title = [")
    for username, told in (("autor", True), ("spravce", True), ("sekretarka", False)):
        desk.sign_in(username)
        assert ("membership/pages/addresses.toml" in desk.get("/prace/statistika")) is told


def test_the_audit_knows_only_of_numbers_that_were_taken_away(desk: Desk) -> None:
    publish(desk, TWO)
    desk.sign_in("hospodar")
    address = "/prace/statistika/membership/addresses/1.csv"
    assert desk.client.head(address).status_code == 200
    ahead = desk.client.get(address, headers={"Sec-Purpose": "prefetch"})
    assert (ahead.status_code, ahead.data) == (503, b"")
    assert desk.client.get(address.replace("csv", "exe")).status_code == 404
    assert taken(desk) == 0
    assert desk.client.get(address).status_code == 200
    assert taken(desk) == 1


def taken(desk: Desk) -> int:
    """How many times somebody took numbers away."""
    with desk.stage.sessions() as session:
        return session.query(AuditEventRow).filter_by(kind="exported").count()
