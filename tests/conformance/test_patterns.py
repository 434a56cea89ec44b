"""The workflow control-flow patterns that BPMN can express, each in every order in which people can act."""

from __future__ import annotations

from tests.conformance.every_order import every_order
from tests.unit.kernel.diagrams import body, bpmn, event, on, process, script, timer
from tests.unit.kernel.diagrams import definitions as file
from tests.unit.kernel.playing import Case

TERMINATE = "<terminateEventDefinition/>"
THREE = "start -> and -> user_a -> {0} -> user_x -> end; and -> user_b -> {0}; and -> user_c -> {0}"


def threshold(number: int) -> str:
    return f"<activationCondition>activationCount &gt;= {number}</activationCondition>"


def items(number: str = "3", enough: str = "", sequential: bool = False) -> str:
    more = f"<completionCondition>numberOfCompletedInstances &gt;= {enough}</completionCondition>" if enough else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<loopCardinality>{number}</loopCardinality>{more}</multiInstanceLoopCharacteristics>"
    )


def test_wcp_1_sequence() -> None:
    (run,) = every_order(bpmn("start -> user_a -> user_b -> end"))
    assert run.passed == ("start", "user_a", "user_b", "end")


def test_wcp_2_and_3_parallel_split_and_synchronization() -> None:
    runs = every_order(bpmn(THREE.format("and_2")))
    assert len(runs) == 6
    assert all(run.count("user_x") == 1 and run.before("user_a", "user_x") for run in runs)
    assert all(run.before("user_b", "user_x") and run.before("user_c", "user_x") for run in runs)


def test_wcp_4_and_5_exclusive_choice_and_simple_merge() -> None:
    flows = "start -> xor; xor -> user_a if n == 1; xor -> user_b -> xor_2 -> user_x -> end; user_a -> xor_2"
    for n, way in ((1, "user_a"), (2, "user_b")):
        (run,) = every_order(bpmn(flows, xor='default="xor-user_b"'), n=n)
        assert run.passed == ("start", "xor", way, "xor_2", "user_x", "end")


CHOICE = "start -> or; or -> user_a if a; or -> user_b if b; or -> user_c -> {0} -> user_x -> end"
CHOICE += "; user_a -> {0}; user_b -> {0}"


def test_wcp_6_and_7_multi_choice_and_structured_synchronizing_merge() -> None:
    model = bpmn(CHOICE.format("or_2"), **{"or": 'default="or-user_c"'})
    for a, b, number in ((True, True, 2), (True, False, 1), (False, False, 1)):
        for run in every_order(model, a=a, b=b):
            chosen = [n for n in ("user_a", "user_b", "user_c") if n in run.passed]
            assert (run.status, run.count("user_x"), len(chosen)) == ("completed", 1, number)
            assert all(run.before(node, "user_x") for node in chosen)


def test_wcp_8_multi_merge() -> None:
    runs = every_order(bpmn(THREE.format("xor")))
    assert all((run.status, run.count("user_x"), run.count("end")) == ("completed", 3, 3) for run in runs)


def test_wcp_9_and_28_discriminator() -> None:
    runs = every_order(bpmn(THREE.format("complex"), complex=threshold(1)))
    assert all((run.status, run.count("user_x"), run.count("user_c")) == ("completed", 1, 1) for run in runs)
    assert any(run.before("user_x", "user_c") for run in runs)


def test_wcp_29_and_32_cancelling_discriminator_and_partial_join() -> None:
    for number in (1, 2):
        inside = body(
            THREE.format("complex").replace(" -> user_x -> end", " -> end_2"),
            complex=threshold(number),
            end_2=TERMINATE,
        )
        for run in every_order(bpmn("start_0 -> sub -> user_y -> end_0", sub=inside)):
            done = [n for n in run.passed if n in ("user_a", "user_b", "user_c")]
            assert (run.status, len(done), run.count("user_y")) == ("completed", number, 1)


def test_wcp_30_and_31_partial_join() -> None:
    runs = every_order(bpmn(THREE.format("complex"), complex=threshold(2)))
    assert all((run.status, run.count("user_x")) == ("completed", 1) for run in runs)
    for run in runs:
        done = run.passed[: run.passed.index("user_x")]
        assert len([n for n in done if n in ("user_a", "user_b", "user_c")]) >= 2


