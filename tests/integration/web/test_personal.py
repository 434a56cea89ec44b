"""One person's data: found, taken away, erased by two administrators, held."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from engine.queries import personal
from engine.queries.cases import case
from engine.queries.people import tenants
from tests.integration.web.desk import Desk
from tests.integration.web.test_sight import hired

PAGE = "/velin/osobni-udaje"
ROKYTNICE = {"ico": "05129061"}


@pytest.fixture
def rokytnice(desk: Desk) -> str:
    """Number of an application of Rokytnice that ended; two administrators work here."""
    number = desk.application()
    hired(desk, "druhy", "admin")
    hired(desk, "spravce", "admin", "operator")
    desk.post(f"/velin/pripady/{number}/ukoncit", {"reason": "zkouška"}, page=f"/velin/pripady/{number}")
    return number


def ico_of(desk: Desk, number: str) -> dict[str, str]:
    with desk.stage.sessions() as session:
        found = case(session, desk.stage.tenant, number=number)
    return {"ico": found.applicant_ico}


def test_a_person_is_found_and_taken_away_with_files(desk: Desk, rokytnice: str) -> None:
    who = ico_of(desk, rokytnice)
    found = desk.post(PAGE, who, page=PAGE)
    assert rokytnice in found.get_data(as_text=True)
    packed = desk.post(f"{PAGE}/vyvoz.zip", who, page=PAGE)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read(next(name for name in names if name.endswith("case.json"))))
    assert told["forms"]
    assert len(names) > 2


def test_erasing_takes_two_and_leaves_a_protocol(desk: Desk, rokytnice: str) -> None:
    desk.post(f"{PAGE}/vymaz", {**ico_of(desk, rokytnice), "reason": "žádost"}, page=PAGE)
    assert f"{PAGE}/vymaz/" in desk.get(PAGE)
    with desk.stage.sessions() as session:
        (wish,) = personal.erasures(session, desk.stage.tenant)
    assert desk.post(f"{PAGE}/vymaz/{wish.id}/souhlas", {}, page=PAGE).status_code == 403
    desk.sign_in("druhy")
    desk.post(f"{PAGE}/vymaz/{wish.id}/souhlas", {}, page=PAGE)
    page = desk.get(PAGE)
    assert re.search(rf"Vymazané případy: {rokytnice}", page)
    desk.get(f"/prace/pripady/{rokytnice}", 404)
    with desk.stage.sessions() as session:
        assert tenants(session)
        (wish,) = personal.erasures(session, desk.stage.tenant)
    assert (wish.state, wish.subject) == ("done", None)


def test_what_is_held_is_left_and_the_protocol_says_so(desk: Desk, rokytnice: str) -> None:
    desk.post(f"{PAGE}/zadrzeni", {"number": rokytnice, "reason": "spor"}, page=PAGE)
    desk.post(f"{PAGE}/vymaz", {**ico_of(desk, rokytnice), "reason": "žádost"}, page=PAGE)
    with desk.stage.sessions() as session:
        (wish,) = personal.erasures(session, desk.stage.tenant)
    desk.sign_in("druhy")
    desk.post(f"{PAGE}/vymaz/{wish.id}/souhlas", {}, page=PAGE)
    assert f"{rokytnice} (zadržen)" in desk.get(PAGE)
    desk.get(f"/prace/pripady/{rokytnice}")


def test_what_is_missing_is_said_in_words(desk: Desk, rokytnice: str) -> None:
    for path, given in (
        ("", {"name": "Jan"}),
        ("/vyvoz.zip", {}),
        ("/vymaz", ico_of(desk, rokytnice)),
        ("/zadrzeni", {"number": "není", "reason": "x"}),
        ("/zadrzeni", {"reason": "x"}),
    ):
        answer = desk.post(f"{PAGE}{path}", given, page=PAGE)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.get_data(as_text=True)
