"""What makers of random processes share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from random import Random

from tests.conformance.graphs import Arrow, Graph, Holds, Rounds, Trigger

Ends = tuple[str, str]
#: Whose boundary events are waited for.
HELD = ("message", "timer", "signal", "conditional")
BODIES = ("sub", "subs", "queue", "cycle", "rows", "line", "tx", "call")
#: What names variables or leaves traces that a called process doesn't have.
NOT_CALLED = frozenset({"count", "regret", "undo"})


class Maker:
    def __init__(self, random: Random) -> None:
        self.random, self.counter = random, 0
        #: How deep in bodies with items, in bodies with a variable of their own, and in calls.
        self.rows = self.owns = self.called = 0

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def node(self, graph: Graph, kind: str) -> str:
        node = self.fresh(kind)
        graph.nodes[node] = kind
        return node

    def arrow(self, graph: Graph, source: str, target: str, holds: Holds | None = None) -> None:
        graph.arrows.append(Arrow(self.fresh("f"), source, target, holds))

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def holds(self) -> Holds:
        """Give a condition that also holds for some even pick."""
        return Holds(self.random.randint(0, 2), 3)

    def trigger(self, kind: str) -> Trigger:
        interrupting = kind in ("error", "compensate") or self.chance(0.5)
        times = self.random.randint(1, 2) if kind == "timer" and not interrupting else 1
        code = self.random.choice(["E", "E", "F", ""])
        return Trigger(kind, interrupting, self.holds() if kind == "conditional" else None, times, code)

    def caught(self, kind: str) -> Trigger:
        return Trigger(kind, holds=self.holds() if kind == "conditional" else None)

    def repeat(self, graph: Graph, node: str, kind: str) -> None:
        """Say how often an activity is done."""
        if kind in ("rounds", "cycle"):
            graph.loops[node] = Rounds(Holds(1, 2), self.random.randint(1, 3), self.chance(0.5))
        elif kind in ("many", "turns", "subs", "queue"):
            graph.items[node] = self.random.randint(0, 3 if kind in ("many", "turns") else 2)
        elif kind in ("rows", "line"):
            graph.rows[node] = [self.random.randint(1, 9) for _ in range(self.random.randint(0, 2))]
            graph.items[node] = len(graph.rows[node])
        if node in graph.items and self.chance(0.3):
            graph.enough[node] = self.random.randint(1, 2)

    @contextmanager
    def inside(self, kind: str) -> Iterator[None]:
        """Make what lies in a body of a kind."""
        before = self.rows, self.owns, self.called
        if kind == "call":
            self.rows, self.owns, self.called = 0, 0, self.called + 1
        else:
            self.rows += kind in ("rows", "line")
        yield
        self.rows, self.owns, self.called = before

    def row_of(self, *kinds: str) -> Graph:
        """Give a body that is one row of nodes."""
        graph = Graph()
        for source, target in pairwise([self.node(graph, kind) for kind in kinds]):
            self.arrow(graph, source, target)
        return graph
