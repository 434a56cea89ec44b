"""Where tokens split and meet."""

from __future__ import annotations

import pytest

from tests.unit.kernel.diagrams import body, bpmn, event, script, timer
from tests.unit.kernel.playing import Case


def test_an_exclusive_gateway_takes_the_first_way_whose_condition_holds() -> None:
    model = bpmn(
        "start -> xor -> user_a if n > 1; xor -> user_b if n > 0; xor -> user_c; user_a -> end",
        xor='default="xor-user_c"',
    )
    assert Case(model, n=2).open == ["user_a"]
    assert Case(model, n=1).open == ["user_b"]
    assert Case(model, n=0).open == ["user_c"]


def test_an_exclusive_gateway_without_a_way_out_is_an_incident_and_can_be_retried() -> None:
    case = Case(bpmn("start -> xor -> user_a if n > 1; xor -> user_b if n < 0"), n=0)
    assert case.incidents == ["xor"]
    case.do({"do": "change", "data": {"n": 5}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert (case.open, case.incidents) == (["user_a"], [])
    assert case.told("incident-resolved")


def test_a_parallel_gateway_waits_for_every_way_in() -> None:
    case = Case(bpmn("start -> and -> user_a -> and_2 -> end; and -> user_b -> and_2"))
    case.complete("user_a")
    assert case.status == "running"
    case.complete("user_b")
    assert (case.status, case.count("and_2"), case.count("end")) == ("completed", 1, 1)


def test_two_tokens_over_one_flow_do_not_make_a_parallel_join_fire() -> None:
    case = Case(bpmn("start -> and -> xor; and -> xor -> user_a -> and_2 -> end; and -> user_b -> and_2"))
    case.complete("user_a")
    case.complete("user_a")
    assert case.count("and_2") == 0
    case.complete("user_b")
    assert case.count("and_2") == 1


def test_an_inclusive_gateway_joins_exactly_what_it_split() -> None:
    ways = "start -> or -> user_a if a; or -> user_b if b; or -> user_c"
    model = bpmn(ways + "; user_a -> or_2; user_b -> or_2; user_c -> or_2 -> end", **{"or": 'default="or-user_c"'})
    both = Case(model, a=True, b=True)
    both.complete("user_b")
    assert both.open == ["user_a"]
    both.complete("user_a")
    assert (both.status, both.count("end")) == ("completed", 1)
    none = Case(model, a=False, b=False)
    assert none.open == ["user_c"]


def test_an_inclusive_join_in_a_loop_fires_once_a_round() -> None:
    model = bpmn(
        "start -> xor -> or -> script_a if n < 9; or -> script_b if n > 0; script_a -> or_2; script_b -> or_2 -> xor_2"
        "; xor_2 -> xor if n < 4; xor_2 -> end",
        xor_2='default="xor_2-end"',
        script_a=script("n = n + 1"),
        script_b=script("m = m + 1"),
    )
    case = Case(model, n=0, m=0)
    assert (case.status, case.variables, case.count("or_2")) == ("completed", {"n": 4, "m": 3}, 4)


def test_an_event_based_gateway_goes_where_the_first_event_leads() -> None:
    model = bpmn(
        "start -> events -> catch_paid -> user_a; events -> catch_late -> user_b",
        catch_paid=event("message", "paid"),
        catch_late=timer("P1D"),
    )
    paid = Case(model)
    paid.message("paid", amount=5)
    assert (paid.open, paid.waits("timer"), paid.variables) == (["user_a"], {}, {"amount": 5})
    assert [e.facts["flow"] for e in paid.told("flow", "events")] == ["events-catch_paid"]
    late = Case(model)
    late.ring()
    assert (late.open, late.waits("message")) == (["user_b"], {})


def test_a_complex_gateway_resets_before_its_body_ends_and_may_send_a_token_on() -> None:
    source = bpmn(
        "start -> xor -> user_a -> complex; xor -> user_b if n > 1; user_b -> complex;"
        "complex -> end_a if waitingForStart; complex -> user_late if not waitingForStart",
        xor='default="xor-user_a" |',
        complex="<activationCondition>activationCount &gt;= 1</activationCondition>",
    )
    case = Case(source, n=0)
    case.complete("user_a")
    assert case.open == ["user_late"]
    case.complete("user_late")
    assert case.status == "completed"


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_body_that_is_cancelled_has_no_gateway_to_reset(interrupting: bool) -> None:
    start = (
        f'<startEvent id="start_x" isInterrupting="{str(interrupting).lower()}">{event("message", "x")}</startEvent>'
    )
    inside = f'{start}<userTask id="user_x"/><sequenceFlow id="fx" sourceRef="start_x" targetRef="user_x"/>'
    source = bpmn(
        "start -> and; and -> complex; and -> user_b -> complex; and -> user_c -> end_t;"
        "complex -> end_a if waitingForStart; complex -> user_late if not waitingForStart",
        complex="<activationCondition>activationCount &gt;= 1</activationCondition>",
        end_t=event("terminate"),
        sub=f'triggeredByEvent="true" | {inside}',
    )
    case = Case(source)
    if interrupting:
        case.message("x")
        assert case.open == ["user_x"]
        case.complete("user_x")
    else:
        case.complete("user_c")
    assert case.status == "completed"
    assert not case.told("task-opened", "user_late")


def test_a_complex_gateway_starts_when_its_condition_holds_and_swallows_the_rest() -> None:
    condition = "<activationCondition>activationCount &gt;= 2</activationCondition>"
    flows = "start -> and -> user_a -> complex -> user_x -> end; and -> user_b -> complex; and -> user_c -> complex"
    case = Case(bpmn(flows, complex=condition))
    case.complete("user_a")
    assert case.open == ["user_b", "user_c"]
    case.complete("user_b")
    assert case.open == ["user_c", "user_x"]
    case.complete("user_c")
    assert case.open == ["user_x"]
    case.complete("user_x")
    assert (case.status, case.count("user_x")) == ("completed", 1)


COMPLEX = "start -> and -> user_a -> complex; and -> user_b -> complex; and -> user_c -> complex"
TWO = "<activationCondition>activationCount &gt;= 2</activationCondition>"


def test_a_complex_gateway_tells_its_conditions_whether_it_starts_or_resets() -> None:
    flows = COMPLEX + "; complex -> user_x if waitingForStart; complex -> user_y if not waitingForStart"
    case = Case(bpmn(flows, complex=TWO))
    case.complete("user_a")
    case.complete("user_b")
    assert case.open == ["user_c", "user_x"]
    case.complete("user_c")
    assert case.open == ["user_x", "user_y"]


def test_a_complex_gateway_starts_anew_after_its_reset_in_a_loop_too() -> None:
    flows = COMPLEX.replace("start ->", "start -> xor_0 ->") + "; complex -> user_x -> xor"
    flows += "; xor -> xor_0 if again; xor -> end"
    case = Case(bpmn(flows, complex=TWO, xor='default="xor-end"'), again=True)
    for again in (True, True, False):
        for node in ("user_a", "user_c", "user_b"):
            case.complete(node)
        case.complete("user_x", again=again)
    assert (case.status, case.count("complex"), case.count("user_x")) == ("completed", 3, 3)


def test_a_complex_gateway_does_not_wait_for_ways_that_were_not_taken() -> None:
    flows = "start -> or -> user_a -> complex -> user_x; or -> user_b if n > 1; or -> user_c if n > 2"
    flows += "; user_b -> complex; user_c -> complex"
    one = "<activationCondition>activationCount &gt;= 1</activationCondition>"
    case = Case(bpmn(flows, complex=one), n=2)
    case.complete("user_b")
    assert case.open == ["user_a", "user_x"]
    case.complete("user_a")
    case.complete("user_x")
    assert (case.status, case.count("user_x")) == ("completed", 1)


def test_a_complex_gateway_without_a_way_out_waits_for_nobody_again_on_retry() -> None:
    case = Case(bpmn(COMPLEX + "; complex -> user_x if ok", complex=TWO), ok=False)
    case.complete("user_a")
    case.complete("user_b")
    assert case.incidents == ["complex"]
    case.do({"do": "change", "data": {"ok": True}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert case.open == ["user_c", "user_x"]


def test_a_join_lives_in_its_own_run_of_a_sub_process() -> None:
    inside = body("start_2 -> and -> user_a -> and_2 -> end_2; and -> user_b -> and_2")
    case = Case(bpmn("start -> and_0 -> sub_1; and_0 -> sub_1 -> end", sub_1=inside))
    case.complete("user_a")
    case.complete("user_a")
    assert case.count("and_2") == 0
    case.complete("user_b")
    assert (case.count("and_2"), case.open) == (1, ["user_b"])
