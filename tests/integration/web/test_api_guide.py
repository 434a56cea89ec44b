"""The examples of docs/api.md, run as they stand; only curl itself is played."""

from __future__ import annotations

import io
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands import AddPerson, AddToken, StartInstance
from engine.model import SYSTEM
from processes.agenda import parse_agenda
from processes.catalogue import pack
from tests.integration.diagrams import chain, diagram, end, script, start, user
from web.app import create_app
from web.limits import limiter
from web.stage import MemoryStage, make_stage

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "api.md"
BASE = "http://localhost/api/v1"
SECRET = "secret-of-the-guide"
BEGINS = '<bpmn:extensionElements><radnice:start form="question"/></bpmn:extensionElements>'


def form(name: str) -> bytes:
    return json.dumps(
        {"type": "object", "properties": {name: {"type": "string", "title": name}}, "required": [name]}
    ).encode()


FILES = {
    "agenda.toml": b'key = "question"\ntitle = {cs = "Dotaz"}\n[groups.office]\ncs = "Podatelna"\n',
    "question.bpmn": diagram(
        start("s", BEGINS),
        user("reply", 'form="answer" group="office"'),
        end(),
        chain("s", "reply", "e"),
        process="question",
    ),
    "broken.bpmn": diagram(
        start("begun"),
        script("ask", "answer = nobody_said"),
        end("over"),
        chain("begun", "ask", "over"),
        process="broken",
    ),
    "forms/question.json": form("text"),
    "forms/answer.json": form("answer"),
    "registers/questions.json": json.dumps(
        {
            "key": "questions",
            "title": {"cs": "Dotazy"},
            "schema": json.loads(form("text")),
            "search": ["text"],
            "rights": {"read": ["office"], "write": ["office"]},
        }
    ).encode(),
}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryStage]:
    monkeypatch.setattr(limiter, "enabled", False)
    made = make_stage(parse_agenda(FILES))
    made.engine.execute(StartInstance(tenant=made.tenant, actor=SYSTEM, process_key="broken"))
    facts = {"tenant": made.tenant, "actor": SYSTEM, "username": "jana"}
    made.engine.execute(AddPerson(**facts, name="Jana", groups=("office", "operator", "author")))
    made.engine.execute(AddToken(**facts, token_hash=sha256(SECRET.encode()).hexdigest()))
    yield made
    made.close()


def examples() -> list[str]:
    """The curl commands of the guide, in their order."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl ")]


def curl(client: FlaskClient, command: str, names: Mapping[str, str]) -> TestResponse:
    """Do what curl would."""
    for name, value in names.items():
        command = command.replace(f"${name}", value)
    words = iter(shlex.split(command)[1:])
    method, address, headers, body, files = "", "", {}, None, []
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "-F":
            files.append((io.BytesIO(pack(FILES)), next(words).partition("@")[2]))
        elif word != "-sS":
            assert not address, word
            address = word
    data = {"file": files} if files else body
    sends = "POST" if data is not None else "GET"
    return client.open(address.removeprefix("http://localhost"), method=method or sends, headers=headers, data=data)


def test_every_example_of_the_guide_does_what_it_says(stage: MemoryStage) -> None:
    client = create_app(stage.parts).test_client()
    names = {"RADNICE": BASE, "TOKEN": SECRET}
    commands = iter(examples())

    def run(status: int) -> TestResponse:
        answer = curl(client, next(commands), names)
        assert answer.status_code == status, answer.text
        return answer

    first = run(201)
    assert first.json["status"] == "running"
    names["CASE"] = curl(client, examples()[0].replace("letter-2026-17", "another"), names).json["id"]
    assert run(422).json["errors"][0]["pointer"] == "/text"
    names["TASK"] = next(one["id"] for one in run(200).json if one["instance_id"] == first.json["id"])
    assert "answer" in run(200).json["schema"]["properties"]
    assert [run(200).json["state"] for _ in ("claim", "complete")] == ["claimed", "completed"]
    assert run(202).json == {"instance_id": None}
    assert run(200).json == []
    names["RECORD"] = run(201).json["id"]
    assert run(200).json["version"] == 2
    assert run(201).json["changed"] is False
    assert run(200).json["status"] == "suspended"
    assert run(200).json[0]["kind"] == "case-started"
    (incident,) = run(200).json
    names["INCIDENT"] = incident["id"]
    assert run(204).data == b""
    assert next(commands, None) is None