def test_wcp_10_and_21_arbitrary_cycles_and_structured_loop() -> None:
    flows = "start -> xor -> script -> xor_2 -> xor_3 -> end; xor_2 -> user_a if n % 2; user_a -> xor_3"
    flows += "; xor_3 -> xor if n < 4"
    ways = {"xor_2": 'default="xor_2-xor_3"', "xor_3": 'default="xor_3-end"'}
    model = bpmn(flows, script=script("n = n + 1"), **ways)
    (run,) = every_order(model, n=0)
    assert (run.status, run.count("script"), run.count("user_a")) == ("completed", 4, 2)


def test_wcp_11_and_43_implicit_and_explicit_termination() -> None:
    flows = "start -> and -> user_a -> end; and -> user_b -> end_2"
    assert {run.count("user_b") for run in every_order(bpmn(flows))} == {1}
    stopped = every_order(bpmn(flows, end=TERMINATE))
    assert {(run.status, run.count("user_b")) for run in stopped} == {("completed", 0), ("completed", 1)}


def test_wcp_12_items_without_synchronization() -> None:
    flows = "start -> xor -> script -> or; or -> user_a; or -> xor if n < 3; user_a -> end"
    runs = every_order(bpmn(flows, script=script("n = n + 1")), n=0)
    assert {(run.status, run.count("user_a"), run.count("end")) for run in runs} == {("completed", 3, 3)}


def test_wcp_13_and_14_items_with_a_number_known_when_drawn_or_when_begun() -> None:
    for number in ("3", "n"):
        for sequential in (False, True):
            for run in every_order(bpmn("start -> user -> end", user=items(number, sequential=sequential)), n=3):
                assert run.passed == ("start", "user", "user", "user", "end")


def test_wcp_16_deferred_choice() -> None:
    flows = "start -> events -> catch_a -> user_a -> end; events -> catch_t -> user_t -> end"
    model = bpmn(flows, catch_a=event("message", "a"), catch_t=timer("P1D"))
    answered, late = Case(model), Case(model)
    answered.message("a")
    late.ring()
    assert (answered.open, answered.facts["waits"]) == (["user_a"], {})
    assert (late.open, late.facts["waits"]) == (["user_t"], {})


def test_wcp_17_and_40_interleaved_routing_one_at_a_time() -> None:
    adhoc = 'ordering="Sequential" |' + body(user_a="", user_b="", user_c="")
    case = Case(bpmn("start -> adhoc -> end", adhoc=adhoc))
    for _ in range(3):
        (node,) = case.open
        case.complete(node)
    assert (case.status, case.count("adhoc")) == ("completed", 1)


def test_wcp_19_and_25_cancel_activity_and_cancel_region() -> None:
    region = body("start_2 -> and -> user_a -> end_2; and -> user_b -> end_2")
    for host, content in (("user", ""), ("sub", region)):
        nodes = {host: content, "on": on(host, event("message", "stop"))}
        case = Case(bpmn(f"start -> and_0 -> {host} -> end; and_0 -> user_c -> end; on -> user_x", **nodes))
        case.message("stop")
        assert case.open == ["user_c", "user_x"]


def test_wcp_20_cancel_case() -> None:
    case = Case(bpmn("start -> and -> user_a; and -> catch -> end", catch=event("signal", "s"), end=TERMINATE))
    case.signal("s")
    assert (case.status, case.open) == ("completed", [])


def test_wcp_22_recursion() -> None:
    model = process(
        "p",
        "start -> script -> xor -> end; xor -> call if n < 4; call -> end",
        call='calledElement="p"',
        script=script("n = n + 1"),
        xor='default="xor-end"',
    )
    (run,) = every_order(file(model), n=0)
    assert (run.status, run.count("call"), run.count("end")) == ("completed", 3, 4)


def test_wcp_23_and_24_transient_and_persistent_triggers() -> None:
    flows = "start -> user -> catch -> end"
    heard = Case(bpmn(flows, catch=event("signal", "s")))
    heard.complete("user")
    heard.signal("s")
    assert heard.status == "completed"


def test_wcp_26_and_27_cancel_or_complete_all_items() -> None:
    flows = "start -> user -> user_x -> end; on -> user_x"
    for sequential in (False, True):
        case = Case(bpmn(flows, user=items(sequential=sequential), on=on("user", event("message", "enough"))))
        case.complete("user")
        case.message("enough")
        assert (case.open, case.count("user")) == (["user_x"], 1)


def test_wcp_33_generalized_join_pairs_the_tokens_of_every_way() -> None:
    flows = "start -> and -> user_a -> xor -> and_2 -> user_x -> end; and -> user_b -> xor; and -> user_c -> xor_2"
    flows += " -> and_2; and -> user_d -> xor_2"
    runs = every_order(bpmn(flows))
    assert {(run.status, run.count("user_x")) for run in runs} == {("completed", 2)}


