"""Ad-hoc sub-processes: people begin activities in the order they like, some again, until the condition holds."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import NothingWaits
from tests.unit.kernel.diagrams import body, bpmn, event, extended, on, script
from tests.unit.kernel.playing import Case

DONE = "<completionCondition>done</completionCondition>"


def adhoc(flows: str, attributes: str = "", **nodes: str) -> bytes:
    """Give a process with an ad-hoc sub-process that is complete when `done` is true."""
    return bpmn("start -> adhoc -> end", adhoc=f"{attributes} |{body(flows, **nodes)}{DONE}")


def choices(case: Case) -> list[str]:
    """Give the activities that people may begin."""
    return sorted(wait["node"] for wait in case.waits("message").values())


def begin(case: Case, node: str, **data: Any) -> None:
    """Choose an activity that is offered."""
    wid = next(wid for wid, wait in case.waits("message").items() if wait["node"] == node)
    case.do({"do": "message", "name": f"begin:{node}", "wait": wid, "payload": data})


def test_an_ad_hoc_sub_process_ends_when_its_condition_holds() -> None:
    inside = body("", user_a="", user_b="", user_c="") + "<completionCondition>enough</completionCondition>"
    case = Case(bpmn("start -> adhoc -> end", adhoc=inside), enough=False)
    assert case.open == ["user_a", "user_b", "user_c"]
    case.complete("user_b", enough=False)
    case.complete("user_a", enough=True)
    assert case.status == "completed"
    assert [e.node for e in case.told("cancelled")] == ["user_c"]


def test_a_sequential_ad_hoc_sub_process_opens_one_after_another() -> None:
    inside = 'ordering="Sequential" |' + body("", user_a="", user_b="")
    case = Case(bpmn("start -> adhoc -> end", adhoc=inside))
    assert case.open == ["user_a"]
    case.complete("user_a")
    assert case.open == ["user_b"]
    case.complete("user_b")
    assert case.status == "completed"


def test_an_activity_of_an_ad_hoc_sub_process_may_be_done_again_until_its_condition_holds() -> None:
    case = Case(adhoc("", user_a="", user_b=""), done=False)
    case.complete("user_a")
    assert (case.open, choices(case)) == (["user_b"], ["user_a"])
    begin(case, "user_a")
    begin(case, "user_a")
    assert case.open == ["user_a", "user_a", "user_b"]
    case.complete("user_a", done=True)
    assert (case.status, case.count("user_a"), case.facts["waits"]) == ("completed", 2, {})
    assert sorted(e.node or "" for e in case.told("cancelled")) == ["user_a", "user_b"]


def test_an_ad_hoc_sub_process_does_not_end_by_itself_while_its_condition_does_not_hold() -> None:
    case = Case(adhoc("", user_a="", user_b=""), done=False)
    case.complete("user_a")
    case.complete("user_b")
    assert (case.status, case.open, choices(case)) == ("running", [], ["user_a", "user_b"])
    begin(case, "user_b")
    case.complete("user_b", done=True)
    assert (case.status, case.count("user_a"), case.count("user_b")) == ("completed", 1, 2)


def test_an_ad_hoc_sub_process_whose_activity_was_stopped_offers_it_again() -> None:
    nodes = {"user": "", "on_m": on("user", event("message", "stop"))}
    case = Case(adhoc("", **nodes), done=False)
    case.message("stop")
    assert (case.status, case.open, choices(case)) == ("running", [], ["user"])


def test_the_same_choice_in_an_ad_hoc_sub_process_begins_an_activity_once() -> None:
    case = Case(adhoc("", user_a="", user_b=""), done=False)
    case.complete("user_a")
    (chosen,) = case.waits("message")
    choice = {"do": "message", "name": "begin:user_a", "wait": chosen}
    case.do(choice)
    with pytest.raises(NothingWaits):
        case.do(choice)
    assert case.open == ["user_a", "user_b"]


def test_an_ad_hoc_sub_process_offers_its_activities_to_those_who_would_do_them() -> None:
    work = extended('<radnice:task group="building" audience="staff"/>')
    case = Case(adhoc("", user_a=f'name="Ask for an opinion" |{work}', user_b=""), done=False)
    case.complete("user_a")
    (offered,) = case.told("wait-set")
    assert offered.facts["name"] == "begin:user_a"
    wanted = {"label": "Ask for an opinion", "audience": "staff", "form": None, "group": "building"}
    assert offered.facts["offer"] == wanted


def test_an_ad_hoc_sub_process_without_a_condition_ends_when_all_is_done() -> None:
    case = Case(bpmn("start -> adhoc -> end", adhoc=body("user_a -> user_c", user_b="")))
    for node in ("user_a", "user_b", "user_c"):
        assert choices(case) == []
        case.complete(node)
    assert case.status == "completed"


def test_an_ad_hoc_sub_process_that_cancels_what_remains_begins_nothing_that_follows() -> None:
    case = Case(adhoc("user_a -> user_c", user_b=""), done=False)
    case.complete("user_a", done=True)
    assert (case.status, case.passed) == ("completed", ["start", "user_a", "adhoc", "end"])


def test_an_ad_hoc_sub_process_that_cancels_nothing_waits_for_what_runs_and_begins_nothing_that_follows() -> None:
    flows = "user_a -> user_c; user_b -> user_d"
    case = Case(adhoc(flows, 'cancelRemainingInstances="false"'), done=False)
    case.complete("user_a", done=True)
    assert (case.status, case.open, case.told("cancelled"), choices(case)) == ("running", ["user_b"], [], [])
    case.complete("user_b", done=False)
    assert case.status == "completed"
    assert (case.count("user_c"), case.count("user_d")) == (0, 0)


def test_an_activity_that_is_to_wait_in_a_complete_ad_hoc_sub_process_does_not_begin() -> None:
    flows = "user_a -> and -> user_d; user_b -> and; user_c -> catch -> user_e"
    case = Case(adhoc(flows, 'cancelRemainingInstances="false"', user_f="", catch=event("message", "m")), done=False)
    case.complete("user_a")
    case.complete("user_c")
    case.complete("user_b", done=True)
    assert (case.open, case.facts["waits"], case.count("and")) == (["user_f"], {}, 0)
    case.complete("user_f")
    assert case.status == "completed"


def test_a_sequential_ad_hoc_sub_process_runs_one_activity_at_a_time_also_where_flows_split() -> None:
    flows = "user_a -> and; and -> user_c; and -> user_d"
    case = Case(bpmn("start -> adhoc -> end", adhoc='ordering="Sequential" |' + body(flows, user_b="")))
    while case.status == "running":
        (node,) = case.open
        case.complete(node)
    assert sorted(n for n in case.passed if n.startswith("user")) == ["user_a", "user_b", "user_c", "user_d"]


def test_a_sequential_ad_hoc_sub_process_lets_people_choose_one_when_none_runs() -> None:
    case = Case(adhoc("", 'ordering="Sequential"', user_a="", user_b=""), done=False)
    case.complete("user_a")
    assert (case.open, choices(case)) == (["user_b"], [])
    case.complete("user_b")
    assert (case.open, choices(case)) == ([], ["user_a", "user_b"])
    begin(case, "user_a", reason="new facts")
    assert (case.open, choices(case), case.variables["reason"]) == (["user_a"], [], "new facts")
    case.complete("user_a", done=True)
    assert case.status == "completed"


def test_a_sequential_ad_hoc_sub_process_goes_on_after_an_activity_was_stopped() -> None:
    inside = body("", user_a="", user_b="", on_m=on("user_a", event("message", "stop")))
    case = Case(bpmn("start -> adhoc -> end", adhoc='ordering="Sequential" |' + inside))
    case.message("stop")
    assert case.open == ["user_b"]


def test_an_ad_hoc_sub_process_whose_condition_fails_is_an_incident_and_judged_again_on_retry() -> None:
    case = Case(adhoc("", user_a="", user_b=""), total=1)
    case.complete("user_a")
    assert case.incidents == ["adhoc"]
    case.do({"do": "change", "data": {"done": True}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert (case.status, case.count("user_a")) == ("completed", 1)


def test_an_automatic_activity_of_an_ad_hoc_sub_process_runs_once_and_then_by_choice() -> None:
    case = Case(adhoc("", script=script("n = n + 1"), user=""), n=0, done=False)
    assert (case.variables["n"], choices(case)) == (1, ["script"])
    begin(case, "script")
    assert (case.variables["n"], choices(case)) == (2, ["script"])


def test_an_event_sub_process_that_interrupts_an_ad_hoc_one_takes_its_choices_away() -> None:
    handler = 'triggeredByEvent="true" |' + body("start_2 -> user_x -> end_2", start_2=event("message", "stop"))
    case = Case(adhoc("", user_a="", user_b="", sub_stop=handler), done=False)
    case.complete("user_a")
    case.message("stop")
    assert (case.open, case.facts["waits"]) == (["user_x"], {})
    case.complete("user_x")
    assert case.status == "completed"
