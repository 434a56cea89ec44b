"""Events with several definitions: any of them, all of them, and several results."""

from __future__ import annotations

import pytest

from engine.errors import NothingWaits
from tests.unit.kernel.diagrams import body, bpmn, event, on
from tests.unit.kernel.playing import Case

BOTH = event("message", "a") + event("message", "b")


def test_a_case_that_all_of_several_messages_begin_waits_at_its_start_for_the_others() -> None:
    case = Case(bpmn("start -> user -> end", start='parallelMultiple="true" |' + BOTH), at="start", name="b")
    assert (case.open, case.passed) == ([], [])
    with pytest.raises(NothingWaits):
        case.message("b")
    case.message("a", x=1)
    assert (case.open, case.passed, case.variables) == (["user"], ["start"], {"x": 1})


def test_all_events_must_occur_again_at_a_boundary_that_does_not_interrupt() -> None:
    boundary = 'attachedToRef="user" cancelActivity="false" parallelMultiple="true" |' + BOTH
    case = Case(bpmn("start -> user -> end; on_both -> task -> end", on_both=boundary))
    for name in ("a", "b", "b", "a"):
        assert case.count("on_both") == len([n for n in case.told("wait-cleared") if n.facts["fired"]]) // 2
        case.message(name)
    assert (case.count("on_both"), case.open) == (2, ["task", "task", "user"])


def test_all_events_must_occur_before_an_event_sub_process_starts() -> None:
    handler = 'triggeredByEvent="true" |' + body(
        "start_2 -> task", start_2='isInterrupting="true" parallelMultiple="true" |' + BOTH
    )
    case = Case(bpmn("start -> user -> end", sub=handler))
    case.message("a")
    assert case.open == ["user"]
    case.message("b")
    assert case.open == ["task"]


def test_of_several_results_of_an_end_event_the_one_that_ends_all_comes_last() -> None:
    results = "<terminateEventDefinition/>" + event("message", "done") + event("signal", "done")
    case = Case(bpmn("start -> and -> user; and -> end", end=results))
    assert (case.status, case.count("end")) == ("completed", 1)
    assert [e.do for e in case.effects if e.do in ("message", "signal")] == ["message", "signal"]


def test_an_error_that_comes_with_a_message_does_not_swallow_it() -> None:
    inside = body("start_2 -> end_2", end_2=event("error", "bad") + event("message", "done"))
    case = Case(bpmn("start -> sub -> end; on_bad -> user", sub=inside, on_bad=on("sub", event("error", "bad"))))
    assert (case.open, [e.facts["name"] for e in case.told("message")]) == (["user"], ["done"])


def test_an_end_event_whose_error_is_caught_is_passed() -> None:
    inside = body("start_2 -> end_2", end_2=event("error", "bad"))
    case = Case(bpmn("start -> sub -> end; on_bad -> user", sub=inside, on_bad=on("sub", event("error", "bad"))))
    assert case.passed == ["start", "start_2", "end_2", "on_bad"]