def test_wcp_34_and_35_partial_join_of_items() -> None:
    for run in every_order(bpmn("start -> user -> user_x -> end", user=items("5", enough="2"))):
        assert (run.status, run.count("user"), run.count("user_x")) == ("completed", 2, 1)


def test_wcp_37_and_38_local_and_general_synchronizing_merge() -> None:
    flows = "start -> or; or -> user_a if a; or -> user_b if b; or -> user_c -> or_2 -> user_x -> end"
    flows += "; user_a -> or_2; user_b -> xor -> or_2; xor -> user_d if far; user_d -> or_2"
    model = bpmn(flows, xor='default="xor-or_2"')
    for far in (True, False):
        for run in every_order(model, a=True, b=True, far=far):
            assert (run.status, run.count("user_x"), run.count("user_d")) == ("completed", 1, int(far))
            assert run.before("user_a", "user_x") and run.before("user_b", "user_x")
            assert not far or run.before("user_d", "user_x")


def test_wcp_41_and_42_thread_merge_and_thread_split() -> None:
    runs = every_order(
        bpmn("start -> user_a -> user_b -> user_c -> end", user_a='completionQuantity="4"', user_c='startQuantity="2"')
    )
    assert {(run.status, run.count("user_b"), run.count("user_c")) for run in runs} == {("completed", 4, 2)}


def begin(case: Case, node: str) -> None:
    """Choose an activity that an ad-hoc sub-process offers."""
    wid = next(wid for wid, wait in case.waits("message").items() if wait["node"] == node)
    case.do({"do": "message", "name": f"begin:{node}", "wait": wid})


def test_wcp_15_items_without_a_number_known_before() -> None:
    inside = body(user_a="", more="<completionCondition>enough</completionCondition>")
    case = Case(bpmn("start -> adhoc -> user_x -> end", adhoc=inside), enough=False)
    case.complete("user_a")
    for _ in range(3):
        begin(case, "user_a")
    for number in range(3):
        assert case.open == ["user_a"] * (3 - number)
        case.complete("user_a", enough=number == 2)
    assert (case.open, case.count("user_a")) == (["user_x"], 4)


def test_wcp_18_milestone() -> None:
    inside = body(
        "start_2 -> user_a -> end_2",
        sub_m='triggeredByEvent="true" |'
        + body("start_3 -> user_b -> end_3", start_3='isInterrupting="false" |' + event("message", "ask")),
    )
    case = Case(bpmn("start -> user -> sub -> user_x -> end", sub=inside))
    for node, heard in (("user", False), ("user_a", True), ("user_x", False)):
        assert (bool(case.waits("message")), node in case.open) == (heard, True)
        if heard:
            case.message("ask")
            case.complete("user_b")
        case.complete(node)
    assert (case.status, case.count("user_b")) == ("completed", 1)


def test_wcp_36_dynamic_partial_join_of_items() -> None:
    condition = "<completionCondition>done_by &gt;= 2</completionCondition>"
    case = Case(bpmn("start -> adhoc -> user_x -> end", adhoc=body(user_a="", more=condition)), done_by=0)
    case.complete("user_a", done_by=1)
    begin(case, "user_a")
    begin(case, "user_a")
    assert case.open == ["user_a", "user_a"]
    case.complete("user_a", done_by=2)
    assert (case.open, case.count("user_a")) == (["user_x"], 2)


def test_wcp_39_critical_section() -> None:
    sections = {f"sub_{n}": body(f"start_{n} -> user_{n} -> task_{n} -> end_{n}") for n in ("a", "b")}
    adhoc = 'ordering="Sequential" |' + body("", **sections)
    for run in every_order(bpmn("start -> adhoc -> end", adhoc=adhoc)):
        assert (run.status, run.count("task_a"), run.count("task_b")) == ("completed", 1, 1)
        assert run.before("task_a", "user_b") or run.before("task_b", "user_a")


def test_wcp_17_interleaved_parallel_routing_keeps_the_order_that_is_drawn() -> None:
    adhoc = 'ordering="Sequential" |' + body("user_a -> user_b; user_c -> user_d")
    for run in every_order(bpmn("start -> adhoc -> end", adhoc=adhoc)):
        assert run.status == "completed"
        assert run.before("user_a", "user_b") and run.before("user_c", "user_d")
