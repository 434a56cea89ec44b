"""People are told what concerns them: named in a note, given a task, given one back."""

from __future__ import annotations

from datetime import timedelta

from engine.commands import AddNote, CompleteHumanTask, DelegateTask
from engine.desk import ReadNotifications
from engine.queries.notifications import NotificationFacts, notifications, unread
from engine.store.session import read_sessions
from engine.store.wall import EVERY
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import JANA, PETR, Office

ONE_TASK = diagram(start(), user("a", name="Check"), end(), chain("s", "a", "e"))


def begun(office: Office) -> str:
    for username in ("jana", "petr", "Eva.Nova"):
        office.add_person(username)
    office.deploy(ONE_TASK)
    return office.start().instance_id


def told(office: Office, username: str) -> list[NotificationFacts]:
    with read_sessions(office.database, EVERY)() as session:
        found = list(notifications(session, office.tenant, username).items)
        assert unread(session, office.tenant, username) == len([one for one in found if not one.read_at])
    return found


def test_whoever_is_named_in_a_note_is_told_once_and_nobody_of_themselves(engine_on: Office) -> None:
    case = begun(engine_on)
    text = "Prosím @jana, @JANA a @eva.nova. Pište na info@petr, ne @nobody; @petr ví."
    engine_on.do(AddNote, PETR, instance_id=case, text=text)
    assert [(one.kind, one.by_name, one.text) for one in told(engine_on, "jana")] == [("mentioned", "Petr Malý", text)]
    assert len(told(engine_on, "Eva.Nova")) == 1
    assert told(engine_on, "petr") == []


def test_a_task_handed_over_is_told_and_so_is_its_return(engine_on: Office) -> None:
    begun(engine_on)
    task = engine_on.open_task("a").id
    engine_on.do(DelegateTask, PETR, task_id=task, username="jana", returns=True)
    engine_on.do(CompleteHumanTask, JANA, task_id=task)
    assert [(one.kind, one.task_id, one.text) for one in told(engine_on, "jana")] == [("delegated", task, "Check")]
    assert [(one.kind, one.task_id, one.text) for one in told(engine_on, "petr")] == [("returned", task, "Check")]


def test_what_came_after_the_page_was_made_stays_new(engine_on: Office) -> None:
    case = begun(engine_on)
    engine_on.do(AddNote, PETR, instance_id=case, text="@jana první")
    shown = engine_on.clock.now()
    engine_on.pass_time(timedelta(minutes=1))
    engine_on.do(AddNote, PETR, instance_id=case, text="@jana druhá")
    engine_on.do(ReadNotifications, JANA, until=shown)
    assert [one.text for one in told(engine_on, "jana") if not one.read_at] == ["@jana druhá"]


def test_another_organisation_hears_nothing(engine_on: Office) -> None:
    case = begun(engine_on)
    engine_on.add_tenant("village")
    engine_on.tenant, home = "village", engine_on.tenant
    engine_on.add_person("jana")
    engine_on.tenant = home
    engine_on.do(AddNote, PETR, instance_id=case, text="@jana")
    engine_on.tenant = "village"
    assert told(engine_on, "jana") == []
