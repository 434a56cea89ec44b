"""Random processes on random schedules: the kernel and the token game must agree at every step."""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

import pytest

from engine.errors import Spinning
from tests.conformance.graphs import Graph, bpmn
from tests.conformance.random_processes import structured, unstructured
from tests.conformance.token_game import Game, Table, TooLong
from tests.unit.kernel.playing import Case

MOST_MOVES = 40


@pytest.mark.parametrize("seed", range(150))
@pytest.mark.parametrize("make", [structured, unstructured])
def test_kernel_and_token_game_agree(make: Callable[[Random], Graph], seed: int) -> None:
    play(make, seed)


@pytest.mark.long
@pytest.mark.skipif("RADNICE_TEST_LONG" not in os.environ, reason="minutes: run `make test-long`")
@pytest.mark.parametrize("make", [structured, unstructured])
def test_kernel_and_token_game_agree_on_twenty_thousand(make: Callable[[Random], Graph]) -> None:
    for seed in range(1000, 11_000):
        play(make, seed)


def play(make: Callable[[Random], Graph], seed: int) -> str:
    """Play one random process to its end; gives how it ended."""
    random = Random(seed)
    graph = make(random)
    counters = {n: 0 for g in graph.inside() for n, kind in g.nodes.items() if kind == "count"}
    game = Game(graph, Table())
    try:
        game.settle()
        case = Case(bpmn(graph), pick=0, undone=[], **counters)
    except (TooLong, Spinning):
        return "spins"
    for move in range(MOST_MOVES):
        if game.table.ambiguous:
            return "ambiguous"
        agree(game, case, counters, f"seed {seed}, move {move}")
        if game.table.failed:
            return "failed"
        try:
            if not one_move(random, game, case):
                return "done"
        except (TooLong, Spinning):
            return "spins"
    return "long"


def agree(game: Game, case: Case, counters: dict[str, int], where: str) -> None:
    """Compare what can happen next, the end and the data."""
    rows_agree(case, where)
    if game.table.failed:
        assert len(case.incidents) == 1, where
        return
    assert case.incidents == [], where
    assert case.open == sorted(work.node for _, work in game.open_tasks()), where
    waiting = sorted(receiver(case, w) for w in case.waits("message").values())
    assert waiting == sorted(name for _, name in game.receivers()), where
    assert (case.status == "completed") == game.is_over(), where
    assert case.variables["undone"] == game.table.undone, where
    assert {n: case.variables[n] for n in counters} == {n: game.table.counts[n] for n in counters}, where


def rows_agree(case: Case, where: str) -> None:
    """Compare what the effects leave in tables with the state itself."""
    tasks: set[str | None] = set()
    waits: set[str] = set()
    for effect in case.effects:
        if effect.do == "task-opened":
            tasks.add(effect.activity)
        elif effect.do in ("closed", "cancelled"):
            tasks.discard(effect.activity)
        elif effect.do in ("timer-set", "wait-set"):
            waits.add(effect.facts["wait"])
        elif effect.do == "wait-cleared":
            waits.remove(effect.facts["wait"])
    assert tasks == set(case.activities()), where
    assert waits == set(case.facts["waits"]), where
    assert [e.facts["status"] for e in case.told("ended")] == ([] if case.status == "running" else [case.status]), where


def receiver(case: Case, wait: dict[str, str]) -> str:
    """Name a wait as the game does: an event sub-process by its own id."""
    node = case.model.nodes[wait["node"]]
    return node.parent or "" if node.kind == "startEvent" else node.id


def one_move(random: Random, game: Game, case: Case) -> bool:
    """Complete a task or send a message where only one can be meant; False when there is none."""
    tasks, receivers = game.open_tasks(), game.receivers()
    runs = [work.node for work in {id(w): w for _, w in tasks}.values()]
    single_tasks = [(g, w) for g, w in tasks if runs.count(w.node) == 1]
    names = [name for _, name in receivers]
    single_receivers = [(g, n) for g, n in receivers if names.count(n) == 1]
    if not single_tasks and not single_receivers:
        return False
    pick = game.table.pick = random.randint(0, 9)
    if single_receivers and (not single_tasks or random.random() < 0.25):
        holder, name = random.choice(single_receivers)
        holder.hear(name)
        game.settle()
        case.message(name, pick=pick)
    else:
        holder, work = random.choice(single_tasks)
        holder.complete(work)
        game.settle()
        case.complete(work.node, pick=pick)
    return True
