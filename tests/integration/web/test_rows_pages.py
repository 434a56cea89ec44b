"""Rows in time at the desk and for programs: lists, pictures, labels, tokens; what a register of rows refuses."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from engine.commands import AddPerson, AddToken, AppendRows, SaveRecord
from engine.model import SYSTEM, RowPhoto
from processes.catalogue import load, to_command
from tests.integration.web.desk import QUICK, Desk, token
from tests.integration.web.program import Program, problem

PATH, NAME = "/prace/registry/readings", "energetik"


@pytest.fixture
def meter(desk: Desk) -> str:
    """A meter with three readings, one of them held back and photographed; the energy manager has signed in."""
    tenant, execute = desk.stage.tenant, desk.stage.engine.execute
    agenda = load("energy")
    execute(to_command(agenda, agenda.files, tenant, SYSTEM))
    person = {"username": NAME, "name": "Jana Energetická", "groups": ["energy"]}
    execute(AddPerson(tenant=tenant, actor=SYSTEM, **person, password_hash=QUICK.hash(NAME)))
    secret = sha256(token(NAME, tenant).encode()).hexdigest()
    execute(AddToken(tenant=tenant, actor=SYSTEM, username=NAME, token_hash=secret))
    data = {"serial": "E-1", "place": "Škola", "kind": "electricity", "town": "Šluknov", "state": "active"}
    made = execute(SaveRecord(tenant=tenant, actor=SYSTEM, register="meters", data=data))
    rows = [
        {"meter": "E-1", "at": at, "counter": counter}
        for at, counter in (("2026-04-01", 100), ("2026-05-01", 160), ("2026-05-02", 50))
    ]
    photos = {2: RowPhoto(media_type="image/png", content=b"picture")}
    execute(AppendRows(tenant=tenant, actor=SYSTEM, register="readings", rows=rows, sent_by="label", photos=photos))
    desk.sign_in(NAME)
    return made


def test_the_register_of_readings_lists_meters_with_the_newest_one(desk: Desk, meter: str) -> None:
    page = desk.get(PATH)
    assert f"{PATH}/radky/{meter}" in page and "E-1, Škola" in page
    assert "Nový záznam" not in page
    assert "Nic tu není" not in desk.get(f"{PATH}?q=skola") and "E-1" not in desk.get(f"{PATH}?q=nemocnice")


def test_what_came_for_one_meter_is_listed_with_its_picture(desk: Desk, meter: str) -> None:
    page = desk.get(f"{PATH}/radky/{meter}")
    assert "nižší než předchozí" in page and "Spotřeba po měsících" in page
    (address,) = set(re.findall(rf"{PATH}/foto/\w+", page))
    answer = desk.client.get(address)
    assert (answer.data, answer.mimetype) == (b"picture", "image/png")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    held = desk.get(f"{PATH}/radky/{meter}?stav=held")
    assert "nižší než předchozí" in held and "160" not in held.split("<tbody>")[-1]
    assert "Odečty" in desk.get(f"/prace/registry/meters/{meter}")


def test_nobody_without_the_right_sees_rows_pictures_or_keys(desk: Desk, meter: str) -> None:
    (address,) = set(re.findall(rf"{PATH}/foto/\w+", desk.get(f"{PATH}/radky/{meter}")))
    desk.sign_in("sekretarka")
    for path in (PATH, f"{PATH}/radky/{meter}", address, f"{PATH}/klice", f"{PATH}/stitky.pdf"):
        desk.get(path, 403)


@pytest.mark.parametrize("path", ["novy", "import"])
def test_a_register_of_rows_takes_no_records_and_says_why(desk: Desk, meter: str, path: str) -> None:
    assert "Ručně jako záznam se nezapisují" in desk.get(f"{PATH}/{path}", 422)


def test_a_token_is_shown_when_asked_for_and_another_one_after_it_was_revoked(desk: Desk, meter: str) -> None:
    assert not re.search(r"<code[^>]*>[\w-]+\.[\w-]+</code>", desk.get(f"{PATH}/klice"))

    def given(do: str) -> str:
        answer = desk.post(f"{PATH}/klice", {"set": "Šluknov", "do": do})
        return re.findall(r"<code[^>]*>([\w-]+\.[\w-]+)</code>", answer.text)[0]

    first = given("show")
    second = given("revoke")
    assert first != second == given("show")
    assert "Jana Energetická" in desk.get(f"{PATH}/klice")
    assert desk.post(f"{PATH}/klice", {"set": "Jinde", "do": "show"}).status_code == 422


def test_a_label_is_revoked_from_the_page_of_its_meter(desk: Desk, meter: str) -> None:
    page = f"{PATH}/radky/{meter}"
    assert desk.post(f"{page}/stitek", {}, page=page).status_code == 303
    assert "Štítek už neplatí" in desk.get(page) and "Naposledy zneplatněný" in desk.get(page)


def test_labels_are_printed(desk: Desk, meter: str) -> None:
    answer = desk.client.get(f"{PATH}/stitky.pdf?q=E-1")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    desk.get(f"{PATH}/stitky.pdf?q=nemocnice", 404)


def test_programs_read_rows_and_totals(desk: Desk, meter: str) -> None:
    program = Program(desk, NAME)
    answer = program.get("/data-stores/readings/rows", record=meter)
    assert answer.headers["X-Total-Count"] == "3"
    assert [(row["value"], row["state"]) for row in answer.json] == [(50, "held"), (160, "counted"), (100, "counted")]
    held = program.get("/data-stores/readings/rows", record=meter, state="held", since="2026-05-01T00:00:00Z")
    assert [row["reason"] for row in held.json] == ["lower"]
    totals = program.get("/data-stores/readings/totals", record=meter)
    assert totals.json == [{"period": "2026-04", "channel": "", "total": 60}]
    assert len(program.get("/data-stores/readings/totals", record=meter, span="day", since="2026-04-29").json) == 2


def test_programs_are_refused_with_the_reason(desk: Desk, meter: str) -> None:
    program = Program(desk, NAME)
    problem(program.get("/data-stores/readings/rows"), 422)
    problem(program.get("/data-stores/readings/rows", record=meter, state="lost"), 422)
    problem(program.get("/data-stores/readings/totals", record=meter, since="soon"), 422)
    problem(program.get("/data-stores/readings/rows", record="0" * 32), 404)
    problem(program.get("/data-stores/meters/rows", record=meter), 404)
    problem(Program(desk, "sekretarka").get("/data-stores/readings/totals", record=meter), 403)
    refused = problem(program.post("/data-stores/readings/records", {"data": {"meter": "E-1"}}), 422)
    assert "rows in time" in refused["detail"]
