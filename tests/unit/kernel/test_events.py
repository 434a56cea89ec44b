"""Catch, boundary, event sub-process, signals, escalations, errors, conditions."""

from __future__ import annotations

import pytest

from engine import kernel
from engine.errors import NoSuchStart, NothingWaits
from tests.unit.kernel.diagrams import body, bpmn, event, extended, on, script, timer, when
from tests.unit.kernel.playing import Case

EVENT_SUB = 'triggeredByEvent="true" |'


def test_an_interrupting_boundary_event_cancels_its_activity() -> None:
    case = Case(bpmn("start -> user -> end; on_off -> user_b", on_off=on("user", event("message", "off"))))
    case.message("off")
    assert (case.open, [e.node for e in case.told("cancelled")]) == (["user_b"], ["user"])
    assert not case.facts["waits"]


def test_a_boundary_event_that_does_not_interrupt_goes_on_listening() -> None:
    case = Case(bpmn("start -> user -> end; on_note -> user_b", on_note=on("user", event("message", "note"), False)))
    case.message("note")
    case.message("note")
    assert case.open == ["user", "user_b", "user_b"]
    assert not case.told("wait-cleared")
    case.complete("user")
    assert [e.node for e in case.told("wait-cleared")] == ["on_note"]


def test_a_timer_boundary_that_does_not_interrupt_fires_once() -> None:
    case = Case(bpmn("start -> user -> end; on_late -> user_b", on_late=on("user", timer("P1D"), False)))
    case.ring()
    assert (case.open, case.waits("timer")) == (["user", "user_b"], {})


def test_an_interrupting_event_sub_process_takes_its_scope_over() -> None:
    stop = EVENT_SUB + body("start_2 -> user_b -> end_2", start_2=event("message", "stop"))
    case = Case(bpmn("start -> and -> user_a; and -> user_c", sub_stop=stop))
    case.message("stop", why="enough")
    assert (case.open, case.variables) == (["user_b"], {"why": "enough"})
    assert not case.facts["waits"]
    case.complete("user_b")
    assert case.status == "completed"


def test_an_event_sub_process_that_does_not_interrupt_runs_beside_as_often_as_it_is_called() -> None:
    start = 'isInterrupting="false" |' + event("message", "ask")
    ask = EVENT_SUB + body("start_2 -> user_b -> end_2", start_2=start)
    case = Case(bpmn("start -> user_a -> end", sub_ask=ask))
    case.message("ask")
    case.message("ask")
    case.complete("user_a")
    assert (case.status, case.open) == ("running", ["user_b", "user_b"])
    case.complete("user_b")
    case.complete("user_b")
    assert case.status == "completed"


def test_a_message_reaches_the_receiver_whose_keys_are_all_equal() -> None:
    listen = event("message", "paid") + extended()
    keyed = extended('<radnice:correlation key="vs">symbol</radnice:correlation>') + event("message", "paid")
    case = Case(bpmn("start -> catch -> user -> end", catch=keyed), symbol="123")
    assert case.told("wait-set")[0].facts["correlation"] == {"vs": "123"}
    for wrong in (None, {}, {"vs": "999"}):
        with pytest.raises(NothingWaits):
            case.message("paid", wrong)
    case.message("paid", {"vs": "123", "more": 1}, amount=7)
    assert (case.open, case.variables["amount"]) == (["user"], 7)
    assert listen


def test_a_message_can_be_addressed_to_one_wait() -> None:
    case = Case(
        bpmn(
            "start -> and -> catch_a -> user_a; and -> catch_b -> user_b",
            catch_a=event("message", "m"),
            catch_b=event("message", "m"),
        )
    )
    wid = next(w for w, facts in case.waits("message").items() if facts["node"] == "catch_b")
    case.do({"do": "message", "name": "m", "wait": wid})
    assert case.open == ["user_b"]


def test_an_offer_tells_what_a_person_may_send() -> None:
    offer = '<radnice:offer label="Vzít zpět" audience="applicant" form="withdrawal"/>'
    boundary = 'attachedToRef="user" |' + extended(offer) + event("message", "withdraw")
    case = Case(bpmn("start -> user -> end; on_back -> end", on_back=boundary))
    assert case.told("wait-set")[0].facts["offer"] == {
        "label": "Vzít zpět",
        "audience": "applicant",
        "form": "withdrawal",
        "group": None,
    }


