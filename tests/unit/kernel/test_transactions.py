"""Transactions: cancelled ones undo what was done in them, hazards don't."""

from __future__ import annotations

import pytest

from tests.unit.kernel.diagrams import body, bpmn, definitions, each, event, on, process, script
from tests.unit.kernel.playing import Case
from tests.unit.kernel.test_compensation import tie, undo

CANCEL = "<cancelEventDefinition/>"


def test_a_cancelled_transaction_undoes_also_what_was_done_in_a_part_that_still_runs() -> None:
    part = body("start_3 -> user_a -> user_b -> end_3", more=tie(("user_a", "script_a")), **undo("user_a", "script_a"))
    inside = body(
        "start_2 -> and -> sub -> end_2; and -> user_c -> user_d -> end_4",
        sub=part,
        end_4=CANCEL,
        more=tie(("user_c", "script_c")),
        **undo("user_c", "script_c"),
    )
    case = Case(bpmn("start -> tx -> end; on_cancel -> user", tx=inside, on_cancel=on("tx", CANCEL)), log=[])
    case.complete("user_c")
    case.complete("user_a")
    case.complete("user_d")
    assert (case.open, case.variables["log"]) == (["user"], ["script_a", "script_c"])


def test_an_error_ends_a_transaction_without_undoing_anything() -> None:
    inside = body(
        "start_2 -> user_a -> end_2",
        end_2=event("error", "hazard"),
        more=tie(("user_a", "script_a")),
        **undo("user_a", "script_a"),
    )
    model = bpmn("start -> tx -> end; on_hazard -> user", tx=inside, on_hazard=on("tx", event("error", "hazard")))
    case = Case(model, log=[])
    case.complete("user_a")
    assert (case.open, case.variables["log"]) == (["user"], [])


def test_whoever_throws_compensation_without_waiting_goes_on_at_once() -> None:
    model = bpmn(
        "start -> user_a -> throw -> user_b -> end",
        throw='<compensateEventDefinition waitForCompletion="false"/>',
        more=tie(("user_a", "user_undo")),
        on_user_a='attachedToRef="user_a" |' + event("compensate"),
        user_undo='isForCompensation="true"',
    )
    case = Case(model)
    case.complete("user_a")
    assert case.open == ["user_b", "user_undo"]
    case.complete("user_b")
    assert case.status == "running"
    case.complete("user_undo")
    assert (case.status, case.count("throw")) == ("completed", 1)


def test_what_a_called_process_did_is_undone_with_its_own_variables() -> None:
    called = process(
        "callee",
        "start_2 -> script_amount -> user_a -> end_2",
        script_amount=script("amount = 7"),
        more=tie(("user_a", "script_a")),
        on_user_a='attachedToRef="user_a" |' + event("compensate"),
        script_a='isForCompensation="true" |' + script("amount = -amount; undone = amount"),
    )
    from_call = '<radnice:output name="nothing">None</radnice:output>'
    caller = process(
        "p",
        "start -> call -> throw -> end",
        call=f'calledElement="callee" | <extensionElements>{from_call}</extensionElements>',
        throw=event("compensate"),
    )
    case = Case(definitions(caller, called), amount=1)
    case.complete("user_a")
    assert case.told("set", "script_a")[0].facts["variables"] == {"amount": -7, "undone": -7}
    assert (case.status, case.variables) == ("completed", {"amount": 1, "nothing": None})


def test_undoing_inside_an_ad_hoc_sub_process_does_not_ask_its_completion_condition() -> None:
    inside = body(
        more="<completionCondition>done</completionCondition>" + tie(("user_a", "script_a")),
        user_a="",
        throw="",
        **undo("user_a", "script_a"),
    )
    case = Case(bpmn("start -> adhoc -> throw_2 -> end", adhoc=inside, throw_2=event("compensate")), log=[])
    case.complete("user_a", done=True)
    assert (case.status, case.variables["log"]) == ("completed", ["script_a"])


