"""A large value is kept once, whoever names it; what a step costs doesn't depend on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import event, func, select, update

from engine import kernel
from engine.commands import CompleteHumanTask, SetVariables
from engine.errors import NotFound
from engine.interventions import MigrateInstance, MoveToken, UndoOperation
from engine.kernel.aside import BOUND
from engine.queries.cases import variables
from engine.queries.story import story
from engine.queries.tasks import visible_variables
from engine.store.base import table_of
from engine.store.cases import HistoryRow, InstanceRow
from engine.store.large_values import LargeValueRow, ReadValues
from engine.store.operations import OperationRow
from engine.store.session import read_sessions
from engine.store.wall import EVERY
from tests.integration.diagrams import chain, diagram, end, flow, gateway, script, start, timer, user
from tests.integration.office import JANA, OPERATOR, Office

ROW = {"měsíc": "leden", "částka": "1250.00", "poznámka": "x" * 60}
TABLE = [ROW | {"n": n} for n in range(9_000)]
SHORT = TABLE[:3]
LONG = TABLE[:400]
STEPS = [f"u{n}" for n in range(20)]
TWENTY = diagram(start(), *(user(step) for step in STEPS), end(), chain("s", *STEPS, "e"))


def text_of(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def kept(office: Office) -> list[str]:
    return [row.text for row in office.rows(LargeValueRow)]


def known(office: Office, case: str) -> dict[str, Any]:
    with read_sessions(office.database, EVERY)() as session:
        return variables(session, office.tenant, case)


def written(office: Office) -> int:
    """Characters in the case's row, its history and its large values."""
    texts = (InstanceRow.state, func.coalesce(HistoryRow.__table__.c.facts.cast(InstanceRow.state.type), ""))
    with office.everything.connect() as connection:
        sums = [connection.scalar(select(func.sum(func.length(text)))) or 0 for text in texts]
    return sum(sums) + sum(map(len, kept(office)))


def test_a_table_of_a_megabyte_is_stored_once_through_twenty_tasks(engine_on: Office) -> None:
    assert len(text_of(TABLE)) > 1_000_000
    engine_on.deploy(TWENTY)
    case = engine_on.start(variables={"table": TABLE}).instance_id
    with read_sessions(engine_on.database, EVERY)() as session:
        seen = visible_variables(session, engine_on.tenant, engine_on.open_task("u0").id)
    assert seen["table"] == TABLE
    for step in STEPS[:19]:
        # As a form does that shows the table and sends it back.
        engine_on.complete(step, {"table": TABLE, step: True})
    assert kept(engine_on) == [text_of(TABLE)]
    assert len(engine_on.case(case).state) < 1_500
    assert written(engine_on) < len(text_of(TABLE)) + 20_000
    engine_on.complete(STEPS[19])
    assert known(engine_on, case)["table"] == TABLE


def test_what_a_completion_sends_does_not_depend_on_the_table(engine_on: Office) -> None:
    engine_on.deploy(TWENTY)
    cost = []
    for table in (LONG, TABLE):
        case = engine_on.start(variables={"table": table}).instance_id
        engine_on.complete("u0", case=case)
        before = written(engine_on)
        with sent(engine_on.database) as statements:
            engine_on.complete("u1", case=case)
        cost.append((written(engine_on) - before, len(statements), sum(map(len, statements))))
    assert cost[0] == cost[1]


@contextmanager
def sent(database: Database) -> Iterator[list[str]]:
    """Every statement with its values as SQLite's driver runs it; PostgreSQL's tells nothing of the kind."""
    seen: list[str] = []

    def listen(connection: Any, *_rest: Any) -> None:
        if database.dialect.name == "sqlite":
            connection.set_trace_callback(seen.append)

    event.listen(database, "checkout", listen)
    yield seen
    event.remove(database, "checkout", listen)
    with database.connect() as connection:
        if database.dialect.name == "sqlite":
            connection.connection.driver_connection.set_trace_callback(None)  # type: ignore[union-attr]


