"""Stories with other systems: a letter by data box and its ten days, answers over HTTP, feeds that fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from engine.model import Json
from engine.queries.payments import statements
from engine.store.cases import InstanceRow
from integrations.bank.fio_api import PAUSE, make_fio
from integrations.bank_fakes import FakeFio, listening
from integrations.databox.memory import DataBoxInMemory
from integrations.databox.shape import BY_LOGIN
from integrations.failures import BusinessError, Unreachable
from processes.agenda import Agenda, parse_agenda
from processes.scenarios import play, read_scenarios
from tests.fio import a_statement
from tests.integration.diagrams import (
    boundary,
    catch,
    chain,
    correlation,
    diagram,
    end,
    error,
    message,
    messages,
    service,
    start,
    user,
)
from web.bank_feed import fetch_statements
from web.data_messages import tell_of_deliveries
from web.stage import MemoryStage, Theatre

ANYBODY = '<bpmn:extensionElements><radnice:start form="ask" audience="public"/></bpmn:extensionElements>'
MESSAGE = "letter['message_id']"
LETTER = diagram(
    start("s", ANYBODY),
    service("write", "document.render", "paper", template='"letter"', key='"letter"'),
    service("send", "databox.send", "letter", to="box", subject='"Výzva"', attach='["letter"]'),
    catch("placed", message("databox.placed"), correlation("data_message", MESSAGE)),
    catch("delivered", message("databox.delivered"), correlation("data_message", MESSAGE)),
    end(),
    boundary("nobody", "send", error()),
    user("by_post", 'group="staff"'),
    end("posted"),
    chain("s", "write", "send", "placed", "delivered", "e"),
    chain("nobody", "by_post", "posted"),
    head=messages("databox.placed", "databox.delivered") + '<bpmn:error id="error" errorCode="databox.no-box"/>',
    process="letter",
)
ASKING = diagram(
    start("begun", ANYBODY),
    service("ask", "http.get", "answer", url='"https://ucto.example/ucet/" + ico'),
    service("tell", "http.send", url='"https://ucto.example/zapis"', body='{"stav": answer["body"]["stav"]}'),
    service("hook", "webhook.post", url='"https://ukoly.example/h"', data='{"ico": ico}'),
    end("asked"),
    chain("begun", "ask", "tell", "hook", "asked"),
    process="asking",
)
BASE = {
    "agenda.toml": b'key = "systems"\n[title]\ncs = "Systemy"\n[groups.staff]\ncs = "Pracovnici"\n',
    "forms/ask.json": b'{"type": "object", "properties": {"box": {"type": "string"}, "ico": {"type": "string"}}}',
    "demo/tenant.yaml": b"account: 2600000003/2010",
    "letter.bpmn": LETTER,
    "asking.bpmn": ASKING,
    "documents/letter.html": b'{% extends "letter.html" %}{% block title %}Vyzva{% endblock %}',
}


def told(process: str, *steps: Mapping[str, Json], begins: Mapping[str, Json] | None = None) -> Agenda:
    first = {"start": "ask", "with": dict(begins or {"box": "def6789"})}
    story = {"title": "x", "process": process, "starts": "2026-03-04 09:00", "steps": [first, *steps]}
    return parse_agenda({**BASE, "scenarios/01.yaml": yaml.safe_dump(story).encode()})


def delivered(how: str, day: str) -> dict[str, str]:
    return {"delivery.how": how, "delivery.delivered_on": day}


def problem(agenda: Agenda) -> str:
    (story,) = read_scenarios(agenda)
    with Theatre() as theatre:
        return play(story, agenda, theatre.stage(agenda)).problem


def test_nobody_logs_in_and_the_tenth_day_is_a_saturday() -> None:
    agenda = told(
        "letter",
        {"data_message": "placed"},
        {"expect": {"path": ["send", "placed"], "status": "running"}},
        {"until": "2026-03-16 12:00"},
        {"data_message": "asked"},
        {"expect": {"status": "running"}},
        {"until": "2026-03-17 08:00"},
        {"data_message": "asked"},
        {
            "expect": {
                "status": "completed",
                "variables": {"delivery.how": "fiction", "delivery.delivered_on": "2026-03-16"},
            }
        },
    )
    assert problem(agenda) == ""


def test_a_login_delivers_at_once_and_says_so_twice_without_harm() -> None:
    agenda = told(
        "letter",
        {"data_message": "placed"},
        {"wait": "P2D"},
        {"data_message": "read"},
        {"data_message": "asked"},
        {
            "expect": {
                "status": "completed",
                "variables": {"delivery.how": "login", "delivery.delivered_on": "2026-03-06"},
            }
        },
    )
    assert problem(agenda) == ""


def test_a_recipient_without_a_box_gets_it_by_post() -> None:
    assert problem(told("letter", {"expect": {"open": ["by_post"]}}, begins={"box": "xef6789"})) == ""


def test_a_story_prepares_what_others_answer_and_looks_at_the_calls() -> None:
    calls = ['POST https://ucto.example/zapis {"stav": "7 620"}', 'POST https://ukoly.example/h {"ico": "1"}']
    steps = [{"http": "https://ucto.example/", "gives": {"stav": "7 620"}}, {"start": "ask", "with": {"ico": "1"}}]
    story = {"title": "x", "process": "asking", "starts": "2026-03-04 09:00"}
    expected: list[Any] = [*steps, {"expect": {"status": "completed", "calls": calls}}]
    good = {**BASE, "scenarios/01.yaml": yaml.safe_dump({**story, "steps": expected}).encode()}
    assert problem(parse_agenda(good)) == ""
    alone = {**BASE, "scenarios/01.yaml": yaml.safe_dump({**story, "steps": steps[1:]}).encode()}
    assert "ask" in problem(parse_agenda(alone))


@contextmanager
def waiting(*steps: Mapping[str, Json]) -> Iterator[MemoryStage]:
    agenda = told("letter", *steps)
    with Theatre() as theatre:
        stage = theatre.stage(agenda)
        (story,) = read_scenarios(agenda)
        assert play(story, agenda, stage).problem == ""
        yield stage


@pytest.mark.parametrize("failure", [Unreachable(), BusinessError("databox.refused", "x")])
def test_boxes_that_are_down_are_asked_again_the_next_time(failure: Exception) -> None:
    with waiting({"data_message": "placed"}) as stage:
        stage.databox.move(BY_LOGIN, accepted_at=stage.clock.now())
        stage.databox.failures.append(failure)  # type: ignore[arg-type]
        tell_of_deliveries(stage.parts, stage.databox)
        assert running(stage) == 1
        tell_of_deliveries(stage.parts, stage.databox)
        assert running(stage) == 0
        # Nobody waits, nobody is asked.
        stage.databox.failures.append(Unreachable())
        tell_of_deliveries(stage.parts, stage.databox)
        assert stage.databox.failures
        tell_of_deliveries(stage.parts, None)


def running(stage: MemoryStage) -> int:
    with stage.sessions() as session:
        return session.scalar(select(func.count()).where(InstanceRow.status == "running")) or 0


def test_only_messages_that_are_waited_for_are_asked_about() -> None:
    box = DataBoxInMemory()
    with Theatre() as theatre:
        stage = theatre.stage(told("letter"))
        box.failures.append(Unreachable())
        tell_of_deliveries(stage.parts, box)
        assert box.failures


# --- statements from the bank ----------------------------------------------------------------------------------------


def came_in(stage: MemoryStage) -> int:
    with stage.sessions() as session:
        return statements(session, stage.tenant).total


def test_statements_are_fetched_once_and_a_bad_token_is_in_nobodys_way() -> None:
    bank = FakeFio(statement=a_statement({"id": 11, "amount": 10.5, "vs": "2600000018"}))
    with listening(bank), Theatre() as theatre:
        stage = theatre.stage(told("letter"))
        good = make_fio(bank.token, stage.clock, url=bank.url, allow_private=True)
        bad = make_fio("x" * 64, stage.clock, url=bank.url, allow_private=True)
        banks = {"bad": (stage.tenant, bad), "strange": ("nobody", good), "good": (stage.tenant, good)}
        for _ in range(2):
            fetch_statements(stage.parts, banks)
            stage.clock.set(stage.clock.now() + PAUSE)
        assert came_in(stage) == 1
        bank.busy = True
        fetch_statements(stage.parts, banks)
        assert came_in(stage) == 1


def test_a_statement_of_another_account_is_not_taken() -> None:
    bank = FakeFio(statement=a_statement({"id": 11, "amount": 10.5, "vs": "2600000018"}))
    bank.statement["accountStatement"]["info"] |= {"accountId": "222885", "bankId": "5500", "iban": ""}
    with listening(bank), Theatre() as theatre:
        stage = theatre.stage(told("letter"))
        fio = make_fio(bank.token, stage.clock, url=bank.url, allow_private=True)
        fetch_statements(stage.parts, {"a": (stage.tenant, fio)})
        assert came_in(stage) == 0
