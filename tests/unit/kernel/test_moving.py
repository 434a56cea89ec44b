"""Tokens that an operator puts elsewhere, and interventions that are taken back."""

from __future__ import annotations

import pytest

from engine import kernel
from engine.errors import CannotMove, NothingWaits
from tests.unit.kernel.diagrams import body, bpmn
from tests.unit.kernel.playing import Case

LINE = bpmn(
    "start -> user_a -> user_b -> end; on_time -> user_late -> end",
    on_time='attachedToRef="user_a" | <timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition>',
)
FORK = bpmn("start -> and_split -> user_a -> and_join; and_split -> user_b -> and_join; and_join -> user_c -> end")
NESTED = bpmn(
    "start -> sub_work -> user_z -> end",
    sub_work=body("start_in -> user_a -> user_b -> end_in"),
)
MANY = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"


def token_at(case: Case, node: str) -> str:
    return next(tid for tid, t in case.facts["tokens"].items() if t["node"] == node and "of" not in t)


def move(case: Case, node: str, to: str, **facts: str) -> None:
    case.do({"do": "move", "token": token_at(case, node), "from": node, "to": to, **facts})


def test_a_moved_token_ends_what_it_did_and_begins_elsewhere() -> None:
    case = Case(LINE)
    assert case.waits("timer")
    move(case, "user_a", "user_b")
    assert (case.open, case.waits("timer")) == (["user_b"], {})
    assert [e.node for e in case.told("cancelled")] == ["user_a"]
    case.complete("user_b")
    assert case.status == "completed"


def test_a_case_can_be_sent_back() -> None:
    case = Case(LINE)
    case.complete("user_a")
    move(case, "user_b", "user_a")
    assert case.open == ["user_a"]
    assert case.waits("timer")


def test_inside_a_sub_process_a_token_stays_inside() -> None:
    case = Case(NESTED)
    with pytest.raises(CannotMove) as refused:
        move(case, "user_a", "user_z")
    assert refused.value.facts["code"] == "other-body"
    move(case, "user_a", "user_b")
    assert case.open == ["user_b"]
    case.complete("user_b")
    assert case.open == ["user_z"]


def test_a_whole_sub_process_can_be_left_behind() -> None:
    case = Case(NESTED)
    move(case, "sub_work", "user_z")
    assert (case.open, len(case.facts["scopes"])) == (["user_z"], 1)


@pytest.mark.parametrize(("to", "code"), [("nowhere", "no-such-node"), ("on_time", "not-entered")])
def test_a_token_is_not_put_where_nothing_begins(to: str, code: str) -> None:
    case = Case(LINE)
    with pytest.raises(CannotMove) as refused:
        move(case, "user_a", to)
    assert refused.value.facts["code"] == code


def test_an_item_does_not_leave_its_multi_instance_activity_but_the_whole_may() -> None:
    case = Case(bpmn("start -> user_a -> user_b -> end", user_a=MANY))
    item = next(tid for tid, t in case.facts["tokens"].items() if "of" in t)
    with pytest.raises(CannotMove) as refused:
        case.do({"do": "move", "token": item, "from": "user_a", "to": "user_b"})
    assert refused.value.facts["code"] == "item"
    move(case, "user_a", "user_b")
    assert (case.open, len(case.told("cancelled"))) == (["user_b"], 3)


def test_a_token_that_has_gone_is_not_moved() -> None:
    case = Case(LINE)
    token = token_at(case, "user_a")
    case.complete("user_a")
    with pytest.raises(NothingWaits):
        case.do({"do": "move", "token": token, "from": "user_a", "to": "user_b"})


def test_at_a_join_a_moved_token_comes_over_the_flow_that_is_missing() -> None:
    case = Case(FORK)
    with pytest.raises(CannotMove) as refused:
        move(case, "user_a", "and_join")
    assert refused.value.facts["code"] == "which-flow"
    move(case, "user_a", "and_join", over="user_a-and_join")
    assert case.open == ["user_b"]
    move(case, "user_b", "and_join")
    assert case.open == ["user_c"]


def test_a_move_that_is_taken_back_leaves_everything_as_it_was() -> None:
    case = Case(LINE)
    earlier = case.state or ""
    move(case, "user_a", "user_b")
    step = kernel.restore(case.model, case.model, case.state or "", earlier)
    assert kernel.fingerprint(step.state) == kernel.fingerprint(earlier)
    assert kernel.load(step.state)["seq"] > kernel.load(earlier)["seq"]
    assert [(e.do, e.node) for e in step.effects] == [
        ("cancelled", "user_b"),
        ("reopened", "user_a"),
        ("timer-set", "on_time"),
    ]


def test_an_operator_sees_where_each_token_may_go() -> None:
    case = Case(NESTED)
    outer, inner = kernel.standing(case.model, case.state or "")
    assert (outer.node, {n.id for n in outer.targets}) == ("sub_work", {"start", "sub_work", "user_z", "end"})
    assert (inner.node, inner.body, inner.fixed) == ("user_a", "sub_work", "")