def test_expressions_scripts_and_titles_read_what_the_state_names(engine_on: Office) -> None:
    whole = diagram(
        start(),
        user("u"),
        gateway("g"),
        script("count", "n = len(table); last = table[-1]; same = table"),
        end(),
        chain("s", "u", "g"),
        flow("g", "count", "len(table) == 9000"),
        flow("g", "e", "False"),
        chain("count", "e"),
    )
    engine_on.deploy(whole)
    case = engine_on.start(variables={"table": TABLE}).instance_id
    engine_on.complete("u")
    found = known(engine_on, case)
    assert (found["n"], found["last"], found["same"]) == (9000, TABLE[-1], TABLE)
    assert len(kept(engine_on)) == 1


def test_the_history_names_values_and_the_story_tells_them(engine_on: Office) -> None:
    engine_on.deploy(TWENTY)
    case = engine_on.start(variables={"table": LONG}).instance_id
    engine_on.do(SetVariables, OPERATOR, instance_id=case, variables={"table": LONG[1:]}, reason="mistake")
    assert sorted(kept(engine_on)) == sorted([text_of(LONG), text_of(LONG[1:])])
    assert all(len(str(row.facts)) < 1_000 for row in engine_on.rows(HistoryRow))
    with read_sessions(engine_on.database, EVERY)() as session:
        told = story(session, engine_on.tenant, case)
    facts = next(entry.facts for entry in told if entry.kind == "variables-changed")
    assert (facts["before"]["table"], facts["variables"]["table"]) == (LONG, LONG[1:])


def test_a_value_that_looks_like_a_name_is_itself(engine_on: Office) -> None:
    engine_on.deploy(TWENTY)
    trap = {"$large": "0" * 64}
    case = engine_on.start(variables={"trap": trap, "nested": [trap], "text": json.dumps(trap)}).instance_id
    engine_on.complete("u0", {"again": trap})
    found = known(engine_on, case)
    assert (found["trap"], found["nested"], found["text"], found["again"]) == (trap, [trap], json.dumps(trap), trap)


def test_a_correction_of_a_large_value_can_be_taken_back(engine_on: Office) -> None:
    engine_on.deploy(TWENTY)
    case = engine_on.start(variables={"table": LONG}).instance_id
    engine_on.do(SetVariables, OPERATOR, instance_id=case, variables={"table": []}, reason="mistake")
    undo_last(engine_on)
    assert known(engine_on, case)["table"] == LONG
    engine_on.complete("u0")


def test_called_processes_and_other_versions_see_it(engine_on: Office) -> None:
    part = diagram(start("s1"), user("inner"), end("e1"), chain("s1", "inner", "e1"), process="part")
    call = '<bpmn:callActivity id="c" calledElement="part"/>'
    engine_on.deploy(diagram(start(), call, user("u"), end(), chain("s", "c", "u", "e")), part)
    case = engine_on.start(variables={"table": LONG}).instance_id
    engine_on.complete("inner", {"table": LONG[1:], "done": True})
    assert known(engine_on, case)["table"] == LONG[1:]
    later = diagram(start(), call, user("u"), script("x", "n = len(table)"), end(), chain("s", "c", "u", "x", "e"))
    engine_on.deploy(later, part)
    engine_on.do(MigrateInstance, OPERATOR, instance_id=case, version=2, mapping={}, reason="new version")
    engine_on.complete("u")
    assert known(engine_on, case)["n"] == 399


def test_a_large_value_in_a_state_of_an_earlier_version_is_put_aside_at_the_next_step(engine_on: Office) -> None:
    engine_on.deploy(TWENTY)
    case = engine_on.start(variables={"table": SHORT}).instance_id
    state = json.loads(engine_on.case(case).state)
    next(iter(state["scopes"].values()))["vars"]["table"] = LONG
    with engine_on.everything.begin() as connection:
        connection.execute(update(table_of(InstanceRow)).values(state=text_of(state)))
    engine_on.complete("u0")
    assert len(engine_on.case(case).state) < 1_500
    assert known(engine_on, case)["table"] == LONG
    # Nothing in the history names it, so it goes when the state doesn't either.
    engine_on.complete("u1", {"table": None})
    assert kept(engine_on) == []


