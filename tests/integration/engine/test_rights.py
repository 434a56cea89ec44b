"""Who may do which human task."""

from __future__ import annotations

import pytest

from engine.commands import ClaimTask, CompleteHumanTask, DelegateTask, ReleaseTask, StartInstance
from engine.errors import HumanTaskTaken, NotAllowed, NotFound
from engine.model import Actor
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import APPLICANT, JANA, PETR, Office

CLERK = Actor(kind="person", username="clerk", groups=frozenset({"fees"}))
OTHER = Actor(kind="person", username="other", groups=frozenset({"fees"}))


def one_task(attributes: str) -> bytes:
    return diagram(start(), user("a", attributes), end(), chain("s", "a", "e"))


def test_a_task_of_a_group_is_for_its_members(engine_on: Office) -> None:
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=JANA)
    engine_on.complete("a", by=CLERK)


def test_a_claimed_task_is_for_who_claimed_it(engine_on: Office) -> None:
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    task = engine_on.open_task("a")
    engine_on.do(ClaimTask, CLERK, task_id=task.id)
    for command in (ClaimTask, ReleaseTask, CompleteHumanTask):
        with pytest.raises(HumanTaskTaken):
            engine_on.do(command, OTHER, task_id=task.id)
    assert engine_on.open_task("a").assignee == "clerk"
    engine_on.complete("a", by=CLERK)


def test_a_released_task_is_for_the_group_again(engine_on: Office) -> None:
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    task = engine_on.open_task("a")
    engine_on.do(ClaimTask, CLERK, task_id=task.id)
    engine_on.do(ReleaseTask, CLERK, task_id=task.id)
    engine_on.do(ClaimTask, OTHER, task_id=task.id)
    assert engine_on.open_task("a").assignee == "other"


def test_a_task_can_be_delegated_out_of_the_group(engine_on: Office) -> None:
    engine_on.deploy(one_task('group="fees"'))
    engine_on.add_person("jana")
    engine_on.start()
    engine_on.do(DelegateTask, CLERK, task_id=engine_on.open_task("a").id, username="jana")
    engine_on.complete("a", by=JANA)


def test_a_task_is_delegated_only_to_somebody_who_works_here(engine_on: Office) -> None:
    engine_on.deploy(one_task(""))
    engine_on.start()
    with pytest.raises(NotFound):
        engine_on.do(DelegateTask, JANA, task_id=engine_on.open_task("a").id, username="nobody")


def test_a_task_may_be_for_people_the_case_names(engine_on: Office) -> None:
    engine_on.deploy(one_task('candidates="board"'))
    engine_on.start(variables={"board": ["petr", "pavel"]})
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=JANA)
    engine_on.complete("a", by=PETR)


def test_the_assignee_a_diagram_computes_does_the_task(engine_on: Office) -> None:
    engine_on.deploy(one_task('assignee="boss"'))
    engine_on.start(variables={"boss": "petr"})
    with pytest.raises(HumanTaskTaken):
        engine_on.complete("a", by=JANA)
    engine_on.complete("a", by=PETR)


def test_a_vote_stays_with_its_voter_who_can_neither_hand_it_on_nor_give_it_to_the_group(engine_on: Office) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>board</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="voter" name="voter"/></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>'
    )
    vote = user("a", 'group="fees" assignee="voter"').replace("</bpmn:userTask>", loop)
    engine_on.deploy(diagram(start(), vote, end(), chain("s", "a", "e")))
    engine_on.add_person("other", "fees")
    engine_on.start(variables={"board": ["clerk", "other"]})
    ballot = next(task for task in engine_on.open_tasks() if task.assignee == "clerk")
    with pytest.raises(NotAllowed):
        engine_on.do(DelegateTask, CLERK, task_id=ballot.id, username="other")
    engine_on.do(ClaimTask, CLERK, task_id=ballot.id)
    engine_on.do(ReleaseTask, CLERK, task_id=ballot.id)
    for command in (ClaimTask, CompleteHumanTask):
        with pytest.raises(HumanTaskTaken):
            engine_on.do(command, OTHER, task_id=ballot.id)
    engine_on.do(CompleteHumanTask, CLERK, task_id=ballot.id)


def test_a_task_of_one_named_person_is_not_everybodys_once_they_give_it_back(engine_on: Office) -> None:
    engine_on.deploy(one_task('assignee="boss"'))
    engine_on.start(variables={"boss": "petr"})
    engine_on.do(ClaimTask, PETR, task_id=engine_on.open_task("a").id)
    engine_on.do(ReleaseTask, PETR, task_id=engine_on.open_task("a").id)
    with pytest.raises(HumanTaskTaken):
        engine_on.complete("a", by=JANA)
    engine_on.complete("a", by=PETR)


def test_a_substitute_does_the_task_of_the_person_they_stand_in_for(engine_on: Office) -> None:
    engine_on.deploy(one_task('assignee="boss"'))
    engine_on.start(variables={"boss": "petr"})
    engine_on.complete("a", by=Actor(kind="person", username="jana", acting_for="petr"))


def test_four_eyes_means_two_people(engine_on: Office) -> None:
    body = diagram(start(), user("a"), user("b", 'differsFrom="a"'), end(), chain("s", "a", "b", "e"))
    engine_on.deploy(body)
    engine_on.add_person("jana")
    engine_on.start()
    engine_on.complete("a", by=JANA)
    task = engine_on.open_task("b")
    for command, by, facts in (
        (ClaimTask, JANA, {}),
        (CompleteHumanTask, JANA, {}),
        (CompleteHumanTask, Actor(kind="person", username="x", acting_for="jana"), {}),
        (DelegateTask, PETR, {"username": "jana"}),
    ):
        with pytest.raises(NotAllowed):
            engine_on.do(command, by, task_id=task.id, **facts)
    engine_on.complete("b", by=PETR)


def test_an_applicant_task_is_for_the_applicant(engine_on: Office) -> None:
    engine_on.deploy(one_task('audience="applicant"'))
    engine_on.start()
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=JANA)
    engine_on.complete("a", by=APPLICANT)


def test_a_staff_task_is_not_for_an_applicant(engine_on: Office) -> None:
    engine_on.deploy(one_task(""))
    engine_on.start()
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=APPLICANT)


def test_a_registered_applicant_does_nothing_in_the_case_of_another(engine_on: Office) -> None:
    engine_on.deploy(one_task('audience="applicant"'))
    from engine.model import Applicant

    engine_on.do(StartInstance, process_key="p", applicant=Applicant(name="A", username="anna"))
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=Actor(kind="applicant", username="eva"))
    engine_on.complete("a", by=Actor(kind="applicant", username="anna"))


def test_another_tenant_finds_nothing(engine_on: Office) -> None:
    engine_on.deploy(one_task(""))
    engine_on.start()
    task = engine_on.open_task("a")
    engine_on.add_tenant("village")
    engine_on.tenant = "village"
    for command in (ClaimTask, CompleteHumanTask):
        with pytest.raises(NotFound):
            engine_on.do(command, JANA, task_id=task.id)
    with pytest.raises(NotFound):
        engine_on.start()
