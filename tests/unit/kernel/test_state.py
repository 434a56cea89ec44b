"""The state between two commands."""

from __future__ import annotations

import json
from random import Random

import pytest

from engine import kernel
from engine.errors import HumanTaskNotOpen
from engine.kernel.keeping import dump, load
from tests.unit.kernel.diagrams import bpmn, each, event, on, timer
from tests.unit.kernel.playing import Case


def test_writing_and_reading_a_state_changes_nothing() -> None:
    model = bpmn(
        "start -> and -> user -> end; and -> catch -> end; on_x -> end",
        user=each("rows"),
        catch=timer("P1D"),
        on_x=on("user", event("message", "x"), False),
    )
    state = Case(model, rows=[{"ž": 1}, None, 2.5]).state or ""
    assert json.loads(dump(load(state))) == json.loads(state)


def test_a_thousand_open_items_cost_few_bytes_whichever_are_done() -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows")), rows=[0] * 1000)
    values = 2 * len(json.dumps([0] * 1000))
    assert len(case.state or "") < values + 400
    assert len(case.activities()) == 1000
    for activity in case.activities()[::2]:
        case.do({"do": "complete", "activity": activity, "data": {}})
    assert len(case.state or "") < values + 800
    assert len(kernel.load(case.state or "")["tokens"]) == 501


def test_all_open_items_are_found_in_any_order_and_the_case_ends_with_the_last() -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows")), rows=list(range(40)))
    activities = case.activities()
    Random(7).shuffle(activities)
    for activity in activities:
        assert case.status == "running"
        case.do({"do": "complete", "activity": activity, "data": {}})
    assert case.status == "completed"


def test_an_item_that_comes_back_from_an_incident_stands_with_the_others_again() -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows")), rows=list("abcde"))
    first, _, third, *_ = case.activities()
    before = case.state
    case.do({"do": "fail", "activity": third, "message": "no"})
    case.do({"do": "retry", "activity": third})
    assert len(kernel.load(case.state or "")["tokens"]) == 6
    assert len(case.state or "") < len(before or "") + 120
    case.do({"do": "complete", "activity": first, "data": {}})


def test_a_state_with_items_parked_by_an_earlier_version_is_read_and_goes_on() -> None:
    """The second of five is done; token, item and activity of each in turn, as they were written before runs."""
    whole = {
        **{"node": "user", "scope": "s1", "via": "start-user", "state": "multi", "total": 5, "started": 5, "done": 1},
        "vars": {"numberOfInstances": 5, "numberOfActiveInstances": 4, "numberOfCompletedInstances": 1},
        "items": ["a", "b", "c", "d", "e"],
        "parked": {"task": [3, 0, 8, 5, 2, 10, 6, 3, 11, 7, 4, 12]},
    }
    scope = {"n": 1, "node": "p", "owner": None, "vars": {"rows": ["a", "b", "c", "d", "e"]}}
    facts = {"process": "p", "status": "running", "seq": 12, "tokens": {"t2": whole}, "scopes": {"s1": scope}}
    case = Case(bpmn("start -> user -> end", user=each("rows")), rows=list("abcde"))
    case.state = json.dumps(facts | {"waits": {}})
    items = [(token["i"], token["activity"]) for token in load(case.state)["tokens"].values() if "of" in token]
    assert items == [(0, "a8"), (2, "a10"), (3, "a11"), (4, "a12")]
    for _, activity in reversed(items):
        case.do({"do": "complete", "activity": activity, "data": {}})
    assert case.status == "completed"


def test_a_thousand_open_items_are_read_as_one() -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows")), rows=[0] * 1000)
    assert len(case.activities()) == 1000
    assert kernel.places(case.state or "") == ["user"]


def test_parked_items_are_completed_seen_and_cancelled_like_others() -> None:
    case = Case(
        bpmn("start -> user -> end; on_x -> end", user=each("rows"), on_x=on("user", event("message", "x"))),
        rows=list("abcd"),
    )
    first, second, third, fourth = case.activities()
    case.do({"do": "complete", "activity": third, "data": {}})
    with pytest.raises(HumanTaskNotOpen):
        case.do({"do": "complete", "activity": third, "data": {}})
    assert kernel.visible(case.model, case.state or "", fourth)["item"] == "d"
    told = case.message("x")
    assert {e.activity for e in told if e.do == "cancelled" and e.activity != third} >= {first, second, fourth}
    assert case.status == "completed"


@pytest.mark.parametrize("activity", ["", "a", "a0", "t1", "a²", "b3", "a999999999999999999999"])
def test_an_activity_that_never_was_is_refused(activity: str) -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows")), rows=[1, 2])
    with pytest.raises(HumanTaskNotOpen):
        case.do({"do": "complete", "activity": activity, "data": {}})
