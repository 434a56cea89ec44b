"""What operators do to cases, and what becomes of failures inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine import kernel
from engine.commands import ResumeInstance, RetryIncident, SetVariables, SuspendInstance, TerminateInstance
from engine.errors import Conflict, InstanceNotRunning, Invalid, NotAllowed
from engine.interventions import MigrateInstance, MoveToken
from engine.store.cases import HistoryRow, IncidentRow, JobRow, MessageWaitRow, TimerRow
from engine.store.operations import OperationRow
from tests.integration.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    gateway,
    message,
    messages,
    script,
    service,
    start,
    timer,
    user,
)
from tests.integration.office import JANA, OPERATOR, Office

BUSY = diagram(
    start(),
    gateway("g", "parallel"),
    user("a"),
    boundary("t", "a", timer("P1D")),
    boundary("m", "a", message("stop")),
    service("mail", "mail.send"),
    end(),
    chain("s", "g", "a", "e") + chain("g", "mail", "e") + chain("t", "e") + chain("m", "e"),
    head=messages("stop"),
)


@pytest.mark.parametrize("command", [SuspendInstance, ResumeInstance, TerminateInstance])
def test_operations_are_for_operators_and_need_a_reason(engine_on: Office, command: type) -> None:
    engine_on.deploy(BUSY)
    case = engine_on.start().instance_id
    with pytest.raises(NotAllowed):
        engine_on.do(command, JANA, instance_id=case, reason="because")
    if command is ResumeInstance:
        engine_on.do(SuspendInstance, OPERATOR, instance_id=case, reason="because")
    with pytest.raises(Invalid):
        engine_on.do(command, OPERATOR, instance_id=case, reason=" ")
    engine_on.do(command, OPERATOR, instance_id=case, reason="because")
    last = [row for row in engine_on.rows(HistoryRow, instance_id=case) if row.kind.startswith("case-")][-1]
    assert (last.facts or {}).get("reason") == "because" or last.kind == "case-started"


SUMS = diagram(start(), script("x", "share = 6 // people"), end(), chain("s", "x", "e"), process="sums")


def every_operation(office: Office) -> Iterator[tuple[str, type, dict[str, Any], str]]:
    """What an operator does to a case: the kind of operation, its command, what stands in the story."""
    office.deploy(SUMS, agenda="sums")
    office.deploy(BUSY)
    case = office.start().instance_id
    stuck = office.start("sums", variables={"people": 0}).instance_id
    (incident,) = office.rows(IncidentRow)
    office.deploy(BUSY + b"\n")
    token = next(t for t, token in kernel.load(office.case(case).state)["tokens"].items() if token["node"] == "a")
    here = {"instance_id": case}
    yield "suspend", SuspendInstance, here, "case-suspended"
    yield "resume", ResumeInstance, here, "case-resumed"
    yield "set", SetVariables, {"instance_id": stuck, "variables": {"people": 2}}, "variables-changed"
    yield "retry", RetryIncident, {"incident_id": incident.id}, "incident-resolved"
    yield "migrate", MigrateInstance, here | {"version": 2}, "case-migrated"
    yield "move", MoveToken, here | {"token": token, "source": "a", "target": "e"}, "token-moved"
    yield "terminate", TerminateInstance, here, "case-terminated"


def test_every_operation_needs_a_reason_and_stands_with_it_in_the_story_and_the_log(engine_on: Office) -> None:
    for kind, command, facts, told in every_operation(engine_on):
        with pytest.raises(Invalid, match="reason"):
            engine_on.do(command, OPERATOR, reason="  ", **facts)
        with pytest.raises(NotAllowed):
            engine_on.do(command, JANA, reason="because", **facts)
        engine_on.do(command, OPERATOR, reason=f"because of {kind}", **facts)
        (entry,) = [
            row for row in engine_on.rows(HistoryRow) if (row.facts or {}).get("reason") == f"because of {kind}"
        ]
        assert (entry.kind, entry.actor) == (told, "spravce")
        (kept,) = engine_on.rows(OperationRow, reason=f"because of {kind}")
        assert (kept.kind, kept.state, kept.actor) == (kind, "done", "spravce")


def test_a_terminated_case_leaves_nothing_open(engine_on: Office) -> None:
    engine_on.deploy(BUSY)
    case = engine_on.start().instance_id
    engine_on.do(TerminateInstance, OPERATOR, instance_id=case, reason="withdrawn")
    instance = engine_on.case(case)
    assert (instance.status, instance.ended_at) == ("terminated", engine_on.clock.now())
    assert not engine_on.open_tasks()
    assert not engine_on.rows(MessageWaitRow)
    assert {row.state for row in engine_on.rows(TimerRow)} == {"cancelled"}
    assert {row.state for row in engine_on.rows(JobRow)} == {"cancelled"}
    with pytest.raises(InstanceNotRunning):
        engine_on.do(TerminateInstance, OPERATOR, instance_id=case, reason="again")


def test_a_running_case_cannot_be_resumed(engine_on: Office) -> None:
    engine_on.deploy(BUSY)
    case = engine_on.start().instance_id
    with pytest.raises(Conflict):
        engine_on.do(ResumeInstance, OPERATOR, instance_id=case, reason="x")


def test_variables_can_be_corrected(engine_on: Office) -> None:
    engine_on.deploy(BUSY)
    case = engine_on.start(variables={"fee": 1, "name": "x"}).instance_id
    engine_on.do(SetVariables, OPERATOR, instance_id=case, variables={"fee": 2}, reason="typing error")
    variables = kernel.variables(engine_on.case(case).state)
    assert (variables["fee"], variables["name"]) == (2, "x")
    assert "variables-changed" in engine_on.story(case)


def test_a_script_that_fails_is_an_incident_that_a_correction_mends(engine_on: Office) -> None:
    body = diagram(start(), script("x", "total = amount + 1"), user("a"), end(), chain("s", "x", "a", "e"))
    engine_on.deploy(body)
    case = engine_on.start().instance_id
    (incident,) = engine_on.rows(IncidentRow)
    assert (incident.node, incident.state) == ("x", "open")
    engine_on.do(SetVariables, OPERATOR, instance_id=case, variables={"amount": 1}, reason="was missing")
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    assert engine_on.open_task("a")
    assert engine_on.rows(IncidentRow)[0].state == "resolved"


def test_an_incident_in_a_called_process_is_mended_in_its_own_variables(engine_on: Office) -> None:
    inner = diagram(start("s2"), script("x", "share = 6 // people"), end("e2"), chain("s2", "x", "e2"), process="inner")
    called = inner.decode().partition("<bpmn:process")[2].partition("</bpmn:process>")[0]
    call = '<bpmn:callActivity id="c" calledElement="inner"/>'
    outer = diagram(start(), call, user("a"), end(), chain("s", "c", "a", "e")).decode()
    whole = outer.replace("</bpmn:definitions>", f"<bpmn:process{called}</bpmn:process></bpmn:definitions>")
    engine_on.deploy(whole.encode())
    case = engine_on.start(variables={"people": 0}).instance_id
    (incident,) = engine_on.rows(IncidentRow)
    facts = {"instance_id": case, "variables": {"people": 2}, "activity": incident.activity, "reason": "was wrong"}
    engine_on.do(SetVariables, OPERATOR, **facts)
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    assert (engine_on.open_task("a").node, kernel.variables(engine_on.case(case).state)["share"]) == ("a", 3)


def test_an_incident_that_is_tried_in_vain_stands_again(engine_on: Office) -> None:
    engine_on.deploy(diagram(start(), script("x", "total = amount + 1"), end(), chain("s", "x", "e")))
    engine_on.start()
    (incident,) = engine_on.rows(IncidentRow)
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    assert sorted(row.state for row in engine_on.rows(IncidentRow)) == ["open", "resolved"]


def test_an_inside_effect_acts_in_the_same_transaction(engine_on: Office) -> None:
    draw = service("draw", "number.draw", series='"FAK-{year}-{n:04}"', result="invoice")
    body = diagram(start(), draw, user("a", 'subject="invoice"'), end(), chain("s", "draw", "a", "e"))
    engine_on.deploy(body)
    engine_on.start()
    assert engine_on.open_task("a").subject == "FAK-2026-0001"
    assert not engine_on.rows(JobRow)


def test_an_inside_effect_that_fails_is_an_incident_and_can_be_tried_again(engine_on: Office) -> None:
    draw = service("draw", "number.draw", series="series", result="invoice")
    engine_on.deploy(diagram(start(), draw, user("a"), end(), chain("s", "draw", "a", "e")))
    case = engine_on.start(variables={"series": "nonsense"}).instance_id
    (incident,) = engine_on.rows(IncidentRow, state="open")
    engine_on.do(SetVariables, OPERATOR, instance_id=case, variables={"series": "F-{n}"}, reason="typing error")
    engine_on.do(RetryIncident, OPERATOR, incident_id=incident.id, reason="mended")
    assert engine_on.open_task("a")
