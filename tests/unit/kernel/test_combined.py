"""What single rules give together: markers, bodies, calls and events inside one another."""

from __future__ import annotations

import pytest

from tests.unit.kernel.diagrams import (
    body,
    bpmn,
    definitions,
    each,
    event,
    on,
    process,
    script,
    timer,
    when,
)
from tests.unit.kernel.playing import Case
from tests.unit.kernel.test_compensation import tie

LINK = '<linkEventDefinition name="L"/>'
CALL = 'calledElement="callee"'


def handler(definition: str, inside: str = "user_4", interrupting: bool = True, **nodes: str) -> str:
    """Give an event sub-process with one activity."""
    start = f'isInterrupting="{str(interrupting).lower()}" |' + definition
    return 'triggeredByEvent="true" |' + body(f"start_4 -> {inside} -> end_4", start_4=start, **nodes)


def called(caller: str, flows: str, inside: dict[str, str], **nodes: str) -> bytes:
    return definitions(process("p", caller, **nodes), process("callee", flows, **inside))


# --- events across bodies and calls ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("interrupting", "then"), [(True, ["user_2"]), (False, ["user", "user_2"])])
def test_a_thrown_escalation_is_caught_at_the_call(interrupting: bool, then: list[str]) -> None:
    at_call = on("call", event("escalation", "late"), interrupting)
    inside = {"throw": event("escalation", "late")}
    flows = "start -> call -> end; on_e -> user_2"
    case = Case(called(flows, "start_2 -> throw -> user -> end_2", inside, call=CALL, on_e=at_call))
    assert case.open == then


@pytest.mark.parametrize(("interrupting", "then"), [(True, ["user_2"]), (False, ["user_2", "user_3"])])
def test_an_escalation_that_ends_a_called_process_is_caught_at_the_call(interrupting: bool, then: list[str]) -> None:
    at_call = on("call", event("escalation", "late"), interrupting)
    inside = {"end_2": event("escalation", "late")}
    flows = "start -> call -> user_3 -> end; on_e -> user_2"
    case = Case(called(flows, "start_2 -> user -> end_2", inside, call=CALL, on_e=at_call))
    case.complete("user")
    assert case.open == then


def test_an_escalation_climbs_over_two_calls() -> None:
    inner = process("inner", "start_3 -> end_3", end_3=event("escalation", "late"))
    middle = process("callee", "start_2 -> call_2 -> user -> end_2", call_2='calledElement="inner"')
    at_call = on("call", event("escalation", "late"), False)
    outer = process("p", "start -> call -> end; on_e -> user_2", call=CALL, on_e=at_call)
    assert Case(definitions(outer, middle, inner)).open == ["user", "user_2"]


def test_an_escalation_from_deep_inside_starts_the_event_sub_process_of_the_case() -> None:
    inside = body("start_2 -> throw -> user -> end_2", throw=event("escalation", "x"))
    model = bpmn("start -> sub -> user_9 -> end", sub=inside, sub_e=handler(event("escalation", "x")))
    case = Case(model)
    assert (case.open, len(case.facts["scopes"])) == (["user_4"], 2)


def test_a_signal_thrown_in_a_called_process_stops_it_at_the_call() -> None:
    nodes = {"call": CALL, "on_s": on("call", event("signal", "s"))}
    inside = {"throw": event("signal", "s")}
    case = Case(called("start -> call -> end; on_s -> user_2", "start_2 -> throw -> user -> end_2", inside, **nodes))
    assert case.open == ["user_2"]


def test_an_error_of_one_called_process_of_several_ends_all_of_them() -> None:
    inside = {"xor": 'default="xor-end_2"', "end_3": event("error", "e")}
    nodes = {"call": CALL + " |" + each("rows"), "on_e": on("call", event("error", "e"))}
    flows = "start_2 -> user -> xor -> end_2; xor -> end_3 if bad"
    model = called("start -> call -> end; on_e -> user_9", flows, inside, **nodes)
    case = Case(model, rows=[1, 2, 3], bad=False)
    case.complete("user")
    case.complete("user", bad=True)
    assert (case.open, len(case.facts["scopes"])) == (["user_9"], 1)


def test_an_error_event_sub_process_of_a_called_process_mends_it_and_the_call_goes_on() -> None:
    inside = {"script": script("x = 1 // 0"), "sub_e": handler(event("error"))}
    case = Case(called("start -> call -> user_9 -> end", "start_2 -> script -> end_2", inside, call=CALL))
    assert case.open == ["user_4"]
    case.complete("user_4")
    assert case.open == ["user_9"]