def test_a_catch_event_may_say_what_it_takes_of_the_payload() -> None:
    content = extended('<radnice:payload name="paid">amount // 100</radnice:payload>') + event("message", "m")
    case = Case(bpmn("start -> catch -> user", catch=content))
    case.message("m", amount=5000, secret=1)
    assert case.variables == {"paid": 50}


def test_a_case_can_begin_with_a_message() -> None:
    case = Case(bpmn("start -> user -> end", start=event("message", "go")), at="start")
    assert case.open == ["user"]
    with pytest.raises(NoSuchStart):
        Case(bpmn("start -> user -> end", start=event("message", "go")))


@pytest.mark.parametrize("first", ["on_end", "on_note"])
def test_a_signal_that_ends_an_activity_is_heard_also_by_who_only_listens_beside_it(first: str) -> None:
    both = {"on_end": on("user", event("signal", "s")), "on_note": on("user", event("signal", "s"), False)}
    listed = {first: both.pop(first)} | both
    case = Case(bpmn("start -> user -> end; on_end -> user_e; on_note -> user_n", **listed))
    case.signal("s")
    assert (case.open, case.facts["waits"]) == (["user_e", "user_n"], {})


def test_a_signal_is_heard_by_all_who_listen_even_by_those_about_to() -> None:
    model = bpmn(
        "start -> and -> throw -> end; and -> script -> catch -> user_a; and -> catch_2 -> user_b",
        throw=event("signal", "s"),
        catch=event("signal", "s"),
        catch_2=event("signal", "s"),
        script=script("x = 1"),
    )
    case = Case(model)
    assert case.open == ["user_a", "user_b"]
    assert [e.facts["name"] for e in case.told("signal")] == ["s"]


def test_an_escalation_is_caught_outside_and_its_thrower_goes_on() -> None:
    inside = body("start_2 -> throw -> user_a -> end_2", throw=event("escalation", "help"))
    case = Case(
        bpmn(
            "start -> sub -> end; on_help -> user_b", sub=inside, on_help=on("sub", event("escalation", "help"), False)
        )
    )
    assert case.open == ["user_a", "user_b"]


def test_an_escalation_that_nobody_catches_is_lost() -> None:
    assert Case(bpmn("start -> throw -> end", throw=event("escalation", "help"))).status == "completed"


def test_an_error_is_caught_by_the_nearest_boundary_that_fits() -> None:
    inside = body("start_2 -> end_2", end_2=event("error", "broken"))
    flows = "start -> sub -> end; on_other -> user_a; on_broken -> user_b; on_any -> user_c"
    other, broken, anything = (on("sub", event("error", e)) for e in ("other", "broken", ""))
    case = Case(bpmn(flows, sub=inside, on_any=anything, on_other=other, on_broken=broken))
    assert case.open == ["user_b"]
    assert case.told("error")[0].facts == {"code": "broken", "message": None, "caught_by": "on_broken"}


def test_an_error_that_nobody_catches_is_an_incident_and_never_a_success() -> None:
    case = Case(bpmn("start -> end", end=event("error", "broken")))
    assert (case.status, case.incidents) == ("running", ["end"])


def test_a_failing_script_is_caught_by_an_error_boundary() -> None:
    case = Case(
        bpmn("start -> script -> end; on_any -> user", script=script("1 // 0"), on_any=on("script", event("error")))
    )
    assert (case.open, case.incidents) == (["user"], [])


def test_a_job_that_reports_a_business_error_goes_the_error_s_way() -> None:
    model = bpmn("start -> service -> end; on_gone -> user", on_gone=on("service", event("error", "gone")))
    caught = Case(model)
    caught.do({"do": "fail", "activity": caught.activities()[0], "code": "gone", "message": "no such"})
    assert caught.open == ["user"]
    uncaught = Case(model)
    uncaught.do({"do": "fail", "activity": uncaught.activities()[0], "code": "else", "message": "no such"})
    assert uncaught.incidents == ["service"]
    uncaught.do({"do": "retry", "activity": uncaught.told("incident")[0].activity})
    assert uncaught.open == ["service"]


def test_an_error_event_sub_process_catches_inside_its_scope() -> None:
    handler = EVENT_SUB + body("start_e -> user -> end_e", start_e=event("error", "broken"))
    inside = body("start_2 -> end_2", end_2=event("error", "broken"), sub_handler=handler)
    case = Case(bpmn("start -> sub -> end", sub=inside))
    assert case.open == ["user"]
    case.complete("user")
    assert case.status == "completed"


