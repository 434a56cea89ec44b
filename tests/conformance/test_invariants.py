"""Whatever is asked of a case, also nonsense: it is refused with a sentence or leaves a state that adds up."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from engine import kernel
from engine.errors import EngineError
from engine.kernel.state import State
from tests.conformance.graphs import bpmn
from tests.conformance.structured_processes import structured
from tests.conformance.unstructured_processes import unstructured
from tests.unit.kernel.playing import NOON, Case


@pytest.mark.parametrize("seed", range(40))
def test_any_command_leaves_a_state_that_adds_up(seed: int) -> None:
    random = Random(seed)
    graph = (structured if seed % 2 else unstructured)(random)
    counters = {n: 0 for g in graph.inside() for n, kind in g.nodes.items() if kind == "count"}
    try:
        case = Case(bpmn(graph), pick=0, shared=1, undone=[], **counters)
    except EngineError:
        return
    for _ in range(60):
        before = case.state
        command = any_command(random, case)
        try:
            case.do(command, budget=2_000)
        except EngineError as refused:
            assert str(refused)
            assert case.state == before
            continue
        adds_up(case.facts)
        again = kernel.advance(case.model, before, command, case.now, budget=2_000)
        assert kernel.load(again.state) == case.facts
        if case.status != "running":
            return


def any_command(random: Random, case: Case) -> dict[str, Any]:
    """Give something to ask, sensible or not."""
    facts = case.facts
    activities = [t["activity"] for t in facts["tokens"].values() if "activity" in t] + ["a0", "a999", "t1", ""]
    waits = [*facts["waits"], "w0", "nothing"]
    names = [w.get("name") for w in facts["waits"].values()] + ["m_nothing", None]
    activity, payload = random.choice(activities), {"pick": random.randint(0, 9)}
    return random.choice(
        [
            {"do": "complete", "activity": activity, "data": payload},
            {"do": "complete", "activity": activity, "data": payload},
            {"do": "complete", "activity": activity},
            {"do": "fail", "activity": activity, "code": random.choice(["E", None, "other"]), "message": "no"},
            {"do": "retry", "activity": activity},
            {"do": "fire", "wait": random.choice(waits)},
            {"do": "message", "name": random.choice(names), "payload": payload},
            {"do": "message", "name": random.choice(names), "wait": random.choice(waits)},
            {"do": "signal", "name": "nobody"},
            {"do": "change", "data": payload},
            {"do": "start", "process": "p"},
        ]
        + [{"do": "cancel"}] * (random.random() < 0.05)
    )


def adds_up(facts: State) -> None:
    """Check what every state at rest holds."""
    tokens, scopes, waits = facts["tokens"], facts["scopes"], facts["waits"]
    assert Counter(t["scope"] for t in tokens.values() if "of" not in t) == Counter(
        {sid: scope["n"] for sid, scope in scopes.items()}
    )
    for token in tokens.values():
        assert token["state"] in ("join", "active", "multi", "gate", "compensating", "incident")
        assert token["scope"] in scopes
        assert token.get("of", next(iter(tokens))) in tokens
        assert "phase" not in token or token["state"] == "incident"
    assert all(scope["owner"] is None or scope["owner"] in tokens for scope in scopes.values())
    held = [wid for owner in [*tokens.values(), *scopes.values()] for wid in owner.get("waits", ())]
    assert sorted(held) == sorted(waits)
    assert bool(tokens) == (facts["status"] == "running")


def test_the_same_question_has_the_same_answer() -> None:
    graphs = (structured(Random(seed)) for seed in range(20))
    cases = (Case(bpmn(g), pick=0, shared=1, undone=[], **{f"count{n}": 0 for n in range(400)}) for g in graphs)
    case = next(case for case in cases if case.open)
    command = {"do": "complete", "activity": case.activities()[0], "data": {"pick": 1}}
    first, second = (kernel.advance(case.model, case.state, command, NOON) for _ in range(2))
    assert (first.state, first.effects) == (second.state, second.effects)