def test_an_error_of_an_event_sub_process_is_caught_outside_of_its_body() -> None:
    throws = 'triggeredByEvent="true" |' + body(
        "start_5 -> end_5", start_5=event("message", "m"), end_5=event("error", "e")
    )
    inside = body("start_2 -> user -> end_2", sub_a=throws, sub_b=handler(event("error", "e")))
    case = Case(bpmn("start -> sub -> end; on_e -> user_2", sub=inside, on_e=on("sub", event("error", "e"))))
    case.message("m")
    assert case.open == ["user_2"]


def test_a_terminate_end_event_in_a_called_process_ends_that_one_only() -> None:
    inside = {"end_t": "<terminateEventDefinition/>"}
    flows = "start_2 -> and_2 -> user -> end_2; and_2 -> end_t"
    case = Case(called("start -> and -> call -> user_3 -> end; and -> user_4 -> end", flows, inside, call=CALL))
    assert case.open == ["user_3", "user_4"]


def test_a_condition_of_an_event_sub_process_sees_what_another_branch_writes() -> None:
    inside = body("start_2 -> user -> end_2", sub_a=handler(when("alarm")))
    case = Case(bpmn("start -> and -> sub -> end; and -> user_9 -> end", sub=inside), alarm=False)
    case.complete("user_9", alarm=True)
    assert case.open == ["user_4"]


# --- loops and items -------------------------------------------------------------------------------------------------


def test_a_condition_at_a_boundary_in_a_loop_is_armed_anew_each_round() -> None:
    nodes = {
        "xor_2": 'default="xor_2-end"',
        "on_c": on("user", when("n % 2 == 1"), False),
        "script": script("hits = hits + [n]"),
    }
    flows = "start -> xor -> user -> xor_2; xor_2 -> xor if n < 4; xor_2 -> end; on_c -> script -> end_2"
    case = Case(bpmn(flows, **nodes), n=0, hits=[])
    for n in (1, 2, 3, 4):
        case.complete("user", n=n)
    assert (case.status, case.variables["hits"], case.facts["waits"]) == ("completed", [1, 3], {})


def test_a_timer_that_does_not_interrupt_is_set_once_each_round_for_all_items() -> None:
    nodes = {"xor_2": 'default="xor_2-end"', "user": each("rows"), "on_t": on("user", timer("P1D"), False)}
    flows = "start -> xor -> user -> xor_2; xor_2 -> xor if again; xor_2 -> end; on_t -> user_2 -> end_2"
    case = Case(bpmn(flows, **nodes), rows=[1, 2], again=True)
    case.ring()
    case.complete("user")
    case.complete("user")
    assert (case.open, len(case.waits("timer"))) == (["user", "user", "user_2"], 1)


def test_a_cycle_of_an_event_sub_process_runs_beside_its_body_as_often_as_it_says() -> None:
    beats = handler(timer("R3/PT1H", "timeCycle"), "script", False, script=script("n = n + 1"))
    case = Case(bpmn("start -> sub -> end", sub=body("start_2 -> user -> end_2", sub_a=beats)), n=0)
    for _ in range(3):
        case.ring()
    assert (case.variables["n"], case.waits("timer"), case.open) == (3, {}, ["user"])
    case.complete("user")
    assert case.status == "completed"


def test_calls_one_after_another_stop_at_the_completion_condition() -> None:
    many = each("rows", sequential=True).replace("</multi", "<completionCondition>stop</completionCondition></multi")
    flows = "start_2 -> user -> end_2"
    case = Case(
        called("start -> call -> user_3 -> end", flows, {}, call=CALL + " |" + many), rows=[1, 2, 3], stop=False
    )
    case.complete("user")
    case.complete("user", stop=True)
    assert (case.open, case.count("call")) == (["user_3"], 2)


def test_an_escalation_that_interrupts_ends_all_items() -> None:
    items = each("rows") + body("start_2 -> user -> end_2", end_2=event("escalation", "x"))
    nodes = {"sub": items, "on_e": on("sub", event("escalation", "x"))}
    case = Case(bpmn("start -> sub -> end; on_e -> user_2", **nodes), rows=[1, 2, 3])
    case.complete("user")
    assert (case.open, len(case.facts["scopes"])) == (["user_2"], 1)


