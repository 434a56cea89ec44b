"""An open task knows the nearest period of its case, whatever becomes of either; inboxes are sorted by it.

That the two never part is looked at after every test, by `radnice verify`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.commands import ChangeDeadline
from engine.interventions import MoveToken, UndoOperation
from engine.queries import inbox
from engine.store.operations import OperationRow
from engine.store.session import read_sessions
from tests.integration.diagrams import chain, diagram, end, gateway, service, start, user
from tests.integration.engine.test_interventions import token_of
from tests.integration.office import OPERATOR, Office


def period(node: str, key: str, length: str) -> str:
    return service(node, "deadline.start", key=f'"{key}"', title=f'"{key}"', period=f'"{length}"')


TWO_PERIODS = diagram(
    start(),
    period("long", "law", "P60D"),
    gateway("g", "parallel"),
    user("a"),
    user("b"),
    period("short", "call", "P15D"),
    user("c"),
    service("over", "deadline.meet", key='"call"'),
    user("d"),
    end(),
    chain("s", "long", "g", "a", "short", "c", "over", "d", "e"),
    chain("g", "b", "e"),
)


@pytest.fixture
def office(engine_on: Office) -> Office:
    engine_on.deploy(TWO_PERIODS)
    return engine_on


def nearest(office: Office) -> dict[str, date | None]:
    """By open task, the day that the inbox tells of its case."""
    with read_sessions(office.database, "town")() as session:
        wanted = inbox.Wanted(view="all", sort="legal")
        found = inbox.tasks(session, "town", OPERATOR, wanted, office.clock.now()).items
    assert [one.case_due_at for one in found] == sorted((one.case_due_at for one in found), key=lambda at: at or FAR)
    return {one.node: one.case_due_at.date() if one.case_due_at else None for one in found}


FAR = datetime.max.replace(tzinfo=UTC)
LAW, CALL = date(2026, 5, 4), date(2026, 3, 17)


def change(office: Office, case: str, what: str, until: date | None = None, key: str = "law") -> None:
    facts = {"key": key, "change": what, "until": until, "reason": "it is so"}
    office.do(ChangeDeadline, OPERATOR, instance_id=case, **facts)


def test_tasks_of_a_case_follow_the_period_that_ends_first(office: Office) -> None:
    office.start()
    assert nearest(office) == {"a": LAW, "b": LAW}
    office.complete("a")
    assert nearest(office) == {"b": CALL, "c": CALL}
    office.complete("c")
    assert nearest(office) == {"b": LAW, "d": LAW}


def test_a_period_that_stands_is_none_and_a_longer_one_moves_the_tasks(office: Office) -> None:
    case = office.start().instance_id
    office.complete("a")
    change(office, case, "stop", key="call")
    assert set(nearest(office).values()) == {LAW}
    change(office, case, "stop")
    assert set(nearest(office).values()) == {None}
    change(office, case, "resume")
    change(office, case, "prolong", date(2026, 6, 1))
    assert set(nearest(office).values()) == {date(2026, 6, 1)}


def test_a_case_without_a_period_comes_last(office: Office) -> None:
    stopped, running = office.start().instance_id, office.start().instance_id
    change(office, stopped, "stop")
    with read_sessions(office.database, "town")() as session:
        wanted = inbox.Wanted(view="all", sort="legal")
        found = inbox.tasks(session, "town", OPERATOR, wanted, office.clock.now()).items
    assert [one.instance_id for one in found] == [running, running, stopped, stopped]


def test_a_task_that_is_open_again_knows_what_changed_meanwhile(office: Office) -> None:
    case = office.start().instance_id
    place = {"source": "b", "target": "d", "reason": "sent on"}
    office.do(MoveToken, OPERATOR, instance_id=case, token=token_of(office, case, "b"), **place)
    change(office, case, "prolong", date(2026, 6, 1))
    (moved,) = office.rows(OperationRow)
    office.do(UndoOperation, OPERATOR, operation_id=moved.id, reason="a mistake")
    assert nearest(office) == {"a": date(2026, 6, 1), "b": date(2026, 6, 1)}
