"""Publishing over REST: an agenda, its files, a body that is none."""

from __future__ import annotations

import io

from werkzeug.test import TestResponse

from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.web.desk import Desk
from tests.integration.web.program import API, Program, problem


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


def test_files_are_told_apart_by_what_they_hold(desk: Desk) -> None:
    program = Program(desk, "spravce", **{"Idempotency-Key": "k-3"})
    first, again = (upload(program, ("ask.bpmn", ASK), ("question.json", QUESTION)) for _ in range(2))
    assert (first.status_code, again.status_code, again.get_json()) == (201, 201, first.get_json())
    assert again.headers["Idempotent-Replay"] == "true"
    problem(upload(program, ("ask.bpmn", ASK), ("question.json", QUESTION.replace(b"Dotaz", b"Dotaz?"))), 422)