def test_compensation_thrown_inside_an_item_undoes_that_item_only() -> None:
    items = each("rows") + body(
        "start_2 -> script -> user -> xor; xor -> throw -> end_2 if bad; xor -> end_3",
        script=script("done = item"),
        xor='default="xor-end_3"',
        throw=event("compensate"),
        on_script='attachedToRef="script" |' + event("compensate"),
        script_undo='isForCompensation="true" |' + script("undone = undone + [item]"),
        more=tie(("script", "script_undo")),
    )
    case = Case(bpmn("start -> sub -> user_9 -> end", sub=items), rows=[1, 2, 3], undone=[], bad=False)
    case.complete("user", bad=True)
    case.complete("user", bad=False)
    case.complete("user")
    assert (case.open, case.variables["undone"]) == (["user_9"], [1])


def test_every_item_undoes_itself_by_its_own_event_sub_process_the_last_one_first() -> None:
    undoes = handler(event("compensate"), "script_4", script_4=script("log = log + [item]"))
    items = each("rows") + body("start_2 -> script -> end_2", script=script("x = item"), sub_a=undoes)
    case = Case(bpmn("start -> sub -> throw -> end", sub=items, throw=event("compensate")), rows=[1, 2, 3], log=[])
    assert (case.status, case.variables["log"]) == ("completed", [3, 2, 1])


# --- flows -----------------------------------------------------------------------------------------------------------


def test_links_of_one_name_pair_within_their_own_body() -> None:
    inside = body("start_2 -> throw_2; catch_2 -> user_2 -> end_2", throw_2=LINK, catch_2=LINK)
    case = Case(bpmn("start -> throw_1; catch_1 -> sub -> user_1 -> end", throw_1=LINK, catch_1=LINK, sub=inside))
    assert case.open == ["user_2"]
    case.complete("user_2")
    assert case.open == ["user_1"]


def test_several_sources_of_a_link_lead_to_its_one_target_each_time() -> None:
    nodes = {"throw_1": LINK, "throw_2": LINK, "catch_1": LINK}
    assert Case(bpmn("start -> and -> throw_1; and -> throw_2; catch_1 -> user -> end", **nodes)).open == ["user"] * 2


def test_tokens_that_are_too_few_for_a_start_quantity_wait() -> None:
    nodes = {"script": 'completionQuantity="3" |' + script("x = 1"), "user": 'startQuantity="2"'}
    case = Case(bpmn("start -> script -> user -> end", **nodes))
    case.complete("user")
    assert (case.open, case.status) == ([], "running")
    assert [t["state"] for t in case.facts["tokens"].values()] == ["join"]


def test_all_events_of_a_set_may_be_awaited_behind_an_event_based_gateway() -> None:
    both = 'parallelMultiple="true" |' + event("message", "m") + event("signal", "s")
    flows = "start -> events -> catch_a -> user -> end; events -> catch_t -> end_2"
    case = Case(bpmn(flows, catch_a=both, catch_t=timer("P1D")))
    case.message("m")
    assert (case.open, len(case.waits("timer"))) == ([], 1)
    case.signal("s")
    assert (case.open, case.facts["waits"]) == (["user"], {})


def test_a_cancel_deep_inside_a_transaction_undoes_the_whole_transaction() -> None:
    nested = body(
        "start_3 -> script_b -> end_3",
        script_b=script("log = log + ['b']"),
        end_3="<cancelEventDefinition/>",
        on_script_b='attachedToRef="script_b" |' + event("compensate"),
        script_y='isForCompensation="true" |' + script("log = log + ['undo b']"),
        more=tie(("script_b", "script_y")),
    )
    inside = body(
        "start_2 -> script_a -> sub -> end_2",
        script_a=script("log = log + ['a']"),
        sub=nested,
        on_script_a='attachedToRef="script_a" |' + event("compensate"),
        script_z='isForCompensation="true" |' + script("log = log + ['undo a']"),
        more=tie(("script_a", "script_z")),
    )
    nodes = {"tx": inside, "on_cancel": on("tx", "<cancelEventDefinition/>")}
    case = Case(bpmn("start -> tx -> end; on_cancel -> user", **nodes), log=[])
    assert (case.open, case.variables["log"]) == (["user"], ["a", "b", "undo b", "undo a"])
