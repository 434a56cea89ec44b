"""Moving, migrating, and taking it back: with rows, people, drafts and moments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import kernel
from engine.commands import ClaimTask, ResumeInstance, SaveDraft, SetVariables, SuspendInstance, TerminateInstance
from engine.errors import CannotMigrate, CannotMove, CannotUndo, Conflict, Invalid, NotAllowed, NotFound
from engine.interventions import MigrateInstance, MoveToken, RehearseMigration, UndoOperation
from engine.queries.interventions import operations
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow, JobRow, MessageWaitRow, TimerRow
from engine.store.operations import OperationRow
from engine.store.papers import DraftRow
from engine.store.session import read_sessions
from engine.store.wall import EVERY
from tests.integration.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    message,
    messages,
    service,
    start,
    timer,
    user,
)
from tests.integration.office import JANA, OPERATOR, PETR, Office


def version(name: str, *more: str, after: str = "b") -> bytes:
    """A case with one task that a timer and a message may end."""
    return diagram(
        start(),
        user(name, 'form="f"'),
        boundary("t", name, timer("P5D")),
        boundary("m", name, message("stop")),
        user(after),
        end(),
        *more,
        chain("s", name, after, "e") + chain("t", "e") + chain("m", "e"),
        head=messages("stop"),
    )


def token_of(office: Office, case: str, node: str) -> str:
    row = office.case(case)
    tokens = kernel.load(row.state)["tokens"]
    return next(tid for tid, token in tokens.items() if token["node"] == node and "of" not in token)


def move(office: Office, case: str, source: str, target: str, reason: str = "sent back") -> None:
    token = token_of(office, case, source)
    office.do(MoveToken, OPERATOR, instance_id=case, token=token, source=source, target=target, reason=reason)


def last(office: Office) -> OperationRow:
    return max(office.rows(OperationRow), key=lambda row: (row.at, row.kind == "undo"))


def undo(office: Office, operation: OperationRow) -> None:
    office.do(UndoOperation, OPERATOR, operation_id=operation.id, reason="a mistake")


def test_a_move_closes_what_was_open_and_stands_in_the_story(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    move(engine_on, case, "a", "b")
    assert [task.node for task in engine_on.open_tasks()] == ["b"]
    assert {row.state for row in engine_on.rows(TimerRow)} == {"cancelled"}
    assert not engine_on.rows(MessageWaitRow)
    told = next(row for row in engine_on.rows(HistoryRow, instance_id=case) if row.kind == "token-moved")
    assert (told.node, told.actor, told.facts) == ("a", "spravce", {"to": "b", "reason": "sent back"})


def test_only_operators_move_and_only_with_a_reason(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    asked = {"instance_id": case, "token": token_of(engine_on, case, "a"), "source": "a", "target": "b"}
    with pytest.raises(NotAllowed):
        engine_on.do(MoveToken, JANA, reason="x", **asked)
    with pytest.raises(Invalid):
        engine_on.do(MoveToken, OPERATOR, reason="  ", **asked)
    with pytest.raises(CannotMove):
        engine_on.do(MoveToken, OPERATOR, reason="x", **asked | {"target": "nowhere"})
    assert [task.node for task in engine_on.open_tasks()] == ["a"]
    assert not engine_on.rows(OperationRow)


def test_a_move_that_is_taken_back_gives_the_very_task_and_moment_again(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    task = engine_on.open_task("a")
    engine_on.do(ClaimTask, JANA, task_id=task.id)
    engine_on.do(SaveDraft, JANA, task_id=task.id, form="f", data={"x": 1})
    (due,) = (row.due_at for row in engine_on.rows(TimerRow))
    engine_on.pass_time(timedelta(days=2))
    move(engine_on, case, "a", "b")
    undo(engine_on, last(engine_on))
    again = engine_on.open_task("a")
    assert (again.id, again.state, again.assignee) == (task.id, "claimed", "jana")
    assert [draft.task_id for draft in engine_on.rows(DraftRow)] == [task.id]
    assert [(row.due_at, row.state) for row in engine_on.rows(TimerRow)] == [(due, "waiting")]
    assert [row.name for row in engine_on.rows(MessageWaitRow)] == ["stop"]
    engine_on.message("stop")
    assert engine_on.case(case).status == "completed"


def test_what_the_case_has_left_behind_is_not_taken_back(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    move(engine_on, case, "a", "b")
    engine_on.complete("b")
    with pytest.raises(CannotUndo):
        undo(engine_on, last(engine_on))
    assert engine_on.case(case).status == "completed"


def test_nothing_is_taken_back_twice(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    move(engine_on, case, "a", "b")
    operation = last(engine_on)
    undo(engine_on, operation)
    with pytest.raises(Conflict):
        undo(engine_on, operation)


def test_a_suspension_in_between_does_not_keep_a_move_from_being_taken_back(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    engine_on.do(SuspendInstance, OPERATOR, instance_id=case, reason="x")
    move(engine_on, case, "a", "b")
    (operation,) = engine_on.rows(OperationRow, kind="move")
    engine_on.do(ResumeInstance, OPERATOR, instance_id=case, reason="x")
    undo(engine_on, operation)
    assert engine_on.open_task("a")


def test_an_action_under_way_is_not_taken_back(engine_on: Office) -> None:
    mail = service("mail", "mail.send")
    engine_on.deploy(diagram(start(), user("a"), mail, end(), chain("s", "a", "mail", "e")))
    case = engine_on.start().instance_id
    move(engine_on, case, "a", "mail")
    (job,) = engine_on.rows(JobRow)
    assert engine_on.engine.claim_job(job.id)
    with pytest.raises(CannotUndo):
        undo(engine_on, last(engine_on))


def test_a_cancelled_action_is_promised_again_when_the_move_is_taken_back(engine_on: Office) -> None:
    mail = service("mail", "mail.send")
    engine_on.deploy(diagram(start(), mail, user("a"), end(), chain("s", "mail", "a", "e")))
    case = engine_on.start().instance_id
    move(engine_on, case, "mail", "a")
    assert [job.state for job in engine_on.rows(JobRow)] == ["cancelled"]
    undo(engine_on, last(engine_on))
    (job,) = engine_on.rows(JobRow)
    assert job.state == "ready"
    assert engine_on.engine.claim_job(job.id)


def test_a_correction_keeps_the_old_value_and_can_be_taken_back(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start(variables={"fee": 1}).instance_id
    engine_on.do(SetVariables, OPERATOR, instance_id=case, variables={"fee": 2, "new": 3}, reason="typing error")
    told = next(row for row in engine_on.rows(HistoryRow) if row.kind == "variables-changed")
    assert (told.facts or {})["before"] == {"fee": 1}
    undo(engine_on, last(engine_on))
    variables = kernel.variables(engine_on.case(case).state)
    assert (variables["fee"], "new" in variables) == (1, False)


def test_a_case_goes_on_with_the_new_version_and_everything_open_stays(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    task = engine_on.open_task("a")
    engine_on.do(ClaimTask, JANA, task_id=task.id)
    engine_on.do(SaveDraft, JANA, task_id=task.id, form="f", data={"x": 1})
    (due,) = (row.due_at for row in engine_on.rows(TimerRow))
    engine_on.deploy(version("x", after="c"))
    engine_on.do(MigrateInstance, OPERATOR, instance_id=case, version=2, mapping={"a": "x"}, reason="new law")
    kept = engine_on.open_task("x")
    assert (kept.id, kept.state, kept.assignee) == (task.id, "claimed", "jana")
    assert len(engine_on.rows(DraftRow)) == 1
    assert [(row.due_at, row.state) for row in engine_on.rows(TimerRow)] == [(due, "waiting")]
    assert engine_on.case(case).version == 2
    engine_on.complete("x")
    engine_on.complete("c")
    assert engine_on.case(case).status == "completed"


def test_a_rehearsal_says_it_before_and_changes_nothing(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    one, other = engine_on.start(), engine_on.start()
    engine_on.complete("a", case=other.instance_id)
    ended = engine_on.start()
    engine_on.do(TerminateInstance, OPERATOR, instance_id=ended.instance_id, reason="x")
    engine_on.deploy(version("x"))
    cases = [one.instance_id, other.instance_id, ended.instance_id]
    states = [engine_on.case(case).state for case in cases]
    verdicts = engine_on.do(RehearseMigration, OPERATOR, instance_ids=cases, version=2)
    assert [verdict.kind for verdict in verdicts] == ["not-possible", "ok", "not-possible"]
    assert [[refusal.code for refusal in verdict.refusals] for verdict in verdicts] == [["node-gone"], [], ["status"]]
    mapped = engine_on.do(RehearseMigration, OPERATOR, instance_ids=cases[:1], version=2, mapping={"a": "x"})
    assert (mapped[0].kind, mapped[0].tasks_kept) == ("ok-with-changes", 1)
    assert [engine_on.case(case).state for case in cases] == states
    with pytest.raises(CannotMigrate) as refused:
        engine_on.do(MigrateInstance, OPERATOR, instance_id=one.instance_id, version=2, reason="x")
    assert refused.value.facts["reasons"] == [{"code": "node-gone", "node": "a"}]
    assert engine_on.case(one.instance_id).version == 1


def test_several_cases_are_migrated_one_by_one_and_one_that_fails_does_not_stop_the_rest(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    one, other, third = (engine_on.start().instance_id for _ in range(3))
    engine_on.complete("a", case=one)
    engine_on.complete("a", case=third)
    engine_on.deploy(version("x"))
    asked = [
        MigrateInstance(tenant="town", actor=OPERATOR, instance_id=case, version=2, reason="new law", batch="b1")
        for case in (one, other, third)
    ]
    assert [bool(problem) for problem in engine_on.engine.execute_each(asked)] == [False, True, False]
    assert [engine_on.case(case).version for case in (one, other, third)] == [2, 1, 2]
    kept = {row.instance_id: row.state for row in engine_on.rows(OperationRow, batch="b1")}
    assert kept == {one: "done", other: "refused", third: "done"}


def test_a_case_that_is_broken_does_not_stop_the_rest(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    cases = [engine_on.start().instance_id for _ in range(3)]
    whole = engine_on.case(cases[1]).state
    write_state(engine_on, cases[1], "{")
    asked = [
        SetVariables(tenant="town", actor=OPERATOR, instance_id=case, reason="x", variables={"n": 1}, batch="b")
        for case in cases
    ]
    assert [bool(problem) for problem in engine_on.engine.execute_each(asked)] == [False, True, False]
    assert sorted(row.state for row in engine_on.rows(OperationRow, batch="b")) == ["done", "done", "refused"]
    write_state(engine_on, cases[1], whole)


def write_state(office: Office, case: str, state: str) -> None:
    with office.everything.begin() as connection:
        connection.execute(update(InstanceRow).where(InstanceRow.id == case).values(state=state))


def test_a_migration_is_taken_back_whole(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    task = engine_on.open_task("a")
    engine_on.deploy(version("x", user("extra"), after="c"))
    engine_on.do(MigrateInstance, OPERATOR, instance_id=case, version=2, mapping={"a": "x"}, reason="new law")
    undo(engine_on, last(engine_on))
    assert engine_on.open_task("a").id == task.id
    assert engine_on.case(case).version == 1
    engine_on.complete("a")
    assert engine_on.open_task("b")


def test_four_eyes_still_see_who_did_a_task_that_was_renamed(engine_on: Office) -> None:
    def agenda(first: str) -> bytes:
        second = user("check", f'differsFrom="{first}"')
        return diagram(start(), user(first), user("mid"), second, end(), chain("s", first, "mid", "check", "e"))

    engine_on.deploy(agenda("draw"))
    case = engine_on.start().instance_id
    engine_on.complete("draw", by=JANA)
    engine_on.deploy(agenda("sketch"))
    engine_on.do(MigrateInstance, OPERATOR, instance_id=case, version=2, mapping={"draw": "sketch"}, reason="x")
    engine_on.complete("mid")
    with pytest.raises(NotAllowed):
        engine_on.complete("check", by=JANA)
    undone = next(row for row in engine_on.rows(OperationRow) if row.kind == "migrate")
    with pytest.raises(CannotUndo):
        undo(engine_on, undone)
    engine_on.complete("check", by=PETR)
    assert {row.node for row in engine_on.rows(HumanTaskRow)} == {"sketch", "mid", "check"}


def test_a_version_that_is_not_there_and_a_case_of_others_are_not_found(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    with pytest.raises(NotFound):
        engine_on.do(MigrateInstance, OPERATOR, instance_id=case, version=9, reason="x")
    move(engine_on, case, "a", "b")
    engine_on.add_tenant("other")
    stranger = UndoOperation(tenant="other", actor=OPERATOR, operation_id=last(engine_on).id, reason="x")
    with pytest.raises(NotFound):
        engine_on.engine.execute(stranger)
    foreign = MigrateInstance(tenant="other", actor=OPERATOR, instance_id=case, version=1, reason="x")
    with pytest.raises(NotFound):
        engine_on.engine.execute(foreign)


def test_what_can_be_taken_back_is_told_as_long_as_it_can(engine_on: Office) -> None:
    engine_on.deploy(version("a"))
    case = engine_on.start().instance_id
    move(engine_on, case, "a", "a")

    def told() -> list[bool]:
        with read_sessions(engine_on.database, EVERY)() as session:
            return [one.undoable for one in operations(session, "town", instance_id=case).items]

    assert told() == [True]
    engine_on.complete("a")
    assert told() == [False]
