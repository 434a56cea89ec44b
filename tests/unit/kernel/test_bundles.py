"""A thousand items that await something: only the few around the one that is asked for are touched."""

from __future__ import annotations

import json
from random import Random

import pytest

from engine import kernel
from engine.errors import HumanTaskNotOpen, NothingWaits
from engine.kernel.keeping import dump, load, load_parked
from tests.unit.kernel.diagrams import body, bpmn, each, event, extended, on, timer, when
from tests.unit.kernel.playing import Case

MANY = 1000
#: Tokens, scopes and waits that a command may find outside of bundles; what a state of 16 kB holds anyway.
FEW = 150

KEYED = extended('<radnice:correlation key="k">item</radnice:correlation>')
RECEIVING = bpmn("start -> receive -> end", receive=f'messageRef="m" | {KEYED}{each("rows")}')
WAITING = bpmn("start -> sub -> end", sub=each("rows") + body("start_in -> catch -> end_in", catch=timer("P1D")))
#: A sub-process in which a person works while a timer runs at its boundary.
WORKING = bpmn(
    "start -> sub -> end; on_x -> end_x",
    on_x=on("sub", event("message", "stop")),
    sub=each("rows") + body("start_in -> user -> end_in; on_late -> end_late", on_late=on("user", timer("P3D"), False)),
)


def live(case: Case) -> int:
    """How much of a case a command reads."""
    facts = load_parked(case.state or "")
    return len(facts["tokens"]) + len(facts["scopes"]) + len(facts["waits"])


def begun(diagram: bytes, many: int = MANY) -> Case:
    return Case(diagram, budget=100_000, rows=list(range(many)))


def test_messages_reach_one_of_a_thousand_items_without_touching_the_others() -> None:
    case = begun(RECEIVING)
    waits = case.waits("message")
    order = list(waits)
    Random(5).shuffle(order)
    for wid in order[:60]:
        told = case.do({"do": "message", "name": "m", "wait": wid, "correlation": waits[wid]["correlation"]})
        assert [e.facts["wait"] for e in told if e.do == "wait-cleared"] == [wid]
        assert live(case) < FEW
    assert len(case.waits("message")) == MANY - 60
    with pytest.raises(NothingWaits):
        case.do({"do": "message", "name": "m", "wait": order[0]})


def test_a_message_without_an_address_finds_its_item_in_a_bundle() -> None:
    case = begun(RECEIVING, 100)
    for key in (99, 0, 57):
        case.message("m", {"k": key})
    assert len(case.waits("message")) == 97
    with pytest.raises(NothingWaits):
        case.message("m", {"k": 57})


def test_timers_of_a_thousand_items_fire_one_by_one_and_the_case_ends_with_the_last() -> None:
    case = begun(WAITING, 300)
    assert live(case) < FEW
    while case.status == "running":
        case.ring()
        assert live(case) < FEW
    assert case.count("catch") == 300


def test_items_with_something_inside_are_worked_on_like_a_few() -> None:
    many, few = begun(WORKING, 200), begun(WORKING, 3)
    assert live(many) < FEW
    assert live(few) > 8
    for case in (many, few):
        order = case.activities("user")
        Random(3).shuffle(order)
        for activity in order:
            case.do({"do": "complete", "activity": activity, "data": {"result": activity}})
            assert live(case) < FEW
        assert case.status == "completed"


def test_a_stale_activity_of_a_bundled_item_is_refused() -> None:
    case = begun(WORKING, 60)
    done = case.activities("user")[30]
    case.do({"do": "complete", "activity": done, "data": {}})
    for activity in (done, "a999999", ""):
        with pytest.raises(HumanTaskNotOpen):
            case.do({"do": "complete", "activity": activity, "data": {}})


def test_what_a_bundled_item_sees_and_what_stands_there_is_found() -> None:
    case = begun(WORKING, 100)
    last = case.activities("user")[-1]
    assert kernel.visible(case.model, case.state or "", last)["item"] == 99
    assert kernel.rest(case.state or "").tasks == set(case.activities("user"))
    assert len(kernel.rest(case.state or "").timers) == 100


def test_a_boundary_event_of_the_whole_cancels_bundled_items_too() -> None:
    case = begun(WORKING, 100)
    case.ring()
    told = case.message("stop")
    assert sum(e.do == "cancelled" and e.node == "user" for e in told) == 100
    assert sum(e.do == "wait-cleared" and e.node == "on_late" for e in told) == 99
    assert (case.status, case.facts.get("waits")) == ("completed", {})


def test_a_signal_wakes_every_item_that_awaits_it() -> None:
    case = begun(
        bpmn("start -> sub -> end", sub=each("rows") + body("start_in -> catch -> end_in", catch=event("signal", "go")))
    )
    assert live(case) < FEW
    case.signal("go")
    assert (case.count("catch"), case.status) == (MANY, "completed")


def test_items_that_could_move_by_themselves_are_not_bundled() -> None:
    """A condition may become true whatever changes in the case."""
    inside = body(
        "start_in -> catch -> end_in",
        catch=when("go"),
    )
    case = begun(bpmn("start -> and -> sub -> end; and -> user -> end", sub=each("rows") + inside), 60)
    case.complete("user", go=True)
    assert (case.count("catch"), case.status) == (60, "completed")


def test_tying_up_and_untying_changes_nothing() -> None:
    state = begun(WORKING, 120).state or ""
    assert "bundles" in json.loads(state)
    assert "bundles" not in load(state)
    assert load(dump(load(state))) == load(state)


def test_items_within_items_are_found_whichever_are_bundled() -> None:
    """The outer ones are long, so that only the inner ones fit into bundles."""
    inner = each("inside") + body("start_deep -> user -> end_deep; on_t -> end_t", on_t=on("user", timer("P1D"), False))
    outer = each("rows") + body("start_in -> sub_in -> end_in", sub_in=inner)
    case = Case(bpmn("start -> sub -> end", sub=outer), budget=100_000, rows=[0] * 5, inside=[0] * 30)
    assert live(case) < FEW
    order = case.activities("user")
    assert len(order) == 150
    Random(9).shuffle(order)
    for activity in order:
        case.do({"do": "complete", "activity": activity, "data": {}})
    assert case.status == "completed"
