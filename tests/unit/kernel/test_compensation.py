"""Undoing what was done, in reverse order."""

from __future__ import annotations

from tests.unit.kernel.diagrams import body, bpmn, each, event, on, script
from tests.unit.kernel.playing import Case


def undo(activity: str, handler: str) -> dict[str, str]:
    """Attach a compensation event with its handler."""
    boundary = f"on_{activity}"
    return {
        boundary: f'attachedToRef="{activity}" |' + event("compensate"),
        handler: 'isForCompensation="true" |' + script(f'log = log + ["{handler}"]'),
    }


def tie(*pairs: tuple[str, str]) -> str:
    return "".join(f'<association id="a_{a}" sourceRef="on_{a}" targetRef="{h}"/>' for a, h in pairs)


def test_what_was_done_is_undone_in_reverse_order() -> None:
    model = bpmn(
        "start -> user_a -> user_b -> throw -> end",
        throw=event("compensate"),
        more=tie(("user_a", "script_a"), ("user_b", "script_b")),
        **undo("user_a", "script_a"),
        **undo("user_b", "script_b"),
    )
    case = Case(model, log=[])
    case.complete("user_a")
    case.complete("user_b")
    assert (case.status, case.variables["log"]) == ("completed", ["script_b", "script_a"])


def test_one_activity_can_be_named() -> None:
    model = bpmn(
        "start -> user_a -> user_b -> throw -> end",
        throw='<compensateEventDefinition activityRef="user_a"/>',
        more=tie(("user_a", "script_a"), ("user_b", "script_b")),
        **undo("user_a", "script_a"),
        **undo("user_b", "script_b"),
    )
    case = Case(model, log=[])
    case.complete("user_a")
    case.complete("user_b")
    assert case.variables["log"] == ["script_a"]


def test_what_was_not_done_is_not_undone() -> None:
    model = bpmn(
        "start -> throw -> user_a",
        throw=event("compensate"),
        more=tie(("user_a", "script_a")),
        **undo("user_a", "script_a"),
    )
    case = Case(model, log=[])
    assert (case.open, case.variables["log"]) == (["user_a"], [])


def test_every_item_is_undone_with_its_own_variables() -> None:
    handlers = {
        "on_user": 'attachedToRef="user" |' + event("compensate"),
        "script_a": 'isForCompensation="true" |' + script("log = log + [item]"),
    }
    model = bpmn(
        "start -> user -> throw -> end",
        user=each("rows"),
        throw=event("compensate"),
        more='<association id="a" sourceRef="on_user" targetRef="script_a"/>',
        **handlers,
    )
    case = Case(model, rows=["a", "b", "c"], log=[])
    for activity in reversed(case.activities()):
        case.do({"do": "complete", "activity": activity})
    assert (case.status, case.variables["log"]) == ("completed", ["a", "b", "c"])


def test_a_cancelled_transaction_undoes_what_it_did_and_goes_the_cancel_way() -> None:
    inside = body(
        "start_2 -> user_a -> user_b -> end_2",
        end_2=event("cancel"),
        more=tie(("user_a", "script_a")),
        **undo("user_a", "script_a"),
    )
    case = Case(bpmn("start -> tx -> end; on_off -> user_c", tx=inside, on_off=on("tx", event("cancel"))), log=[])
    case.complete("user_a")
    case.complete("user_b")
    assert (case.open, case.variables["log"]) == (["user_c"], ["script_a"])


def test_a_finished_sub_process_is_undone_by_its_own_event_sub_process_with_its_variables() -> None:
    handler = 'triggeredByEvent="true" |' + body(
        "start_c -> script_c -> end_c", start_c=event("compensate"), script_c=script("log = log + [x]")
    )
    inside = '<dataObject id="x"/>' + body(
        "start_2 -> script -> end_2", script=script('x = "inside"'), sub_undo=handler
    )
    case = Case(bpmn("start -> sub -> throw -> end", sub=inside, throw=event("compensate")), log=[])
    assert (case.status, case.variables["log"]) == ("completed", ["inside"])


def looping(rounds: int, thrown: str = "<compensateEventDefinition/>") -> bytes:
    """Two activities that can be undone, in a loop, then everything is undone."""
    return bpmn(
        f"start -> xor -> user_a -> user_b -> xor_2; xor_2 -> xor if n < {rounds}; xor_2 -> throw -> end",
        xor_2='default="xor_2-throw"',
        throw=thrown,
        more=tie(("user_a", "script_a"), ("user_b", "script_b")),
        **undo("user_a", "script_a"),
        **undo("user_b", "script_b"),
    )


def test_a_loop_s_rounds_do_not_make_the_log_longer_and_all_are_undone_in_order() -> None:
    case = Case(looping(100), log=[], n=0)
    sizes = set()
    for n in range(1, 101):
        case.complete("user_a")
        if n > 10:
            sizes.add(len(case.state or "") - len(str(n)))
        case.effects = case.effects[-20:]
        case.complete("user_b", n=n)
    assert max(sizes) - min(sizes) < 30
    assert case.status == "completed"
    assert case.variables["log"] == ["script_b", "script_a"] * 100


def test_one_activity_of_many_rounds_can_be_named() -> None:
    case = Case(looping(4, '<compensateEventDefinition activityRef="user_a"/>'), log=[], n=0)
    for n in range(1, 5):
        case.complete("user_a")
        case.complete("user_b", n=n)
    assert case.variables["log"] == ["script_a"] * 4
