"""The REST API as a program meets it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.commands import TerminateInstance
from engine.model import SYSTEM
from engine.store.answers import AnswerRow
from processes.catalogue import pack
from processes.scenarios.reading import as_json
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.web.desk import FOREIGN, FOREIGN_HOST, Desk, token

API = "/api/v1"
COMPLETE = {"data": {"outcome": "complete", "board_mode": "per_rollam"}}


class Program:
    """A program that speaks for a person."""

    def __init__(self, desk: Desk, username: str, **headers: str) -> None:
        self.desk = desk
        self.headers = {"Authorization": f"Bearer {token(username, desk.stage.tenant)}", **headers}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.desk.app.test_client().get(API + path, query_string=query, headers=self.headers)

    def post(self, path: str, body: Mapping[str, Any] | None = None, key: str = "") -> TestResponse:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.desk.app.test_client().post(API + path, json=body or {}, headers=headers)

    def publishes(self, files: Mapping[str, bytes]) -> TestResponse:
        body = {"file": (io.BytesIO(pack(files)), "agenda.zip")}
        return self.desk.app.test_client().post(f"{API}/deployments", data=body, headers=self.headers)


def application(desk: Desk) -> dict[str, Any]:
    """A body that starts a case: a town whose council has not decided yet."""
    forms = as_json(yaml.safe_load(desk.agenda.text("scenarios/_forms.yaml") or ""))
    told = {name: value for name, value in forms["rokytnice"].items() if name != "resolution"}
    return {"process_key": "membership", "variables": told | {"council_decided": "no"}}


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The body of a refusal, which must be problem+json."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status and body["title"] and body["detail"]
    return body


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


# --- deployments -----------------------------------------------------------------------------------------------------


def test_the_same_agenda_again_is_no_new_version(desk: Desk) -> None:
    answer = Program(desk, "spravce").publishes(desk.agenda.files)
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    assert (told["agenda"], told["version"], told["changed"]) == ("membership", 1, False)


def test_a_broken_agenda_is_refused_with_what_is_wrong(desk: Desk) -> None:
    diagram = desk.agenda.files["assess_fee.bpmn"]
    broken = {**desk.agenda.files, "assess_fee.bpmn": diagram.replace(b"</bpmn:definitions>", b"")}
    refused = problem(Program(desk, "spravce").publishes(broken), 422)
    assert any(one["file"] == "assess_fee.bpmn" and one["message"] for one in refused["problems"])
    problem(Program(desk, "sekretarka").publishes(desk.agenda.files), 403)
    definitions = Program(desk, "spravce").get("/process-definitions").get_json()
    assert {one["version"] for one in definitions} == {1}


def upload(program: Program, *files: tuple[str, bytes]) -> TestResponse:
    """Publish single files."""
    body = {"file": [(io.BytesIO(content), name) for name, content in files]}
    return program.desk.app.test_client().post(f"{API}/deployments", data=body, headers=program.headers)


ASK = diagram(
    start(), user("u", 'form="question" group="secretariat"'), end(), chain("s", "u", "e"), process="Ask_us"
).replace(b'name="Ask_us"', b'name="Zeptejte se"')
QUESTION = b'{"type": "object", "properties": {"question": {"type": "string", "title": "Dotaz"}}}'


def test_files_without_a_manifest_become_an_agenda_of_their_own(desk: Desk) -> None:
    program = Program(desk, "spravce")
    first = upload(program, ("ask.bpmn", ASK), ("question.json", QUESTION))
    assert first.status_code == 201, first.text
    told = first.get_json()
    assert (told["agenda"], told["version"], told["process_keys"]) == ("diagram_ask_us", 1, ["Ask_us"])
    again = upload(program, ("ask.bpmn", ASK), ("question.json", QUESTION)).get_json()
    assert (again["version"], again["changed"]) == (1, False)
    newer = upload(program, ("ask.bpmn", ASK), ("question.json", QUESTION.replace(b"Dotaz", b"Dotaz?"))).get_json()
    assert (newer["version"], newer["changed"]) == (2, True)
    found = program.get("/process-definitions", process_key="Ask_us", newest=True)
    assert [(one["version"], one["name"]) for one in found.get_json()] == [(2, "Zeptejte se")]
    started = program.post("/process-instances", {"process_key": "Ask_us"}).get_json()
    task = program.get("/human-tasks", instance_id=started["id"]).get_json()[0]
    assert program.get(f"/human-tasks/{task['id']}/form").get_json()["form"] == "question"


def test_a_body_without_a_file_or_with_no_zip_is_refused(desk: Desk) -> None:
    program = Program(desk, "spravce")
    problem(program.post("/deployments"), 415)
    body = {"file": (io.BytesIO(b"no zip"), "agenda.zip")}
    problem(desk.app.test_client().post(f"{API}/deployments", data=body, headers=program.headers), 422)


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


def test_files_are_told_apart_by_what_they_hold(desk: Desk) -> None:
    program = Program(desk, "spravce", **{"Idempotency-Key": "k-3"})
    first, again = (upload(program, ("ask.bpmn", ASK), ("question.json", QUESTION)) for _ in range(2))
    assert (first.status_code, again.status_code, again.get_json()) == (201, 201, first.get_json())
    assert again.headers["Idempotent-Replay"] == "true"
    problem(upload(program, ("ask.bpmn", ASK), ("question.json", QUESTION.replace(b"Dotaz", b"Dotaz?"))), 422)


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


# --- interventions ---------------------------------------------------------------------------------------------------


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
