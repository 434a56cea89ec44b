"""Operators intervene over REST: carry cases to another version, move, correct."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.store.answers import AnswerRow
from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, Desk, token
from tests.integration.web.program import API, Program, problem


def started(desk: Desk) -> tuple[Program, str]:
    """An operator, and a case that waits for its check."""
    operator, number = Program(desk, "spravce"), desk.application()
    return operator, operator.get("/process-instances", q=number).get_json()[0]["id"]


def republished(desk: Desk, operator: Program) -> None:
    """The same agenda as a new version."""
    files = dict(desk.agenda.files)
    files["membership.bpmn"] += b"\n"
    assert operator.publishes(files).status_code == 201


def test_a_migration_is_rehearsed_then_done_then_taken_back(desk: Desk) -> None:
    operator, one = started(desk)
    republished(desk, operator)
    path = f"/process-instances/{one}/migrate"
    said = operator.post(path, {"reason": "new law", "version": 2, "rehearse": True}).get_json()
    assert (said["verdict"], said["case"]["version"], said["tasks_kept"]) == ("ok", 1, 1)
    assert operator.post(path, {"reason": "new law", "version": 2}).get_json()["case"]["version"] == 2
    (kept,) = operator.get("/operations", instance_id=one).get_json()
    assert (kept["kind"], kept["reason"], kept["undoable"]) == ("migrate", "new law", True)
    assert operator.post(f"/operations/{kept['id']}/undo", {"reason": "a mistake"}).status_code == 204
    assert operator.get(f"/process-instances/{one}").get_json()["version"] == 1
    problem(operator.post(f"/operations/{kept['id']}/undo", {"reason": "again"}), 409)


def test_a_rehearsal_under_an_idempotency_key_carries_nothing_out(desk: Desk) -> None:
    operator, one = started(desk)
    republished(desk, operator)
    path = f"/process-instances/{one}/migrate"
    assert operator.post(path, {"reason": "new law", "version": 2, "rehearse": True}, key="try").status_code == 200
    assert operator.post(path, {"reason": "new law", "version": 2}, key="do").status_code == 200
    with desk.stage.sessions() as session:
        found = {row.key: row.carried_out for row in session.scalars(select(AnswerRow))}
    assert found == {"try": False, "do": True}


def test_a_migration_without_a_place_for_what_is_open_is_refused_with_reasons(desk: Desk) -> None:
    operator, one = started(desk)
    problem(operator.post(f"/process-instances/{one}/migrate", {"reason": "x", "version": 9}), 404)
    problem(operator.post(f"/process-instances/{one}/migrate", {"reason": "", "version": 1}), 422)
    said = problem(operator.post(f"/process-instances/{one}/migrate", {"reason": "x", "version": 1}), 409)
    assert said["reasons"] == [{"code": "same-version", "node": "membership"}]


def test_a_token_is_moved_where_it_may_go(desk: Desk) -> None:
    operator, one = started(desk)
    place = next(p for p in operator.get(f"/process-instances/{one}/places").get_json() if p["node"] == "check")
    asked = {"reason": "sent back", "token": place["token"], "source": "check"}
    path = f"/process-instances/{one}/move"
    assert problem(operator.post(path, asked | {"target": "nowhere"}), 409)["code"] == "no-such-node"
    assert operator.post(path, asked | {"target": "check"}).status_code == 200
    problem(operator.post(path, asked | {"target": "check", "source": "vote"}), 409)


def test_variables_are_corrected_with_a_reason(desk: Desk) -> None:
    operator, one = started(desk)
    path = f"/process-instances/{one}/variables"
    problem(operator.post(path, {"reason": "x", "variables": {}}), 422)
    assert operator.post(path, {"reason": "typing error", "variables": {"name": "Rokytnice"}}).status_code == 200
    assert operator.get(path).get_json()["name"] == "Rokytnice"


@pytest.mark.parametrize("what", ["migrate", "move", "variables"])
def test_interventions_are_for_operators_of_the_same_organisation(desk: Desk, what: str) -> None:
    _, one = started(desk)
    bodies = {
        "migrate": {"version": 1},
        "move": {"token": "t1", "source": "check", "target": "check"},
        "variables": {"variables": {"name": "x"}},
    }
    body = bodies[what] | {"reason": "x"}
    problem(Program(desk, "sekretarka").post(f"/process-instances/{one}/{what}", body), 403)
    foreign = {"Authorization": f"Bearer {token('spravce', FOREIGN)}", "Host": FOREIGN_HOST}
    answer = desk.app.test_client().post(f"{API}/process-instances/{one}/{what}", json=body, headers=foreign)
    problem(answer, 404)
