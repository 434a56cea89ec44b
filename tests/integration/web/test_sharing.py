"""Agendas of others in the studio: offered, compared in words, taken over, updated beside one's own changes."""

from __future__ import annotations

import re

import pytest

from engine.model import SYSTEM
from engine.queries.definitions import agendas, files_of
from engine.queries.offering import offers
from processes.catalogue import to_command
from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, Desk

PAGE = "/studio/nabidky"


@pytest.fixture
def mail(desk: Desk) -> str:
    return next(path for path in sorted(desk.agenda.files) if path.startswith("messages/"))


def published(desk: Desk, tenant: str, **changed: bytes) -> None:
    files = {**desk.agenda.files, **changed}
    desk.past = None
    desk.stage.engine.execute(to_command(desk.agenda, files, tenant, SYSTEM))


def offered(desk: Desk, note: str = "") -> str:
    desk.sign_in("spravce")
    desk.past = None
    assert desk.post(f"{PAGE}/nabidnout", {"agenda": "membership", "note": note}, page=PAGE).status_code == 303
    with desk.stage.sessions() as session:
        return offers(session, FOREIGN)[0].id


def mine(desk: Desk) -> dict[str, bytes]:
    with desk.stage.sessions() as session:
        (newest,) = agendas(session, FOREIGN)
        return dict(files_of(session, FOREIGN, newest.deployment_id))


def taken(desk: Desk, offer: str, **more: str) -> None:
    page = desk.get(f"{PAGE}/{offer}")
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    answer = desk.post(f"{PAGE}/{offer}/prevzit", {"seen": seen[1], **more}, page=f"{PAGE}/{offer}")
    assert answer.status_code == 303, answer.text[:3000]


def test_an_offer_is_seen_by_others_with_its_note_and_the_same_has_nothing_to_take(desk: Desk) -> None:
    offer = offered(desk, "Nový dopis")
    assert "Co nabízíme my" in desk.get(PAGE) and "Stáhnout nabídku" in desk.get(PAGE)
    desk.get(f"{PAGE}/{offer}", 404)
    desk.sign_in("spravce", FOREIGN_HOST)
    page = desk.get(PAGE)
    assert "Nový dopis" in page and "nepřevzatá" in page and f"{PAGE}/{offer}" in page
    assert "Máte všechno, co v ní je." in desk.get(f"{PAGE}/{offer}")


def test_an_update_is_told_and_keeps_own_changes_beside_theirs(desk: Desk, mail: str) -> None:
    home = desk.stage.tenant
    published(desk, home, **{mail: b"# A\n\nfirst\n"})
    desk.sign_in("spravce", FOREIGN_HOST)
    first = offered(desk)
    desk.sign_in("spravce", FOREIGN_HOST)
    page = desk.get(f"{PAGE}/{first}")
    assert "Změnili jste vy i oni" in page and "+first" in page
    taken(desk, first, theirs=mail)
    assert mine(desk)[mail] == b"# A\n\nfirst\n"
    own = {**mine(desk), "documents/own.md": b"ours"}
    desk.stage.engine.execute(to_command(desk.agenda, own, FOREIGN, SYSTEM))
    form = desk.agenda.files["forms/application.json"].replace("IČO".encode(), "IČ organizace".encode())
    published(desk, home, **{mail: b"# A\n\nsecond\n", "forms/application.json": form})
    second = offered(desk)
    desk.sign_in("spravce", FOREIGN_HOST)
    assert "nabízí novější verzi agendy, kterou jste převzali" in desk.get("/studio")
    page = desk.get(f"{PAGE}/{second}")
    assert "Co se tu změní" in page and "Vaše vlastní změny, které zůstanou" in page and "documents/own.md" in page
    assert "IČ organizace" in page
    taken(desk, second)
    files = mine(desk)
    assert files[mail] == b"# A\n\nsecond\n" and files["documents/own.md"] == b"ours"
    assert "nabízí novější verzi" not in desk.get("/studio") and "máte ji" in desk.get(PAGE)


def test_a_stale_page_and_a_withdrawn_offer_take_nothing(desk: Desk, mail: str) -> None:
    published(desk, desk.stage.tenant, **{mail: b"# A\n\nfirst\n"})
    offer = offered(desk)
    desk.sign_in("spravce", FOREIGN_HOST)
    before = mine(desk)
    answer = desk.post(f"{PAGE}/{offer}/prevzit", {"seen": "older"}, page=f"{PAGE}/{offer}")
    assert answer.status_code == 409 and "Mezitím tu někdo zveřejnil jinou verzi" in answer.text
    assert desk.post(f"{PAGE}/{offer}/stahnout", {}, page=PAGE).status_code == 404
    desk.sign_in("spravce")
    assert desk.post(f"{PAGE}/{offer}/stahnout", {}, page=PAGE).status_code == 303
    desk.sign_in("spravce", FOREIGN_HOST)
    desk.get(f"{PAGE}/{offer}", 404)
    assert mine(desk) == before
