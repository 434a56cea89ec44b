"""A slip of one gateway in a large diagram: found in seconds, with the way and the gateway told."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check.soundness import soundness_problems
from engine.check.soundness.explore import Explorer
from engine.diagram import Model, Problem
from engine.reading import read_model
from tests.unit.check.bpmn import file, flow, node, process
from tests.unit.check.turned import SHIPPED, comes_back, turned

SOME = [path for path in SHIPPED if path.parent.name in ("energy", "membership", "participatory_budget")]


def ends_at_once(model: Model, gateway: str) -> bool:
    return any(model.nodes[f.target].kind == "endEvent" for f in model.nodes[gateway].outgoing)


def told(problems: list[Problem], gateway: str) -> bool:
    """Say whether a finding names a gateway, or leads to it or through it."""
    return any(p.severity != "hint" and p.path and gateway in (p.element, *p.path) for p in problems)


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_a_choice_in_a_loop_that_is_drawn_as_a_parallel_gateway_is_found(path: Path) -> None:
    for gateway, model in turned(path, "exclusiveGateway", "parallelGateway"):
        if comes_back(model, gateway) and not ends_at_once(model, gateway):
            problems = list(soundness_problems(model, "en"))
            assert told(problems, gateway), gateway
            assert not any("not all were visited" in p.message for p in problems)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_parallel_join_that_is_drawn_as_an_exclusive_gateway_is_found(path: Path) -> None:
    for gateway, model in turned(path, "parallelGateway", "exclusiveGateway"):
        if len(model.nodes[gateway].incoming) > 1:
            assert told(list(soundness_problems(model, "en")), gateway)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_diagram_as_it_is_shipped_is_sound(path: Path) -> None:
    assert list(soundness_problems(read_model(path.read_bytes()), "en")) == []


def beside(*more: str, branches: int = 9) -> Model:
    """Give what is drawn at the task `t`, beside so many branches that nobody can visit all states."""
    ways = [[f"w{n}_{k}" for k in range(3)] for n in range(branches)]
    names = [w for way in ways for w in way]
    # A timer at each task, so that tasks in a row stay apart.
    timers = [f'<boundaryEvent id="b{w}" attachedToRef="{w}"><timerEventDefinition/></boundaryEvent>' for w in names]
    tasks = [node("userTask", w) for w in names]
    late = [flow(f"b{w}", "late") for w in names]
    rows = [flow(one, other) for way in ways for one, other in zip(["g", *way], [*way, "j"], strict=True)]
    frame = [
        *(node("startEvent", "s"), node("parallelGateway", "g"), node("parallelGateway", "j"), node("endEvent", "e")),
        *(node("exclusiveGateway", "late"), node("endEvent", "gone"), node("userTask", "t"), flow("late", "gone")),
        *(flow("s", "g"), flow("g", "t"), flow("j", "e")),
    ]
    return read_model(file(process(*frame, *tasks, *timers, *late, *rows, *more)))


def test_tokens_that_multiply_are_found_beside_more_states_than_anybody_visits() -> None:
    model = beside(
        *(node("exclusiveGateway", "m"), node("userTask", "a"), node("parallelGateway", "k"), node("userTask", "b")),
        *(flow("t", "m"), flow("m", "a"), flow("a", "k"), flow("k", "m"), flow("k", "b"), flow("b", "j")),
    )
    found = [p for p in soundness_problems(model, "cs") if p.severity == "error"]
    assert len(found) == 1
    assert "Značek tu přibývá bez konce" in found[0].message
    assert "za rozdělením „k“" in found[0].message
    assert found[0].path.count("k-m") >= 1
    assert found[0].path[-1] in model.flows


def test_two_tokens_at_one_task_are_told_once_with_their_split() -> None:
    model = beside(
        *(node("parallelGateway", "k"), node("userTask", "a"), node("userTask", "b"), node("exclusiveGateway", "m")),
        *(node("userTask", "c"), flow("t", "k"), flow("k", "a"), flow("k", "b"), flow("a", "m"), flow("b", "m")),
        *(flow("m", "c"), flow("c", "j")),
        branches=1,
    )
    found = {p.element: p for p in soundness_problems(model, "en") if "Two tokens" in p.message}
    assert list(found) == ["c"]
    assert found["c"].severity == "warning"
    assert "the split “k”" in found["c"].message


def test_a_lap_in_which_an_inner_body_would_never_be_left_is_no_proof() -> None:
    """What grows inside a sub-process that must be empty before the way goes on can't grow again."""
    inner = (
        *(node("startEvent", "si"), node("parallelGateway", "k"), node("userTask", "a"), node("userTask", "b")),
        *(node("endEvent", "ei"), flow("si", "k"), flow("k", "a"), flow("k", "b"), flow("a", "ei"), flow("b", "ei")),
    )
    content = file(
        process(
            *(node("startEvent", "s"), node("exclusiveGateway", "m"), node("subProcess", "sub", "".join(inner))),
            *(node("exclusiveGateway", "x"), node("endEvent", "e"), flow("s", "m"), flow("m", "sub"), flow("sub", "x")),
            *(flow("x", "m", "n > 1"), flow("x", "e", "n < 2")),
        )
    )
    findings = Explorer(read_model(content), "p").explore()
    assert findings.whole
    assert not findings.crowded
    assert not findings.doubled
