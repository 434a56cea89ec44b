"""What libraries get wrong: loops with joins, lost updates, long cases, names that clash with their own format."""

from __future__ import annotations

import pytest

from engine import kernel
from engine.errors import InstanceNotRunning, RefusedModel, Spinning
from engine.kernel import StarlarkLogic
from engine.kernel.advance import settle
from engine.kernel.commands import COMMANDS
from engine.kernel.machine import Machine
from engine.kernel.state import new_state
from engine.kernel.table import BEHAVIOURS
from engine.reading import read_model
from tests.unit.kernel.diagrams import bpmn, event, on, script, timer
from tests.unit.kernel.playing import NOON, Case


def test_a_parallel_join_in_a_loop_fires_once_a_round() -> None:
    flows = (
        "start -> xor -> and -> user_a -> and_2; and -> user_b -> and_2 -> xor_2; xor_2 -> xor if n < 20; xor_2 -> end"
    )
    case = Case(bpmn(flows, xor_2='default="xor_2-end"'), n=0)
    for n in range(1, 21):
        case.complete("user_b" if n % 2 else "user_a", n=n)
        case.complete("user_a" if n % 2 else "user_b")
    assert (case.status, case.count("and_2"), case.incidents) == ("completed", 20, [])


def test_a_join_loses_no_branch_s_update() -> None:
    case = Case(bpmn("start -> and -> user_a -> and_2 -> end; and -> user_b -> and_2"), rows={})
    case.complete("user_a", a=1, shared="a")
    case.complete("user_b", b=2)
    assert case.variables == {"a": 1, "b": 2, "shared": "a", "rows": {}}


def test_a_case_two_thousand_rounds_old_is_as_small_and_as_quick_as_a_young_one() -> None:
    flows = "start -> xor -> user -> script -> xor_2; xor_2 -> xor if n < 2000; xor_2 -> end"
    case = Case(bpmn(flows, script=script("n = n + 1"), xor_2='default="xor_2-end"'), n=0)
    sizes = set()
    for _ in range(2000):
        sizes.add(len(case.state or ""))
        case.effects.clear()
        case.do(
            {"do": "complete", "activity": next(iter(t["activity"] for t in case.facts["tokens"].values())), "data": {}}
        )
    assert case.status == "completed"
    assert max(sizes) - min(sizes) < 20


def test_a_long_run_of_scripts_does_not_stop_unseen() -> None:
    case = Case(
        bpmn(
            "start -> xor -> script -> xor_2; xor_2 -> xor if n < 3000; xor_2 -> end",
            script=script("n = n + 1"),
            xor_2='default="xor_2-end"',
        ),
        n=0,
    )
    assert (case.status, case.variables["n"]) == ("completed", 3000)


def test_an_endless_loop_is_refused_with_a_name() -> None:
    with pytest.raises(Spinning):
        Case(bpmn("start -> xor -> script -> xor", script=script("x = 1")))


@pytest.mark.parametrize("name", ["typename", "value", "__class__", "vars", "node", "status", "tokens", "data"])
def test_a_form_field_may_have_any_name(name: str) -> None:
    case = Case(bpmn("start -> user -> user_b -> end"))
    case.complete("user", **{name: {"typename": "datetime", "value": "x"}})
    case.complete("user_b")
    assert case.variables == {name: {"typename": "datetime", "value": "x"}}


def test_a_model_can_be_shared_between_cases() -> None:
    stop = 'triggeredByEvent="true" |<startEvent id="s2"><messageEventDefinition messageRef="stop"/></startEvent>'
    first = Case(bpmn("start -> user -> end", sub_stop=stop))
    first.message("stop")
    second = Case(first.model)
    assert (first.status, second.open) == ("completed", ["user"])


def test_ids_in_the_state_are_never_reused() -> None:
    case = Case(bpmn("start -> xor -> user -> xor; on_x -> xor", on_x=on("user", event("message", "x"))))
    seen: set[str] = set()
    for n in range(20):
        case.message("x") if n % 2 else case.complete("user")
        (activity,) = case.activities()
        assert activity not in seen
        seen.add(activity)


def test_a_case_that_has_ended_takes_no_command_but_shows_its_variables() -> None:
    case = Case(bpmn("start -> user -> end"), n=1)
    case.complete("user")
    with pytest.raises(InstanceNotRunning):
        case.do({"do": "change", "data": {"n": 2}})
    assert (kernel.variables(case.state or ""), kernel.places(case.state or "")) == ({"n": 1}, [])


def test_a_case_can_be_terminated_with_everything_in_it() -> None:
    case = Case(
        bpmn(
            "start -> and -> user_a; and -> catch; on_t -> end",
            catch=event("message", "m"),
            on_t=on("user_a", timer("P1D")),
        )
    )
    told = case.do({"do": "cancel"})
    assert case.status == "terminated"
    assert [e.do for e in told].count("wait-cleared") == 2
    assert [(e.do, e.node) for e in told if e.do == "cancelled"] == [("cancelled", "user_a")]
    assert told[-1].facts == {"status": "terminated"}
    assert not case.facts["tokens"] and not case.facts["waits"] and not case.facts["scopes"]


def test_a_model_that_cannot_be_executed_is_refused_by_name() -> None:
    with pytest.raises(RefusedModel) as refused:
        Case(bpmn("start -> user -> end; on_x -> end", on_x=on("user", "")))
    assert refused.value.facts["element"] == "on_x"


BOTH = 'attachedToRef="user" parallelMultiple="true" |'


@pytest.mark.parametrize(
    "flows, nodes",
    [
        ("start -> user -> end; on_x -> end", {"on_x": BOTH + event("error", "e") + event("message", "m")}),
        ("start -> user -> end; on_x -> end", {"on_x": BOTH + event("escalation", "e") + event("message", "m")}),
        ("start -> xor -> end; on_x -> end", {"on_x": on("xor", event("message", "m"))}),
        ("start -> catch -> end; on_x -> end", {"catch": event("signal", "s"), "on_x": on("catch", timer("P1D"))}),
        ("start -> end; on_x -> end", {"on_x": on("end", event("message", "m"))}),
    ],
    ids=["error among all", "escalation among all", "at a gateway", "at an event", "at an end"],
)
def test_an_event_that_cannot_be_where_it_stands_is_refused_by_name(flows: str, nodes: dict[str, str]) -> None:
    with pytest.raises(RefusedModel) as refused:
        Case(bpmn(flows, **nodes))
    assert refused.value.facts["element"] == "on_x"


def test_a_circle_of_slow_scripts_ends_by_the_clock() -> None:
    model = read_model(bpmn("start -> xor -> script -> xor", script=script("x = 1")))
    machine = Machine(model, new_state("p"), NOON, StarlarkLogic(), BEHAVIOURS)
    COMMANDS["start"](machine, {})
    with pytest.raises(Spinning):
        settle(machine, budget=10**9, patience=0.05)


def test_an_offer_sees_the_variables_of_its_place() -> None:
    case = Case(bpmn("start -> user -> end; on_x -> end", on_x=on("user", event("message", "x"))), n=1)
    (wid,) = case.waits("message")
    assert kernel.visible(case.model, case.state or "", wid) == {"n": 1}