def test_an_event_sub_process_undoes_what_it_did_itself_and_before_that_its_body() -> None:
    handler = 'triggeredByEvent="true" |' + body(
        "start_2 -> user_b -> throw -> end_2",
        start_2=event("signal", "s"),
        throw=event("compensate"),
        more=tie(("user_b", "script_b")),
        **undo("user_b", "script_b"),
    )
    model = bpmn(
        "start -> user_a -> user -> end", sub=handler, more=tie(("user_a", "script_a")), **undo("user_a", "script_a")
    )
    case = Case(model, log=[])
    case.complete("user_a")
    case.signal("s")
    case.complete("user_b")
    assert (case.status, case.variables["log"]) == ("completed", ["script_b", "script_a"])


def test_what_an_event_sub_process_did_can_be_undone_after_it_is_done() -> None:
    handler = 'triggeredByEvent="true" |' + body(
        "start_2 -> user_b -> end_2",
        start_2='isInterrupting="false" |' + event("signal", "s"),
        more=tie(("user_b", "script_b")),
        **undo("user_b", "script_b"),
    )
    case = Case(bpmn("start -> user -> throw -> end", sub=handler, throw=event("compensate")), log=[])
    case.signal("s")
    case.complete("user_b")
    case.complete("user")
    assert (case.status, case.variables["log"]) == ("completed", ["script_b"])


@pytest.mark.parametrize("number", [3, 80])
def test_a_cancelled_transaction_of_several_items_undoes_what_all_of_them_did(number: int) -> None:
    inside = body(
        "start_2 -> user_a -> user_b -> xor -> end_2; xor -> end_3 if bad",
        xor='default="xor-end_2"',
        end_3=CANCEL,
        more=tie(("user_a", "script_a")),
        on_user_a='attachedToRef="user_a" |' + event("compensate"),
        script_a='isForCompensation="true" |' + script("log = log + [row]"),
    )
    model = bpmn("start -> tx -> end; on_cancel -> user", tx=each("rows", "row") + inside, on_cancel=on("tx", CANCEL))
    case = Case(model, log=[], rows=list(range(number)), bad=False)
    for _ in range(number - 1):
        case.complete("user_a")
    case.complete("user_b")
    case.complete("user_b", bad=True)
    assert (case.open, case.incidents, len(case.facts["scopes"])) == (["user"], [], 1)
    assert sorted(case.variables["log"]) == list(range(number - 1))
    case.complete("user")
    assert case.status == "completed"


def test_a_cancelled_transaction_in_a_loop_undoes_the_rounds_before_too() -> None:
    inside = body(
        "start_2 -> user_a -> xor -> end_2; xor -> end_3 if n == 3",
        xor='default="xor-end_2"',
        end_3=CANCEL,
        more=tie(("user_a", "script_a")),
        **undo("user_a", "script_a"),
    )
    loop = '<standardLoopCharacteristics loopMaximum="9"/>'
    model = bpmn("start -> tx -> end; on_cancel -> user", tx=loop + inside, on_cancel=on("tx", CANCEL))
    case = Case(model, log=[], n=0)
    for n in (1, 2, 3):
        case.complete("user_a", n=n)
    assert (case.open, case.variables["log"]) == (["user"], ["script_a"] * 3)


def test_a_cancelled_transaction_undoes_unfinished_items_inside_of_it_with_their_own_variables() -> None:
    many = each("rows", "row") + body(
        "start_3 -> user_a -> user_b -> end_3",
        more=tie(("user_a", "script_a")),
        on_user_a='attachedToRef="user_a" |' + event("compensate"),
        script_a='isForCompensation="true" |' + script("log = log + [row]"),
    )
    inside = body("start_2 -> and -> sub -> end_2; and -> user_c -> end_4", sub=many, end_4=CANCEL)
    case = Case(
        bpmn("start -> tx -> end; on_cancel -> user", tx=inside, on_cancel=on("tx", CANCEL)), log=[], rows=[7, 8, 9]
    )
    case.complete("user_a")
    case.complete("user_a")
    case.complete("user_b")
    case.complete("user_c")
    assert (case.open, sorted(case.variables["log"])) == (["user"], [7, 8])
