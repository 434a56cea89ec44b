"""Standard loops and multi-instance activities."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import kernel
from tests.unit.kernel.diagrams import body, bpmn, each, event, extended, on, script
from tests.unit.kernel.playing import Case


def loop(condition: str = "", attributes: str = "") -> str:
    text = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return f"<standardLoopCharacteristics {attributes}>{text}</standardLoopCharacteristics>"


def test_a_loop_goes_on_while_its_condition_holds() -> None:
    case = Case(bpmn("start -> script -> end", script=script("n = n + 1") + loop("n &lt; 4")), n=0)
    assert (case.variables, case.count("script")) == ({"n": 4}, 4)


def test_a_loop_that_tests_before_may_not_run_at_all() -> None:
    content = script("n = n + 1") + loop("n &lt; 0", 'testBefore="true"')
    case = Case(bpmn("start -> script -> end", script=content), n=0)
    assert (case.status, case.count("script")) == ("completed", 0)


def test_a_loop_stops_at_its_maximum() -> None:
    case = Case(bpmn("start -> script -> end", script=script("n = n + 1") + loop("True", 'loopMaximum="3"')), n=0)
    assert case.variables["n"] == 3


def test_each_round_of_a_human_task_is_a_fresh_activity_instance() -> None:
    case = Case(bpmn("start -> user -> end", user=loop("not done")))
    (first,) = case.activities()
    case.complete("user", done=False)
    (second,) = case.activities()
    assert first != second
    case.complete("user", done=True)
    assert case.status == "completed"


def test_parallel_items_see_their_own_value_and_give_their_results_in_order() -> None:
    results = "<loopDataOutputRef>votes</loopDataOutputRef>"
    vote = '<inputDataItem id="person"/><outputDataItem id="vote"/>'
    marker = each("people", "person", more=results).replace('<inputDataItem id="person"/>', vote)
    work = extended('<radnice:task assignee="person" subject="&quot;Vote, &quot; + person"/>')
    case = Case(bpmn("start -> user -> end", user=work + marker), people=["eva", "jan", "ota"])
    assert [(e.facts["item"], e.facts["assignee"], e.facts["subject"]) for e in case.told("task-opened")] == [
        (0, "eva", "Vote, eva"),
        (1, "jan", "Vote, jan"),
        (2, "ota", "Vote, ota"),
    ]
    first, second, third = case.activities()
    assert kernel.visible(case.model, case.state or "", second)["person"] == "jan"
    for activity, vote in ((third, "no"), (first, "yes"), (second, "abstain")):
        case.do({"do": "complete", "activity": activity, "data": {"vote": vote}})
    assert case.variables == {"people": ["eva", "jan", "ota"], "votes": ["yes", "abstain", "no"]}


def test_sequential_items_come_one_after_another() -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows", "row", sequential=True)), rows=["a", "b"])
    assert len(case.activities()) == 1
    case.complete("user")
    assert kernel.visible(case.model, case.state or "", case.activities()[0])["row"] == "b"
    case.complete("user")
    assert (case.status, case.count("user")) == ("completed", 2)


def test_a_completion_condition_cancels_the_items_that_are_left() -> None:
    marker = (
        "<multiInstanceLoopCharacteristics><loopCardinality>5</loopCardinality>"
        "<completionCondition>numberOfCompletedInstances == 2</completionCondition></multiInstanceLoopCharacteristics>"
    )
    case = Case(bpmn("start -> user -> end", user=marker))
    assert len(case.activities()) == 5
    case.complete("user")
    case.complete("user")
    assert (case.status, len(case.told("cancelled"))) == ("completed", 3)


def test_no_items_at_all_are_passed() -> None:
    assert Case(bpmn("start -> user -> end", user=each("rows")), rows=[]).status == "completed"


@pytest.mark.parametrize(
    ("number", "items"), [(2, 2), (2.0, 2), (0, 0), (2.5, None), (-1, None), ("2", None), (True, None)]
)
def test_a_number_of_items_is_whole_however_it_is_written(number: Any, items: int | None) -> None:
    many = "<multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics>"
    case = Case(bpmn("start -> user -> end", user=many), n=number)
    assert (case.open, case.incidents) == (([], ["user"]) if items is None else (["user"] * items, []))


def test_something_that_is_no_list_is_an_incident_until_it_is_one() -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows")), rows=5)
    assert case.incidents == ["user"]
    case.do({"do": "change", "data": {"rows": [1, 2]}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert len(case.activities()) == 2


def test_items_of_a_sub_process_keep_their_variables_apart() -> None:
    inside = body("start_2 -> script -> user", script=script('note = "for " + item')) + each("rows")
    case = Case(bpmn("start -> sub -> end", sub=inside), rows=["a", "b"])
    notes = [kernel.visible(case.model, case.state or "", a)["note"] for a in case.activities()]
    assert notes == ["for a", "for b"]


def test_a_boundary_event_of_a_multi_instance_activity_cancels_all_items() -> None:
    model = bpmn(
        "start -> user -> end; on_stop -> user_b", user=each("rows"), on_stop=on("user", event("message", "stop"))
    )
    case = Case(model, rows=[1, 2, 3])
    case.message("stop")
    assert case.open == ["user_b"]
    assert len(case.told("cancelled", "user")) == 3


def test_an_item_in_trouble_is_retried_alone() -> None:
    case = Case(bpmn("start -> script -> end", script=script("x = 6 // item") + each("rows")), rows=[1, 0, 2])
    assert (case.incidents, case.count("script")) == (["script"], 2)
    facts = case.facts
    (item,) = [t for t in facts["tokens"].values() if t["state"] == "incident"]
    assert item["i"] == 1
    whole = facts["tokens"][item["of"]]
    whole["items"][1] = 3
    case.state = json.dumps(facts)
    case.do({"do": "retry", "activity": item["activity"]})
    assert (case.status, case.count("script")) == ("completed", 3)


def test_finished_items_leave_nothing_in_the_state() -> None:
    case = Case(bpmn("start -> user -> end", user=each("rows", sequential=True)), rows=list(range(200)))
    sizes = []
    for _ in range(199):
        case.complete("user")
        sizes.append(len(case.state or ""))
    assert max(sizes) - min(sizes) < 30


def test_multi_instance_behaviour_throws_to_its_own_boundary_without_interrupting() -> None:
    marker = (
        '<multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="sig">'
        "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    model = bpmn(
        "start -> user -> end; on_first -> user_b",
        user=marker,
        on_first=on("user", '<signalEventDefinition id="sig" signalRef="first"/>'),
    )
    case = Case(model)
    case.complete("user")
    assert case.open == ["user", "user", "user_b"]