def test_nobody_else_reads_it(engine_on: Office) -> None:
    engine_on.add_tenant("village")
    engine_on.deploy(TWENTY)
    case = engine_on.start(variables={"table": LONG}).instance_id
    (row,) = engine_on.rows(LargeValueRow)
    with read_sessions(engine_on.database, EVERY)() as session:
        assert ReadValues(session, "town", case).get(row.name) == LONG
        with pytest.raises(NotFound):
            ReadValues(session, "village", case).get(row.name)


def test_a_process_that_never_rests_leaves_no_large_value(engine_on: Office) -> None:
    spinning = diagram(
        start(),
        f'<bpmn:intermediateCatchEvent id="t">{timer("PT1H")}</bpmn:intermediateCatchEvent>',
        script("grow", 'table = ["x" * 20000]'),
        gateway("a"),
        gateway("b"),
        chain("s", "t", "grow", "a", "b", "a"),
    )
    engine_on.deploy(spinning)
    engine_on.start()
    engine_on.pass_time(timedelta(hours=2))
    for timer_id in engine_on.engine.due().timer_ids:
        assert not engine_on.engine.fire(timer_id)
    assert kept(engine_on) == []


def over_a_list(kind: str) -> bytes:
    """A task for each row of a list; its results come together."""
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(kind == "sequential").lower()}">'
        "<bpmn:loopDataInputRef>rows</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>results</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="row" name="row"/><bpmn:outputDataItem id="result" name="result"/>'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    work = user("each", "subject=\"row['n']\"").replace("</bpmn:userTask>", loop)
    return diagram(start(), work, user("after"), end(), chain("s", "each", "after", "e"))


@pytest.mark.parametrize("kind", ["sequential", "parallel"])
def test_a_long_list_is_gone_over_in_slices_and_leaves_only_its_results(engine_on: Office, kind: str) -> None:
    engine_on.deploy(over_a_list(kind))
    rows = [{"n": n, "text": "x" * 600} for n in range(60)]
    case = engine_on.start(variables={"rows": rows}).instance_id
    for n in range(len(rows)):
        state = engine_on.case(case).state
        assert len(state) < BOUND + 3_000
        token = next(token for token in kernel.load(state)["tokens"].values() if token["state"] == "multi")
        assert "items" not in token
        task = next(task for task in engine_on.open_tasks() if task.subject == str(n))
        engine_on.engine.execute(done(engine_on, task.id, {"result": rows[n] | {"ok": True}}))
    assert known(engine_on, case)["results"] == [row | {"ok": True} for row in rows]
    assert sorted(map(len, kept(engine_on))) == sorted(
        len(text_of(known(engine_on, case)[n])) for n in ("rows", "results")
    )
    engine_on.complete("after")


def test_slices_come_back_when_a_move_out_of_the_list_is_taken_back(engine_on: Office) -> None:
    engine_on.deploy(over_a_list("sequential"))
    rows = [{"n": n, "text": "x" * 600} for n in range(60)]
    case = engine_on.start(variables={"rows": rows}).instance_id
    engine_on.complete("each", {"result": 0})
    tokens = kernel.load(engine_on.case(case).state)["tokens"]
    token = next(tid for tid, token in tokens.items() if token["state"] == "multi")
    facts = {"token": token, "source": "each", "target": "after", "reason": "enough"}
    engine_on.do(MoveToken, OPERATOR, instance_id=case, **facts)
    undo_last(engine_on)
    for n in range(1, len(rows)):
        engine_on.complete("each", {"result": n})
    assert known(engine_on, case)["results"] == list(range(len(rows)))


def undo_last(office: Office) -> None:
    row = max(office.rows(OperationRow), key=lambda row: row.at)
    office.do(UndoOperation, OPERATOR, operation_id=row.id, reason="it was right")


def done(office: Office, task_id: str, data: dict[str, Any]) -> CompleteHumanTask:
    return CompleteHumanTask(tenant=office.tenant, actor=JANA, task_id=task_id, data=data)
