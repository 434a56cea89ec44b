"""Starting cases and doing human tasks."""

from __future__ import annotations

import hashlib

import pytest

from engine.commands import CompleteHumanTask, StartInstance, SuspendInstance
from engine.errors import Conflict, HumanTaskNotOpen, InstanceNotRunning, NotAllowed, NotFound
from engine.model import Actor, Applicant, SubmittedForm
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.papers import SubmissionRow
from tests.integration.diagrams import chain, diagram, end, script, start, user
from tests.integration.office import APPLICANT, JANA, OPERATOR, PETR, Office

TWO_TASKS = diagram(start(), user("a"), user("b"), end(), chain("s", "a", "b", "e"))
PUBLIC = '<bpmn:extensionElements><radnice:start form="application" audience="public"/></bpmn:extensionElements>'
STAFF = '<bpmn:extensionElements><radnice:start form="f" audience="staff" group="office"/></bpmn:extensionElements>'


def test_a_case_runs_from_its_start_to_its_end(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    started = engine_on.start()
    engine_on.complete("a", {"answer": 42})
    engine_on.complete("b")
    assert engine_on.case(started.instance_id).status == "completed"
    assert engine_on.story(started.instance_id) == [
        "case-started",
        "set",
        "passed s",
        "task-opened a",
        "task-completed a",
        "set a",
        "passed a",
        "task-opened b",
        "task-completed b",
        "passed b",
        "passed e",
        "case-completed",
    ]


def test_case_numbers_follow_the_series_of_the_agenda(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS, numbering="PRI-{year}-{n:04}")
    assert [engine_on.start().business_key for _ in range(3)] == ["PRI-2026-0001", "PRI-2026-0002", "PRI-2026-0003"]


def test_a_given_case_number_is_taken_only_once(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    engine_on.start(business_key="X-1")
    with pytest.raises(Conflict):
        engine_on.start(business_key="X-1")
    assert len(engine_on.rows(InstanceRow)) == 1


def test_a_number_that_a_program_took_ahead_is_passed_over(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS, numbering="N-{n}")
    engine_on.start(business_key="N-1")
    assert engine_on.start().business_key == "N-2"


def test_only_the_hash_of_the_secret_is_stored(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    started = engine_on.start()
    stored = engine_on.case(started.instance_id).secret_hash
    assert started.secret
    assert stored == hashlib.sha256(started.secret.encode()).hexdigest()


def test_a_new_case_knows_its_number_its_applicant_and_the_parameters(engine_on: Office) -> None:
    text = 'title = case["number"] + " " + case["applicant_name"] + " " + str(parameters["quorum"])'
    body = diagram(start(), script("x", text), user("a"), end(), chain("s", "x", "a", "e"))
    engine_on.deploy(body, parameters={"quorum": 2}, numbering="A{n}", title_expression="title")
    started = engine_on.start(applicant=Applicant(name="Obec", email="obec@example.cz"))
    assert engine_on.case(started.instance_id).title == "A1 Obec 2"


def test_a_process_that_is_not_deployed_cannot_be_started(engine_on: Office) -> None:
    with pytest.raises(NotFound):
        engine_on.start("nothing")


def test_a_submission_is_kept_beside_the_variables(engine_on: Office) -> None:
    engine_on.deploy(diagram(start(inner=PUBLIC), user("a"), end(), chain("s", "a", "e")))
    form = SubmittedForm(form="application", data={"ico": "05129061"})
    started = engine_on.do(StartInstance, APPLICANT, process_key="p", variables={"ico": "05129061"}, submission=form)
    (row,) = engine_on.rows(SubmissionRow, instance_id=started.instance_id)
    assert (row.form, row.data, row.channel) == ("application", {"ico": "05129061"}, "portal")


def test_an_applicant_starts_only_what_is_public(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    with pytest.raises(NotAllowed):
        engine_on.do(StartInstance, APPLICANT, process_key="p")


def test_a_start_form_of_a_group_is_for_the_group(engine_on: Office) -> None:
    engine_on.deploy(diagram(start(inner=STAFF), user("a"), end(), chain("s", "a", "e")))
    with pytest.raises(NotAllowed):
        engine_on.do(StartInstance, JANA, process_key="p")
    engine_on.do(StartInstance, Actor(kind="person", username="x", groups=frozenset({"office"})), process_key="p")


def test_a_part_of_another_process_is_not_started_by_itself(engine_on: Office) -> None:
    whole = diagram(start(), '<bpmn:callActivity id="c" calledElement="part"/>', end(), chain("s", "c", "e"))
    part = diagram(start("ps"), user("a"), end("pe"), chain("ps", "a", "pe"), process="part")
    engine_on.deploy(whole, part)
    with pytest.raises(NotAllowed):
        engine_on.do(StartInstance, JANA, process_key="part")
    engine_on.do(StartInstance, JANA, process_key="p")
    engine_on.do(StartInstance, OPERATOR, process_key="part")


def test_a_task_is_done_only_once(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    engine_on.start()
    task = engine_on.open_task("a")
    engine_on.complete("a")
    with pytest.raises(HumanTaskNotOpen):
        engine_on.do(CompleteHumanTask, PETR, task_id=task.id)
    assert [row.node for row in engine_on.open_tasks()] == ["b"]


def test_nothing_is_done_in_a_suspended_case(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    started = engine_on.start()
    engine_on.do(SuspendInstance, OPERATOR, instance_id=started.instance_id, reason="court")
    with pytest.raises(InstanceNotRunning):
        engine_on.complete("a")
    assert engine_on.rows(HumanTaskRow)[0].state == "open"


def test_a_case_goes_on_after_a_restart(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    started = engine_on.start()
    engine_on.complete("a")
    engine_on.restarted()
    engine_on.complete("b")
    assert engine_on.case(started.instance_id).status == "completed"


def test_a_case_stays_on_the_version_it_began_with(engine_on: Office) -> None:
    engine_on.deploy(TWO_TASKS)
    old = engine_on.start()
    engine_on.deploy(diagram(start(), user("a"), user("c"), end(), chain("s", "a", "c", "e")))
    new = engine_on.start()
    engine_on.complete("a", case=old.instance_id)
    engine_on.complete("a", case=new.instance_id)
    assert (old.version, new.version) == (1, 2)
    assert engine_on.open_task("b").instance_id == old.instance_id
    assert engine_on.open_task("c").instance_id == new.instance_id