def test_a_condition_acts_when_it_becomes_true_not_while_it_stays_so() -> None:
    case = Case(bpmn("start -> user -> end; on_big -> user_b", on_big=on("user", when("n > 10"), False)))
    assert case.open == ["user"]
    for n, expected in ((5, 0), (11, 1), (12, 1), (3, 1), (20, 2)):
        case.do({"do": "change", "data": {"n": n}})
        assert case.open.count("user_b") == expected


def test_a_condition_that_holds_already_interrupts_before_the_activity_begins() -> None:
    case = Case(bpmn("start -> user -> end; on_big -> user_b", on_big=on("user", when("n > 10"))), n=11)
    assert (case.open, case.told("task-opened", "user")) == (["user_b"], [])


def test_all_events_of_a_parallel_multiple_event_must_occur() -> None:
    content = 'parallelMultiple="true" |' + event("message", "a") + event("message", "b")
    case = Case(bpmn("start -> catch -> user -> end", catch=content))
    case.message("b", x=1)
    assert case.open == []
    with pytest.raises(NothingWaits):
        case.message("b")
    case.message("a", y=2)
    assert (case.open, case.variables) == (["user"], {"x": 1, "y": 2})


def test_any_event_of_a_multiple_event_is_enough() -> None:
    case = Case(bpmn("start -> catch -> user -> end", catch=event("message", "a") + event("signal", "b")))
    case.signal("b")
    assert (case.open, case.facts["waits"]) == (["user"], {})


def test_two_parallel_multiple_boundaries_of_one_activity_count_apart() -> None:
    def both(a: str, b: str) -> str:
        return 'attachedToRef="user" parallelMultiple="true" |' + event("message", a) + event("message", b)

    case = Case(bpmn("start -> user -> end; on_x -> user_x; on_y -> user_y", on_x=both("a", "b"), on_y=both("c", "d")))
    case.message("a")
    case.message("d")
    assert case.open == ["user"]
    case.message("c")
    assert case.open == ["user_y"]


def test_an_event_s_data_that_cannot_be_given_out_is_its_incident_and_not_the_sender_s() -> None:
    gives = "<dataOutputAssociation><targetRef>x</targetRef><transformation>1 // n</transformation>"
    gives += "</dataOutputAssociation>"
    model = bpmn(
        "start -> user -> end; start -> catch -> end; on_m -> end",
        on_m=on("user", gives + event("message", "m")),
        catch=gives + event("message", "c"),
    )
    case = Case(model, n=0)
    case.message("m")
    case.message("c")
    assert case.incidents == ["catch", "on_m"]
    case.do({"do": "change", "data": {"n": 1}})
    for incident in case.told("incident"):
        case.do({"do": "retry", "activity": incident.activity})
    assert (case.status, case.variables["x"]) == ("completed", 1)


def test_an_event_based_gateway_can_begin_a_case_with_all_of_its_messages() -> None:
    model = bpmn(
        "events -> catch_a -> and -> user -> end; events -> catch_b -> and",
        events='instantiate="true" eventGatewayType="Parallel"',
        catch_a=event("message", "a"),
        catch_b=event("message", "b"),
    )
    case = Case(model, at="catch_b")
    assert case.open == []
    case.message("a")
    assert case.open == ["user"]


def test_a_signal_that_stops_its_own_thrower_is_thrown_all_the_same() -> None:
    inside = body("start_2 -> throw -> user", throw=event("signal", "s"))
    case = Case(bpmn("start -> sub -> end; on_s -> end", sub=inside, on_s=on("sub", event("signal", "s"))))
    assert (case.status, case.count("throw"), case.open) == ("completed", 1, [])


def test_an_event_based_gateway_can_begin_a_case_with_the_first_of_its_messages() -> None:
    model = bpmn(
        "events -> catch_a -> user_a -> end; events -> catch_b -> user_b -> end",
        events='instantiate="true"',
        catch_a=event("message", "a"),
        catch_b=event("message", "b"),
    )
    case = Case(model, at="catch_b")
    assert (case.open, case.facts["waits"]) == (["user_b"], {})


