"""Soundness: deadlocks, endless tokens, dead activities, with a way that leads there."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.check import check_bpmn
from engine.check.soundness import expanded, soundness_problems
from engine.check.soundness.explore import Explorer
from engine.check.soundness.reduce import reduce
from engine.diagram import Problem
from engine.reading import read_model
from tests.unit.check.blocks import BLOCKS, Block, Drawing, problems_of
from tests.unit.check.bpmn import file, flow, formal, node, process, split


def problems(content: bytes) -> dict[str | None, Problem]:
    return {p.element: p for p in check_bpmn(content, lang="en") if p.rule == "soundness"}


def mixed(fork: str, join: str, *conditions: str | None) -> bytes:
    """Give a split of one kind with a join of another."""
    ends = [node("startEvent", "s"), node(fork, "g"), node(join, "j"), node("endEvent", "e"), node("userTask", "last")]
    tasks = [node("userTask", "a"), node("userTask", "b")]
    ways = [flow("g", "a", conditions[0]), flow("g", "b", conditions[1])]
    return file(
        process(
            *ends, *tasks, *ways, flow("s", "g"), flow("a", "j"), flow("b", "j"), flow("j", "last"), flow("last", "e")
        )
    )


def test_matching_splits_and_joins_are_sound() -> None:
    assert problems(split(("a", None), ("b", None), kind="parallelGateway")) == {}
    assert problems(mixed("parallelGateway", "parallelGateway", None, None)) == {}
    assert problems(mixed("inclusiveGateway", "inclusiveGateway", "x", "y")) == {}


def test_a_parallel_join_after_an_exclusive_split_waits_for_ever() -> None:
    found = problems(mixed("exclusiveGateway", "parallelGateway", "x", "not x"))
    assert found["j"].severity == "error"
    assert "for ever, for example after: s → " in found["j"].message
    assert found["j"].path[:3] == ("s", "s-g", "g")
    assert "No case can ever get here" in found["last"].message


def test_an_exclusive_join_after_a_parallel_split_is_no_deadlock() -> None:
    assert "j" not in problems(mixed("parallelGateway", "exclusiveGateway", None, None))


def test_a_parallel_split_in_a_loop_without_a_join_multiplies_tokens() -> None:
    content = file(
        process(
            *(node("startEvent", "s"), node("exclusiveGateway", "m"), node("parallelGateway", "g")),
            *(node("userTask", "a"), node("userTask", "b"), node("endEvent", "e")),
            *(flow("s", "m"), flow("m", "g"), flow("g", "a"), flow("g", "b"), flow("a", "m"), flow("b", "e")),
        )
    )
    assert any("multiply" in p.message and p.severity == "error" for p in problems(content).values())


def test_what_waits_for_a_message_may_wait() -> None:
    event = node("intermediateCatchEvent", "c", '<messageEventDefinition messageRef="m"/>')
    content = file(
        '<message id="m" name="x"/>',
        process(node("startEvent", "s"), event, node("endEvent", "e"), flow("s", "c"), flow("c", "e")),
    )
    assert problems(content) == {}


def test_boundary_events_and_event_sub_processes_are_reached() -> None:
    timer = f"<timerEventDefinition>{formal('timeDuration', 'P1D')}</timerEventDefinition>"
    handler = (
        node("startEvent", "s2", '<errorEventDefinition errorRef="x"/>')
        + node("userTask", "mend")
        + node("endEvent", "e3")
    )
    content = file(
        '<error id="x" errorCode="x"/>',
        process(
            *(node("startEvent", "s"), node("userTask", "t"), node("endEvent", "e"), node("endEvent", "e2")),
            node("boundaryEvent", "b", timer, 'attachedToRef="t" cancelActivity="false"'),
            node("subProcess", "sub", handler + flow("s2", "mend") + flow("mend", "e3"), 'triggeredByEvent="true"'),
            *(flow("s", "t"), flow("t", "e"), flow("b", "e2")),
        ),
    )
    assert problems(content) == {}


SCRIPT = ("scriptTask", "<script>m = n + 1</script>", 'scriptFormat="text/starlark"')
CALLED = '<radnice:decision xmlns:radnice="https://radnice.cz/bpmn/1.0" ref="d"/>'
RULES = ("businessRuleTask", "<extensionElements>" + CALLED + "</extensionElements>", "")


@pytest.mark.parametrize(
    ("kind", "text", "attributes", "code", "reached"),
    [(*SCRIPT, "x", True), (*SCRIPT, "", True), (*RULES, "x", False), (*RULES, "", True)],
)
def test_what_goes_wrong_without_a_code_reaches_an_error_event_with_one_only_from_a_script(
    kind: str, text: str, attributes: str, code: str, reached: bool
) -> None:
    reference = f'errorRef="{code}"' if code else ""
    nodes = (
        *(node("startEvent", "s"), node("endEvent", "e"), node("userTask", "u"), node("endEvent", "e2")),
        node(kind, "t", text, attributes),
        node("boundaryEvent", "b", f"<errorEventDefinition {reference}/>", 'attachedToRef="t"'),
    )
    content = file(
        '<error id="x" errorCode="x"/>',
        process(*nodes, flow("s", "t"), flow("t", "e"), flow("b", "u"), flow("u", "e2")),
    )
    assert ("b" not in problems(content)) is reached


@pytest.mark.parametrize("text", ["fail('x')", 'fail("x", "No such house.")', "code = 'x'\nfail(code)"])
def test_what_a_script_throws_by_its_code_comes_to_the_event_that_names_it(text: str) -> None:
    nodes = [node("startEvent", "s"), node("endEvent", "e"), node("endEvent", "e2"), node("endEvent", "e3")]
    nodes += [
        node("scriptTask", "t", f"<script>{text}</script>", 'scriptFormat="text/starlark"'),
        node("boundaryEvent", "any", "<errorEventDefinition/>", 'attachedToRef="t"'),
        node("boundaryEvent", "b", '<errorEventDefinition errorRef="x"/>', 'attachedToRef="t"'),
    ]
    flows = (flow("s", "t"), flow("t", "e"), flow("any", "e2"), flow("b", "e3"))
    assert problems(file('<error id="x" errorCode="x"/>', process(*nodes, *flows))) == {}
    silent = [one.replace(text, "m = n + 1") for one in nodes]
    assert "b" in problems(file('<error id="x" errorCode="x"/>', process(*silent, *flows)))


def test_two_hundred_nodes_are_checked_in_seconds() -> None:
    blocks, flows, previous = [], [], "s"
    for n in range(40):
        kind = "parallelGateway" if n % 2 else "exclusiveGateway"
        blocks += [node(kind, f"g{n}", "", "" if n % 2 else f'default="d{n}"'), node(kind, f"j{n}")]
        blocks += [node("userTask", f"{letter}{n}") for letter in "abt"]
        flows += [flow(previous, f"g{n}"), flow(f"g{n}", f"a{n}", None if n % 2 else "x > 1")]
        flows += [
            flow(f"g{n}", f"b{n}", identifier=f"d{n}"),
            flow(f"a{n}", f"j{n}"),
            flow(f"b{n}", f"j{n}"),
            flow(f"j{n}", f"t{n}"),
        ]
        previous = f"t{n}"
    content = file(process(node("startEvent", "s"), *blocks, node("endEvent", "e"), *flows, flow(previous, "e")))
    started = time.process_time()
    assert [p for p in check_bpmn(content) if p.severity == "error"] == []
    assert time.process_time() - started < 10


def test_a_diagram_with_endless_choices_is_given_up_in_time() -> None:
    ways = [f"t{n}" for n in range(40)]
    tasks = [node("userTask", way, "<standardLoopCharacteristics loopMaximum='2'/>") for way in ways]
    flows = [flow("g", way, f"x > {n}") for n, way in enumerate(ways)] + [flow(way, "j") for way in ways]
    ends = [
        node("startEvent", "s"),
        node("inclusiveGateway", "g"),
        node("inclusiveGateway", "j"),
        node("endEvent", "e"),
    ]
    model = read_model(file(process(*ends, *tasks, *flows, flow("s", "g"), flow("j", "e"))))
    found = list(soundness_problems(model, "en", most=50))
    assert ["not all were visited" in p.message for p in found] == [True]
    assert found[0].severity == "hint"


def test_two_hundred_tasks_side_by_side_are_visited_whole() -> None:
    ways = [[f"t{n}_{k}" for k in range(10)] for n in range(20)]
    tasks = [node("userTask", one) for way in ways for one in way]
    flows = [flow(a, b) for way in ways for a, b in pairwise(["g", *way, "j"])]
    ends = [node("startEvent", "s"), node("parallelGateway", "g"), node("parallelGateway", "j"), node("endEvent", "e")]
    content = file(process(*ends, *tasks, *flows, flow("s", "g"), flow("j", "e")))
    assert list(soundness_problems(read_model(content), "en", most=50)) == []


def test_a_way_through_what_was_taken_together_is_told_whole() -> None:
    way = ["a", "b", "c"]
    ends = [node("startEvent", "s"), node("exclusiveGateway", "g"), node("parallelGateway", "j"), node("endEvent", "e")]
    flows = [flow(one, other) for one, other in pairwise(["s", *way, "g"])]
    ways = [flow("g", "x", "n > 1"), flow("g", "y", "n < 1"), flow("x", "j"), flow("y", "j"), flow("j", "e")]
    tasks = [node("userTask", name) for name in (*way, "x", "y")]
    found = problems(file(process(*ends, *tasks, *flows, *ways)))
    assert found["j"].path[:8] == ("s", "s-a", "a", "a-b", "b", "b-c", "c", "c-g")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, BLOCKS, st.booleans())
def test_taking_blocks_together_changes_no_verdict(before: Block, inside: Block, fits: bool) -> None:
    blocks = [before, (st_kind(fits), [inside, "task"])]
    model = read_model(file(process(Drawing().closed(blocks))))
    whole, small = Explorer(model, "p", 3_000).explore(), reduce(model)
    found = expanded(Explorer(small.model, "p", 3_000).explore(), small)
    if whole.whole and found.whole:
        assert (found.can_complete, set(found.stuck), set(found.crowded)) == (
            whole.can_complete,
            set(whole.stuck),
            set(whole.crowded),
        )
        assert found.entered == whole.entered


def st_kind(fits: bool) -> str:
    return "and" if fits else "misfit"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS)
def test_a_process_of_blocks_that_fit_is_sound(block: Block) -> None:
    assert [p for p in problems_of(block) if p.severity != "hint"] == []


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, BLOCKS)
def test_one_block_that_does_not_fit_is_found_whatever_is_around_it(before: Block, inside: Block) -> None:
    found = list(problems_of(before, ("misfit", [inside, "task"])))
    whole = not any(p.severity == "hint" for p in found)
    assert not whole or any("for ever" in p.message and p.severity == "error" and p.path for p in found)


@pytest.mark.parametrize("maximum", [1, 2, 20])
@pytest.mark.parametrize("kind", ["userTask", "scriptTask"])
def test_a_loop_of_so_many_rounds_without_a_condition_comes_to_its_end(kind: str, maximum: int) -> None:
    loop = f'<standardLoopCharacteristics loopMaximum="{maximum}"/>'
    inside = loop + ("<script>n = 1</script>" if kind == "scriptTask" else "")
    tasks = [node(kind, "a", inside), node("userTask", "b")]
    ends = [node("startEvent", "s"), node("endEvent", "e")]
    assert problems(file(process(*ends, *tasks, flow("s", "a"), flow("a", "b"), flow("b", "e")))) == {}


def test_an_activity_that_can_be_undone_is_sound() -> None:
    undone = '<boundaryEvent id="c" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
    undoes = '<userTask id="h" isForCompensation="true"/>'
    tie = '<association id="t" sourceRef="c" targetRef="h"/>'
    throw = node("endEvent", "e", "<compensateEventDefinition/>")
    parts = [node("startEvent", "s"), node("userTask", "a"), undone, undoes, throw, flow("s", "a"), flow("a", "e"), tie]
    assert problems(file(process(*parts))) == {}
