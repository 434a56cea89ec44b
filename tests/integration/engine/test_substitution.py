"""Standing in for a colleague who is away: period, agenda, chain, groups, four eyes, and what is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.commands import (
    ArrangeSubstitution,
    CancelSubstitution,
    ClaimTask,
    CompleteHumanTask,
    DelegateTask,
    ReleaseTask,
)
from engine.errors import HumanTaskTaken, Invalid, NotAllowed, NotFound
from engine.model import Actor, SubmittedForm
from engine.queries import inbox, people, tasks
from engine.queries.papers import draft_of_task
from engine.queries.substitutions import standing_in, substitutions
from engine.store.cases import HistoryRow, HumanTaskRow
from engine.store.people import PersonRow
from engine.store.session import TENANT, command_sessions, read_sessions
from engine.store.wall import EVERY
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import MORNING, Office

TODAY = MORNING.date()
WEEK = timedelta(days=7)
HEAD = Actor(kind="person", username="head", groups=frozenset({"admin"}))


def one_task(attributes: str = "", process: str = "p") -> bytes:
    return diagram(start(), user("a", attributes), end(), chain("s", "a", "e"), process=process)


def hire(office: Office, **groups: str) -> None:
    for username, group in groups.items():
        office.add_person(username, *group.split())


def arrange(office: Office, absent: str, substitute: str, **facts: Any) -> str:
    period = {"begins_on": TODAY, "ends_on": TODAY + WEEK, "absent": absent, "substitute": substitute}
    return office.do(ArrangeSubstitution, HEAD, **period | facts)


def as_today(office: Office, username: str) -> Actor:
    """A person with the groups and absent colleagues they have at this moment."""
    with read_sessions(office.database, EVERY)() as session:
        person = people.person(session, office.tenant, username)
        assert person is not None
        away = standing_in(session, office.tenant, username, office.clock.now().date())
        return Actor(kind="person", username=username, name=username, groups=person.groups, stands_in=away)


def listed(office: Office, username: str, view: inbox.View = "standing_in") -> list[str]:
    with read_sessions(office.database, EVERY)() as session:
        wanted = inbox.Wanted(view=view)
        actor = as_today(office, username)
        found = inbox.inbox(session, office.tenant, actor, wanted, office.clock.now())
        assert found.counts[view] == found.tasks.total
        return [f"{task.process_key} {task.node}" for task in found.tasks.items]


def seen_by(office: Office, username: str, node: str = "a") -> tasks.TaskFacts:
    with read_sessions(office.database, EVERY)() as session:
        return tasks.task(session, office.tenant, office.open_task(node).id, as_today(office, username))


def leave(office: Office, username: str) -> None:
    with command_sessions(office.database)(info={TENANT: office.tenant}) as session, session.begin():
        session.query(PersonRow).filter_by(username=username).one().active = False


def test_a_substitute_does_the_tasks_of_the_absent_persons_groups_and_the_record_says_for_whom(
    engine_on: Office,
) -> None:
    hire(engine_on, petr="fees", jana="parks")
    engine_on.deploy(one_task('group="fees"'))
    case = engine_on.start().instance_id
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=as_today(engine_on, "jana"))
    arrange(engine_on, "petr", "jana")
    assert listed(engine_on, "jana") == ["p a"]
    assert seen_by(engine_on, "jana").stands_in_for == "petr"
    task = engine_on.open_task("a").id
    engine_on.do(ClaimTask, as_today(engine_on, "jana"), task_id=task)
    assert engine_on.open_task("a").acting_for == "petr"
    engine_on.complete("a", by=as_today(engine_on, "jana"))
    done = engine_on.rows(HumanTaskRow, id=task)[0]
    assert (done.completed_by, done.acting_for) == ("jana", "petr")
    told = engine_on.rows(HistoryRow, instance_id=case, kind="task-completed")[0]
    assert (told.actor, told.acting_for) == ("jana", "petr")


def test_what_the_diagram_computes_for_the_absent_person_is_the_substitutes_too(engine_on: Office) -> None:
    hire(engine_on, petr="", jana="")
    engine_on.deploy(one_task('assignee="boss"'))
    engine_on.start(variables={"boss": "petr"})
    arrange(engine_on, "petr", "jana")
    assert listed(engine_on, "jana") == ["p a"]
    engine_on.complete("a", by=as_today(engine_on, "jana"))


def test_a_task_claimed_for_the_absent_person_is_theirs_again_when_it_is_given_back(engine_on: Office) -> None:
    hire(engine_on, petr="", jana="")
    engine_on.deploy(one_task('assignee="boss"'))
    engine_on.start(variables={"boss": "petr"})
    arrange(engine_on, "petr", "jana")
    task = engine_on.open_task("a").id
    for command in (ClaimTask, ReleaseTask):
        engine_on.do(command, as_today(engine_on, "jana"), task_id=task)
    assert (engine_on.open_task("a").assignee, engine_on.open_task("a").acting_for) == ("petr", None)


def test_a_substitution_holds_from_its_first_day_to_its_last(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="")
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    arrange(engine_on, "petr", "jana", begins_on=TODAY + timedelta(days=2), ends_on=TODAY + timedelta(days=3))
    held = []
    for _day in range(5):
        held.append(bool(listed(engine_on, "jana")))
        engine_on.pass_time(timedelta(days=1))
    assert held == [False, False, True, True, False]


def test_a_substitution_called_off_ends_at_once(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="")
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    arranged = arrange(engine_on, "petr", "jana")
    engine_on.do(CancelSubstitution, as_today(engine_on, "petr"), substitution_id=arranged)
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=as_today(engine_on, "jana"))


def test_a_substitution_in_one_agenda_is_only_for_its_processes(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="")
    engine_on.deploy(one_task('group="fees"'), agenda="dogs")
    engine_on.deploy(one_task('group="fees"', process="q"), agenda="trees")
    engine_on.start("p")
    other = engine_on.start("q").instance_id
    arrange(engine_on, "petr", "jana", agenda="dogs")
    assert listed(engine_on, "jana") == ["p a"]
    with pytest.raises(NotAllowed):
        engine_on.complete("a", by=as_today(engine_on, "jana"), case=other)


def test_a_substitute_who_is_away_too_is_stood_in_for_along_the_chain(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="", eva="")
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    arrange(engine_on, "petr", "jana")
    assert listed(engine_on, "eva") == []
    arrange(engine_on, "jana", "eva")
    assert listed(engine_on, "eva") == ["p a"]
    engine_on.complete("a", by=as_today(engine_on, "eva"))
    assert engine_on.rows(HumanTaskRow, node="a")[0].acting_for == "petr"


def test_a_chain_over_one_agenda_passes_only_that_agenda_on(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="", eva="")
    engine_on.deploy(one_task('group="fees"'), agenda="dogs")
    engine_on.deploy(one_task('group="fees"', process="q"), agenda="trees")
    engine_on.start("p")
    engine_on.start("q")
    arrange(engine_on, "petr", "jana")
    arrange(engine_on, "jana", "eva", agenda="trees")
    assert listed(engine_on, "eva") == ["q a"]
    assert sorted(listed(engine_on, "jana")) == ["p a", "q a"]


def test_two_who_stand_in_for_each_other_make_no_ring(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="parks")
    engine_on.deploy(one_task('group="fees"'))
    engine_on.start()
    arrange(engine_on, "petr", "jana")
    arrange(engine_on, "jana", "petr")
    assert listed(engine_on, "jana") == ["p a"]
    assert listed(engine_on, "petr") == []


def test_the_head_sees_whose_work_nobody_does(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="", eva="")
    arrange(engine_on, "petr", "jana")

    def doing() -> list[list[str]]:
        with read_sessions(engine_on.database, EVERY)() as session:
            found = substitutions(session, engine_on.tenant, TODAY)
        return [list(one.stand_ins) for one in found if one.absent == "petr"]

    assert doing() == [["jana"]]
    leave(engine_on, "jana")
    assert doing() == [[]]
    arrange(engine_on, "jana", "eva")
    assert doing() == [["eva"]]


def test_four_eyes_stay_two_people_when_one_stands_in_for_the_other(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="", eva="fees")
    steps = user("a", 'group="fees"'), user("b", 'group="fees" differsFrom="a"')
    engine_on.deploy(diagram(start(), *steps, end(), chain("s", "a", "b", "e")))
    arrange(engine_on, "petr", "jana")
    for first in ("petr", "jana"):
        engine_on.start()
        engine_on.complete("a", by=as_today(engine_on, first))
        for second in ("petr", "jana"):
            with pytest.raises(NotAllowed):
                engine_on.complete("b", by=as_today(engine_on, second))
        assert seen_by(engine_on, "jana", "b").four_eyes
        engine_on.complete("b", by=as_today(engine_on, "eva"))


def test_of_two_absent_colleagues_one_is_stood_in_for_who_has_not_done_what_is_checked(engine_on: Office) -> None:
    hire(engine_on, pavel="fees", petr="fees", jana="")
    steps = user("a", 'group="fees"'), user("b", 'group="fees" differsFrom="a"')
    engine_on.deploy(diagram(start(), *steps, end(), chain("s", "a", "b", "e")))
    engine_on.start()
    engine_on.complete("a", by=as_today(engine_on, "pavel"))
    for absent in ("pavel", "petr"):
        arrange(engine_on, absent, "jana")
    assert seen_by(engine_on, "jana", "b").stands_in_for == "petr"
    engine_on.complete("b", by=as_today(engine_on, "jana"))


def test_a_vote_is_nobody_elses_even_when_its_voter_is_away(engine_on: Office) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>board</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="voter" name="voter"/></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>'
    )
    vote = user("a", 'group="fees" assignee="voter"').replace("</bpmn:userTask>", loop)
    engine_on.deploy(diagram(start(), vote, end(), chain("s", "a", "e")))
    hire(engine_on, petr="fees", jana="")
    engine_on.start(variables={"board": ["petr"]})
    arrange(engine_on, "petr", "jana")
    assert listed(engine_on, "jana") == []
    with pytest.raises((NotAllowed, HumanTaskTaken)):
        engine_on.complete("a", by=as_today(engine_on, "jana"))


def test_whoever_substitutes_an_operator_does_not_become_one(engine_on: Office) -> None:
    hire(engine_on, petr="fees operator admin", jana="")
    arrange(engine_on, "petr", "jana")
    assert as_today(engine_on, "jana").stands_in[0].groups == {"fees"}


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"substitute": "petr"}, Invalid),
        ({"ends_on": TODAY - WEEK}, Invalid),
        ({"begins_on": TODAY - WEEK, "ends_on": TODAY - timedelta(days=1)}, Invalid),
        ({"substitute": "nobody"}, NotFound),
        ({"substitute": "gone"}, NotFound),
        ({"agenda": "none"}, NotFound),
    ],
)
def test_a_substitution_that_makes_no_sense_is_refused(
    engine_on: Office, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    hire(engine_on, petr="", jana="", gone="")
    leave(engine_on, "gone")
    with pytest.raises(refusal):
        arrange(engine_on, **{"absent": "petr", "substitute": "jana"} | facts)


def test_nobody_arranges_the_substitution_of_somebody_else_but_the_head(engine_on: Office) -> None:
    hire(engine_on, petr="", jana="")
    period = {"begins_on": TODAY, "ends_on": TODAY, "absent": "petr", "substitute": "jana"}
    with pytest.raises(NotAllowed):
        engine_on.do(ArrangeSubstitution, as_today(engine_on, "jana"), **period)
    arranged = engine_on.do(ArrangeSubstitution, as_today(engine_on, "petr"), **period)
    assert engine_on.do(ArrangeSubstitution, HEAD, **period) == arranged, "a double click is one"
    with pytest.raises(NotAllowed):
        engine_on.do(CancelSubstitution, as_today(engine_on, "jana"), substitution_id=arranged)
    engine_on.add_tenant("village")
    engine_on.tenant = "village"
    with pytest.raises(NotFound):
        engine_on.do(CancelSubstitution, HEAD, substitution_id=arranged)


def test_a_task_handed_over_to_come_back_comes_back_with_the_answer_and_decides_nothing(engine_on: Office) -> None:
    hire(engine_on, petr="fees", jana="fees")
    engine_on.deploy(one_task('group="fees" form="note"'))
    case = engine_on.start().instance_id
    task = engine_on.open_task("a").id
    petr, jana = as_today(engine_on, "petr"), as_today(engine_on, "jana")
    engine_on.do(DelegateTask, petr, task_id=task, username="jana", returns=True)
    answer = SubmittedForm(form="note", data={"text": "souhlasím"}, channel="office")
    engine_on.do(CompleteHumanTask, jana, task_id=task, data={"text": "souhlasím"}, submission=answer)
    back = engine_on.open_task("a")
    assert (back.assignee, back.answered_by, back.returns_to) == ("petr", "jana", None)
    with read_sessions(engine_on.database, EVERY)() as session:
        draft = draft_of_task(session, engine_on.tenant, task, "petr", engine_on.clock.now())
    assert draft is not None
    assert draft.data == {"text": "souhlasím"}
    with pytest.raises(HumanTaskTaken):
        engine_on.do(CompleteHumanTask, jana, task_id=task)
    engine_on.do(CompleteHumanTask, petr, task_id=task, data={"text": "ano"}, submission=answer, draft_id=draft.id)
    assert [line for line in engine_on.story(case) if line.startswith("task-")] == [
        "task-opened a",
        "task-delegated a",
        "task-returned a",
        "task-completed a",
    ]