def failing(case: Case) -> list[str]:
    """Give the nodes of incidents that stand open."""
    open_now = kernel.rest(case.state or "").incidents
    return [e.node or "" for e in case.told("incident") if e.activity in open_now]


def test_a_condition_that_fails_is_one_incident_and_its_activity_goes_on() -> None:
    case = Case(bpmn("start -> user -> end; on_c -> user_x", on_c=on("user", when("amount > 5"))), amount="six")
    case.do({"do": "change", "data": {"other": 1}})
    assert (case.open, failing(case), len(case.told("incident"))) == (["user"], ["on_c"], 1)
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert (failing(case), len(case.told("incident"))) == (["on_c"], 2)
    case.do({"do": "change", "data": {"amount": 6}})
    assert (case.open, failing(case)) == (["user_x"], [])


def test_a_condition_that_can_be_judged_again_takes_its_incident_back() -> None:
    case = Case(bpmn("start -> catch -> end", catch=when("amount > 5")), amount="six")
    assert failing(case) == ["catch"]
    case.do({"do": "change", "data": {"amount": 1}})
    assert (failing(case), len(case.told("incident-resolved")), case.status) == ([], 1, "running")


def test_a_condition_that_fails_leaves_no_incident_behind_when_nobody_waits_for_it_any_more() -> None:
    handler = 'triggeredByEvent="true" |' + body("start_2 -> user_x -> end_2", start_2=when("amount > 5"))
    case = Case(bpmn("start -> user -> end", sub_more=handler), amount="six")
    assert failing(case) == ["start_2"]
    case.complete("user")
    failed = case.told("incident")[0].activity
    assert (case.status, [e.activity for e in case.told("cancelled")]) == ("completed", [failed])


@pytest.mark.parametrize("data", [{}, {"amount": None}])
def test_a_condition_whose_variable_is_not_there_yet_is_no_incident(data: dict[str, None]) -> None:
    case = Case(bpmn("start -> catch -> end", catch=when("amount > 5")), **data)
    assert (case.told("incident"), case.status) == ([], "running")
    case.do({"do": "change", "data": {"amount": 6}})
    assert case.status == "completed"


def test_a_message_that_is_the_last_thing_a_case_does_is_thrown_before_it_ends() -> None:
    case = Case(bpmn("start -> and -> end; and -> end_2", end=event("message", "done")))
    assert [e.do for e in case.effects if e.do in ("message", "ended")] == ["message", "ended"]


def test_a_message_that_a_terminate_end_event_overtakes_is_not_thrown() -> None:
    case = Case(bpmn("start -> and -> end; and -> end_2", end=event("message", "done"), end_2=event("terminate")))
    assert (case.status, case.told("message"), case.passed) == ("completed", [], ["start", "and", "end_2"])


def test_a_message_never_comes_back_to_the_wait_that_its_own_throw_ended() -> None:
    flows = "start -> and -> catch -> end; and -> user -> end_2"
    nodes = {"catch": event("message", "m"), "end_2": event("message", "m") + event("terminate")}
    case = Case(bpmn(flows, **nodes))
    case.complete("user")
    assert (case.status, case.count("catch"), len(case.told("message"))) == ("completed", 0, 1)


def test_a_receive_task_can_begin_a_case_beside_a_start_event() -> None:
    flows = "start -> user_a -> end; receive -> user_b -> end"
    model = bpmn(flows, receive='instantiate="true" messageRef="ask"', more="").replace(
        b"<process", b'<message id="ask" name="ask"/><process'
    )
    by_hand, asked = Case(model), Case(model, at="receive", name="ask", payload={"x": 1})
    assert (by_hand.open, by_hand.facts["waits"]) == (["user_a"], {})
    assert (asked.open, asked.passed, asked.variables) == (["user_b"], ["receive"], {"x": 1})


def test_an_event_based_gateway_can_begin_a_case_beside_a_start_event() -> None:
    flows = "start -> user_a -> end; events -> catch_a -> user_b -> end; events -> catch_b -> user_c -> end"
    nodes = {"catch_a": event("message", "a"), "catch_b": event("message", "b"), "events": 'instantiate="true"'}
    model = bpmn(flows, **nodes)
    by_hand, asked = Case(model), Case(model, at="catch_b", name="b")
    assert (by_hand.open, by_hand.facts["waits"]) == (["user_a"], {})
    assert (asked.open, asked.facts["waits"]) == (["user_c"], {})
