"""Plays a process in every order in which people can finish their tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine import kernel
from engine.model import Effect
from engine.reading import read_model
from tests.unit.kernel.playing import NOON

Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """One way in which it went."""

    status: str
    #: Nodes done, in order.
    passed: tuple[str, ...]
    #: Nodes that somebody still works on.
    open: tuple[str, ...] = ()

    def count(self, node: str) -> int:
        return self.passed.count(node)

    def before(self, first: str, second: str) -> bool:
        """Tell whether every round of one node was done before any of another."""
        assert first in self.passed and second in self.passed
        return max(i for i, n in enumerate(self.passed) if n == first) < self.passed.index(second)


def every_order(source: bytes, answers: Answers | None = None, **data: Any) -> list[Run]:
    """Give how the process goes, for every order of completing tasks, until nobody has anything to do."""
    model = read_model(source)
    start = {"do": "start", "process": model.processes[0], "data": data}
    first = kernel.advance(model, None, start, NOON)
    todo, ended = [(first.state, first.status, passed(first.effects))], set()
    while todo:
        state, status, so_far = todo.pop()
        tasks = list(open_tasks(state)) if status == "running" else []
        if not tasks:
            ended.add(Run(status, so_far))
        for activity, node in tasks:
            done = {"do": "complete", "activity": activity, "data": (answers or {}).get(node)}
            step = kernel.advance(model, state, done, NOON)
            todo.append((step.state, step.status, so_far + passed(step.effects)))
    return sorted(ended, key=repr)


def passed(effects: list[Effect]) -> tuple[str, ...]:
    return tuple(e.node or "" for e in effects if e.do == "passed")


def open_tasks(state: str) -> Iterator[tuple[str, str]]:
    """Give open tasks; of several alike one stands for all."""
    tokens = kernel.load(state)["tokens"].values()
    yield from {t["node"]: (t["activity"], t["node"]) for t in tokens if "open" in t}.values()
