"""The REST API as a program meets it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands import TerminateInstance
from engine.model import SYSTEM
from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, Desk, token
from tests.integration.web.program import API, COMPLETE, Program, application, problem

# --- who is asking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic c2VrOnNlaw=="}, {"Authorization": "Bearer "}],
    ids=["none", "wrong", "another scheme", "empty"],
)
def test_without_a_valid_token_nothing_is_told(desk: Desk, headers: dict[str, str]) -> None:
    answer = desk.app.test_client().get(f"{API}/human-tasks", headers=headers)
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_of_another_organisation_is_no_token(desk: Desk) -> None:
    own = {"Authorization": f"Bearer {token('spravce', desk.stage.tenant)}"}
    problem(desk.app.test_client().get(f"{API}/human-tasks", headers={**own, "Host": FOREIGN_HOST}), 401)
    foreign = {"Authorization": f"Bearer {token('spravce', FOREIGN)}"}
    problem(desk.app.test_client().get(f"{API}/human-tasks", headers=foreign), 401)
    assert (
        desk.app.test_client().get(f"{API}/human-tasks", headers={**foreign, "Host": FOREIGN_HOST}).status_code == 200
    )


def test_a_session_of_a_browser_is_no_token(desk: Desk) -> None:
    desk.sign_in("spravce")
    problem(desk.client.get(f"{API}/human-tasks"), 401)


# --- cases -----------------------------------------------------------------------------------------------------------


def test_a_program_starts_a_case_and_reads_it(desk: Desk) -> None:
    program = Program(desk, "sekretarka")
    answer = program.post("/process-instances", application(desk))
    assert answer.status_code == 201, answer.text
    started = answer.get_json()
    assert (started["business_key"], started["status"], started["version"]) == ("PRI-2026-0001", "running", 1)
    read = program.get(f"/process-instances/{started['id']}").get_json()
    assert read["process_key"] == "membership"
    assert program.get(f"/process-instances/{started['id']}/variables").get_json()["ico"] == "00276057"
    told = program.get(f"/process-instances/{started['id']}/history").get_json()
    assert told[0]["kind"] == "case-started" and told[0]["actor"] == "sekretarka"


def test_a_start_of_nothing_is_refused(desk: Desk) -> None:
    program = Program(desk, "sekretarka")
    problem(program.post("/process-instances", {"process_key": "nic"}), 404)
    problem(program.post("/process-instances", {}), 422)
    problem(program.post("/process-instances", {"process_key": "membership", "nonsense": 1}), 422)


def test_a_start_that_does_not_fit_the_form_is_refused_with_what_is_wrong(desk: Desk) -> None:
    program, body = Program(desk, "sekretarka"), application(desk)
    body["variables"] |= {"ico": "00276058", "note_of_mine": "x"}
    refused = problem(program.post("/process-instances", body), 422)
    assert [one["pointer"] for one in refused["errors"]] == ["/ico"]
    assert program.get("/process-instances").headers["X-Total-Count"] == "0"


def test_lists_come_in_pages_with_their_total(desk: Desk) -> None:
    desk.application()
    desk.application("liberecky_kraj")
    program = Program(desk, "sekretarka")
    answer = program.get("/process-instances", page_size=1, process_key="membership")
    assert len(answer.get_json()) == 1 and answer.headers["X-Total-Count"] == "2"
    assert program.get("/process-instances", page=3, page_size=1).get_json() == []
    problem(program.get("/process-instances", page_size=0), 422)
    problem(program.get("/process-instances", status="nonsense"), 422)


def test_only_operators_intervene_and_only_with_a_reason(desk: Desk) -> None:
    desk.application()
    one = Program(desk, "sekretarka").get("/process-instances").get_json()[0]["id"]
    problem(Program(desk, "sekretarka").post(f"/process-instances/{one}/suspend", {"reason": "x"}), 403)
    operator = Program(desk, "spravce")
    problem(operator.post(f"/process-instances/{one}/suspend", {"reason": ""}), 422)
    assert operator.post(f"/process-instances/{one}/suspend", {"reason": "soud"}).get_json()["status"] == "suspended"
    assert operator.post(f"/process-instances/{one}/resume", {"reason": "soud"}).get_json()["status"] == "running"
    assert operator.post(f"/process-instances/{one}/terminate", {"reason": "soud"}).get_json()["status"] == "terminated"
    problem(operator.post(f"/process-instances/{one}/suspend", {"reason": "soud"}), 409)


# --- tasks -----------------------------------------------------------------------------------------------------------


def test_a_program_claims_and_completes_a_task_once(desk: Desk) -> None:
    number = desk.application()
    program = Program(desk, "sekretarka")
    answer = program.get("/human-tasks", view="groups")
    assert answer.headers["X-Total-Count"] == "1"
    task = answer.get_json()[0]
    assert (task["node"], task["business_key"], task["assignee"]) == ("check", number, None)
    form = program.get(f"/human-tasks/{task['id']}/form").get_json()
    assert form["form"] == "completeness" and "outcome" in form["schema"]["properties"]
    assert program.post(f"/human-tasks/{task['id']}/claim").get_json()["assignee"] == "sekretarka"
    assert program.post(f"/human-tasks/{task['id']}/complete", COMPLETE).get_json()["state"] == "completed"
    problem(program.post(f"/human-tasks/{task['id']}/complete", COMPLETE), 409)
    problem(program.post(f"/human-tasks/{task['id']}/claim"), 409)
    desk.task(number, "vote")


def test_tasks_are_found_by_everything_the_inbox_knows(desk: Desk) -> None:
    number, program = desk.application(), Program(desk, "sekretarka")
    (task,) = program.get("/human-tasks").get_json()
    assert task["state"] == "open" and task["due_at"]

    def found(**query: Any) -> list[str]:
        return [one["node"] for one in program.get("/human-tasks", **query).get_json()]

    same = {"process_key": "membership", "candidate_group": "secretariat", "node": "check", "view": "groups"}
    assert found(**same, instance_id=task["instance_id"], q=number, sort="priority", state="open") == ["check"]
    assert found(due_before="2100-01-01T00:00:00Z") == ["check"] and found(due_before=task["due_at"]) == []
    assert [found(**{name: "qqq"}) for name in ("process_key", "candidate_group", "node", "assignee", "q")] == [[]] * 5
    program.post(f"/human-tasks/{task['id']}/claim")
    assert found(assignee="sekretarka") == found(view="mine") == found(state="claimed") == ["check"]
    assert found(state="open") == found(view="groups") == found(state="completed") == []
    program.post(f"/human-tasks/{task['id']}/complete", COMPLETE)
    assert found(state="completed") == ["check"] and "check" not in found()


def test_history_comes_in_pages_from_its_beginning(desk: Desk) -> None:
    desk.application()
    program = Program(desk, "sekretarka")
    path = f"/process-instances/{program.get('/process-instances').get_json()[0]['id']}/history"
    whole = program.get(path, page_size=500)
    assert len(whole.get_json()) == int(whole.headers["X-Total-Count"]) > 3
    pages = [program.get(path, page=n, page_size=2).get_json() for n in (1, 2)]
    assert pages[0] + pages[1] == whole.get_json()[:4]


def test_an_answer_that_does_not_fit_the_form_says_where(desk: Desk) -> None:
    number = desk.application()
    path = f"/human-tasks/{desk.task(number, 'check')}/complete"
    refused = problem(Program(desk, "sekretarka").post(path, {"data": {"outcome": "maybe"}}), 422)
    assert "/outcome" in {error["pointer"] for error in refused["errors"]}
    assert all(error["message"] for error in refused["errors"])
    desk.task(number, "check")


def test_rights_are_those_of_the_person(desk: Desk) -> None:
    task = desk.task(desk.application(), "check")
    problem(Program(desk, "hospodar").post(f"/human-tasks/{task}/complete", COMPLETE), 403)
    problem(Program(desk, "hospodar").post(f"/human-tasks/{task}/claim"), 403)
    problem(Program(desk, "sekretarka").get("/incidents"), 403)


def test_a_task_is_given_back_and_not_to_a_stranger(desk: Desk) -> None:
    task, program = desk.task(desk.application(), "check"), Program(desk, "sekretarka")
    program.post(f"/human-tasks/{task}/claim")
    assert program.post(f"/human-tasks/{task}/release").get_json()["assignee"] is None
    problem(program.post(f"/human-tasks/{task}/delegate", {"username": "nikdo"}), 404)


# --- messages, incidents, registers ----------------------------------------------------------------------------------


def test_a_message_finds_its_case_or_is_kept(desk: Desk) -> None:
    payment = desk.payment(desk.accepted())
    program = Program(desk, "spravce")
    paid = {
        "name": "payment.received",
        "correlation": {"variable_symbol": payment.variable_symbol},
        "payload": {"amount": payment.amount, "paid_on": "2026-06-02", "transaction": "x"},
        "message_id": "m-1",
    }
    answer = program.post("/messages", paid)
    assert answer.status_code == 202 and answer.get_json()["instance_id"], answer.text
    nobody = program.post("/messages", {**paid, "message_id": "m-2", "correlation": {"variable_symbol": "1"}})
    assert nobody.status_code == 202 and nobody.get_json()["instance_id"] is None
    problem(program.post("/messages", {"name": ""}), 422)


def test_incidents_are_listed_with_a_total(desk: Desk) -> None:
    answer = Program(desk, "spravce").get("/incidents")
    assert (answer.get_json(), answer.headers["X-Total-Count"]) == ([], "0")
    problem(Program(desk, "spravce").post("/incidents/0000/retry", {"reason": "x"}), 404)


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_an_incident_is_not_tried_again_for_a_reason_that_says_nothing(desk: Desk, reason: str | None) -> None:
    problem(Program(desk, "spravce").post("/incidents/0000/retry", {"reason": reason}), 422)


def test_registers_are_read_and_written_within_rights(desk: Desk) -> None:
    program, path = Program(desk, "sekretarka"), "/data-stores/members/records"
    town = {"ico": "00276057", "name": "Rokytnice", "kind": "regular", "since": "2026-07-01", "state": "active"}
    answer = program.post(path, {"data": town})
    assert answer.status_code == 201, answer.text
    record = answer.get_json()
    assert record["version"] == 1 and record["data"]["name"] == "Rokytnice"
    assert program.get(path, q="rokyt").headers["X-Total-Count"] == "1"
    client, address = desk.app.test_client(), f"{API}{path}/{record['id']}"
    changed = client.put(address, json={"data": {**town, "name": "Semily"}, "version": 1}, headers=program.headers)
    assert changed.get_json()["version"] == 2, changed.text
    stale = client.put(address, json={"data": town, "version": 1}, headers=program.headers)
    problem(stale, 409)
    read = client.get(address, headers=program.headers)
    assert read.headers["ETag"] == '"2"'
    old, now = ({**program.headers, "If-Match": tag} for tag in ('"1"', '"2"'))
    problem(client.put(address, json={"data": town}, headers=old), 412)
    problem(client.delete(address, headers=old), 412)
    problem(client.delete(f"{address}?version=1", headers=program.headers), 409)
    assert client.put(address, json={"data": town}, headers=now).headers["ETag"] == '"3"'
    assert client.delete(f"{address}?version=3", headers=program.headers).status_code == 204
    problem(client.get(address, headers=program.headers), 404)
    problem(program.post(path, {"data": {"ico": "12345678"}}), 422)
    problem(Program(desk, "vybor1").post(path, {"data": town}), 403)
    problem(program.get("/data-stores/nic/records"), 404)


# --- the same twice --------------------------------------------------------------------------------------------------


def test_the_same_request_with_its_key_happens_once(desk: Desk) -> None:
    program, body = Program(desk, "sekretarka"), application(desk)
    first = program.post("/process-instances", body, key="k-1")
    again = program.post("/process-instances", body, key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert program.get("/process-instances").headers["X-Total-Count"] == "1"


def test_a_key_is_of_one_request_and_of_one_person(desk: Desk) -> None:
    program, body = Program(desk, "sekretarka"), application(desk)
    assert program.post("/process-instances", body, key="k-1").status_code == 201
    problem(program.post("/process-instances", {**body, "variables": {"a": 1}}, key="k-1"), 422)
    problem(program.post("/process-instances", body, key="k" * 256), 422)
    assert Program(desk, "spravce").post("/process-instances", body, key="k-1").status_code == 201
    assert program.get("/process-instances").headers["X-Total-Count"] == "2"


def test_a_refusal_is_repeated_too(desk: Desk) -> None:
    program, one = Program(desk, "spravce"), {"process_key": "nic"}
    first = problem(program.post("/process-instances", one, key="k-2"), 404)
    assert problem(program.post("/process-instances", one, key="k-2"), 404) == first


# --- the description -------------------------------------------------------------------------------------------------


def references(node: Any) -> set[str]:
    """Every $ref of a document."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(one) for one in node.values()))
    return set().union(*(references(one) for one in node)) if isinstance(node, list) else set()


def test_the_api_describes_itself_as_openapi(desk: Desk) -> None:
    answer = desk.app.test_client().get(f"{API}/openapi.json")
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["openapi"].startswith("3.1") and told["info"]["title"] and told["info"]["version"]
    assert f"{API}/human-tasks/{{task_id}}/complete" in told["paths"]
    operations = [one for path in told["paths"].values() for name, one in path.items() if name != "parameters"]
    assert all(one["responses"] and one.get("summary") for one in operations)
    for reference in references(told):
        place: Any = told
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    for path, item in told["paths"].items():
        named = {one["name"] for one in item.get("parameters", []) if one.get("in") == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_an_ended_case_takes_no_more(desk: Desk) -> None:
    number = desk.application()
    task = desk.task(number, "check")
    one = Program(desk, "spravce").get("/process-instances").get_json()[0]["id"]
    execute = desk.stage.engine.execute
    execute(TerminateInstance(tenant=desk.stage.tenant, actor=SYSTEM, instance_id=one, reason="zkouška"))
    problem(Program(desk, "sekretarka").post(f"/human-tasks/{task}/complete", COMPLETE), 409)
