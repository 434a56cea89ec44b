"""Who may do which human task."""

from __future__ import annotations

import pytest

from engine.commands import (
    AddNote,
    ClaimTask,
    CompleteHumanTask,
    CorrelateMessage,
    DelegateTask,
    ReleaseTask,
    SaveDraft,
    StartInstance,
    StoreAttachment,
)
from engine.errors import HumanTaskTaken, NotAllowed, NotFound
from engine.model import Actor
from tests.integration.diagrams import catch, chain, diagram, end, message, messages, start, user
from tests.integration.office import APPLICANT, JANA, OPERATOR, PETR, Office

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


# --- agendas of others -----------------------------------------------------------------------------------------------

NOBODYS = Actor(kind="person", username="nova", groups=frozenset({"roads"}))
AUDITOR = Actor(kind="person", username="kontrolor", groups=frozenset({"auditor"}))
#: A case of the group `fees` that waits for a message, too.
WAITING = diagram(
    start(),
    user("a", 'group="fees"'),
    user("b"),
    catch("m", message("news")),
    end(),
    chain("s", "a", "b", "m", "e"),
    head=messages("news"),
)


def test_cases_are_read_by_those_who_work_in_their_agenda_and_by_who_runs_or_examines_the_office(
    engine_on: Office,
) -> None:
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    assert [engine_on.readable_to(one) for one in (CLERK, OPERATOR, AUDITOR)] == [1, 1, 1]
    assert [engine_on.readable_to(one) for one in (NOBODYS, JANA, APPLICANT)] == [0, 0, 0]


def test_a_group_of_an_older_version_still_reads_its_cases(engine_on: Office) -> None:
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    engine_on.deploy(one_task('group="roads"'))
    assert [engine_on.readable_to(one) for one in (CLERK, NOBODYS)] == [1, 1]


def test_whoever_is_handed_a_task_or_is_named_for_it_reads_its_case(engine_on: Office) -> None:
    engine_on.deploy(one_task('group="fees"'), agenda="first")
    engine_on.add_person("nova")
    engine_on.start()
    engine_on.do(DelegateTask, CLERK, task_id=engine_on.open_task("a").id, username="nova")
    assert engine_on.readable_to(NOBODYS) == 1
    other = one_task('candidates="board"').replace(b'id="p"', b'id="q"')
    engine_on.deploy(other, agenda="second", groups={"fees": {"cs": "Poplatky"}})
    engine_on.start("q", {"board": ["petr"]})
    assert engine_on.readable_to(PETR) == 1


def test_whoever_entered_a_case_reads_it(engine_on: Office) -> None:
    engine_on.deploy(one_task('group="fees"'))
    engine_on.do(StartInstance, NOBODYS, process_key="p")
    assert engine_on.readable_to(NOBODYS) == 1


def test_a_task_that_names_nobody_is_for_those_who_work_in_its_agenda(engine_on: Office) -> None:
    engine_on.deploy(WAITING)
    engine_on.start()
    engine_on.complete("a", by=CLERK)
    for stranger in (NOBODYS, AUDITOR):
        with pytest.raises(NotAllowed):
            engine_on.complete("b", by=stranger)
    engine_on.complete("b", by=CLERK)


def test_nobody_writes_into_a_case_of_an_agenda_of_others(engine_on: Office) -> None:
    engine_on.deploy(WAITING)
    case = engine_on.start().instance_id
    for stranger in (NOBODYS, AUDITOR):
        for command, facts in (
            (AddNote, {"instance_id": case, "text": "Ahoj"}),
            (StoreAttachment, {"instance_id": case, "filename": "a.txt", "media_type": "text/plain", "content": b"a"}),
            (SaveDraft, {"task_id": engine_on.open_task("a").id, "data": {}}),
            (CorrelateMessage, {"name": "news"}),
            (CorrelateMessage, {"name": "news", "instance_id": case}),
        ):
            with pytest.raises(NotAllowed):
                engine_on.do(command, stranger, **facts)
    engine_on.do(AddNote, CLERK, instance_id=case, text="Ahoj")


def test_a_message_is_sent_only_by_those_who_work_in_every_agenda_that_hears_it(engine_on: Office) -> None:
    engine_on.deploy(WAITING, agenda="first")
    engine_on.do(CorrelateMessage, CLERK, name="news")
    with pytest.raises(NotAllowed):
        engine_on.do(CorrelateMessage, CLERK, name="what nobody hears")
    other = WAITING.replace(b'id="p"', b'id="q"').replace(b'group="fees"', b'group="roads"')
    engine_on.deploy(other, agenda="second")
    for half in (CLERK, NOBODYS):
        with pytest.raises(NotAllowed):
            engine_on.do(CorrelateMessage, half, name="news")
    both = Actor(kind="api", username="program", groups=frozenset({"fees", "roads"}))
    engine_on.do(CorrelateMessage, both, name="news")
