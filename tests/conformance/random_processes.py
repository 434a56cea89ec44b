"""Random processes: unstructured graphs, and ones that are sound by construction."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

from tests.conformance.graphs import Arrow, Boundary, Graph

# --- unstructured ----------------------------------------------------------------------------------------------------

KINDS = ["user"] * 5 + ["xor"] * 3 + ["and"] * 3 + ["or"] * 2 + ["sub"] * 2 + ["end"]


def unstructured(random: Random) -> Graph:
    """Give a graph of anything with anything; most deadlock somewhere, which is part of the question."""
    return _Wild(random).graph(0)


class _Wild:
    def __init__(self, random: Random) -> None:
        self.random, self.counter = random, 0

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def graph(self, depth: int) -> Graph:
        graph, random = Graph(), self.random
        kinds = [k for k in KINDS if k != "sub" or depth < 2]
        for kind in ["start", *random.choices(kinds, k=random.randint(3, 5 if depth else 9)), "end"]:
            node = self.fresh(kind)
            graph.nodes[node] = kind
            if kind == "sub":
                graph.bodies[node] = self.graph(depth + 1)
        for node, kind in list(graph.nodes.items()):
            if kind in ("user", "sub") and random.random() < 0.3:
                graph.boundaries[self.fresh("on")] = Boundary(node, "message", random.random() < 0.5)
        self.connect(graph)
        return graph

    def connect(self, graph: Graph) -> None:
        random, places = self.random, [*graph.nodes, *graph.boundaries]
        targets = [n for n, kind in graph.nodes.items() if kind != "start"]
        for position, node in enumerate(places):
            kind = graph.nodes.get(node, "on")
            if kind == "end":
                continue
            splits = kind in ("xor", "and", "or") or random.random() > 0.9
            later = [t for t in targets if places.index(t) > position] or targets
            chosen = [
                random.choice(later if random.random() < 0.75 else targets)
                for _ in range(random.randint(1, 3) if splits else 1)
            ]
            for number, target in enumerate(chosen):
                condition = (
                    (number, random.randint(2, 3)) if kind in ("xor", "or") and number < len(chosen) - 1 else None
                )
                graph.arrows.append(Arrow(self.fresh("f"), node, target, condition))
        reached = {a.target for a in graph.arrows}
        for node in [t for t in targets if t not in reached]:
            sources = [n for n, kind in graph.nodes.items() if kind in ("user", "start")]
            graph.arrows.append(Arrow(self.fresh("f"), random.choice(sources), node))


# --- sound by construction -------------------------------------------------------------------------------------------


def structured(random: Random) -> Graph:
    """Give a process made of blocks, so that it always can reach its end."""
    return _Blocks(random).graph(0)


def plain(random: Random) -> Graph:
    """Give one of tasks, scripts, exclusive and parallel gateways and sub-processes only."""
    return _Blocks(random, plain=True).graph(0)


Ends = tuple[str, str]


class _Blocks:
    def __init__(self, random: Random, plain: bool = False) -> None:
        self.random, self.plain, self.counter = random, plain, 0

    def fresh(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}{self.counter}"

    def graph(self, depth: int) -> Graph:
        graph = Graph()
        first, last = self.node(graph, "start"), self.node(graph, "end")
        entry, leave = self.block(graph, depth)
        self.arrow(graph, first, entry)
        self.arrow(graph, leave, last)
        if not self.plain and self.random.random() < 0.3 and depth < 2:
            graph.handlers[self.fresh("handler")] = (self.small(), self.random.random() < 0.5)
        return graph

    def small(self) -> Graph:
        graph = Graph()
        chain = [self.node(graph, kind) for kind in ("start", "user", "end")]
        for source, target in pairwise(chain):
            self.arrow(graph, source, target)
        return graph

    def node(self, graph: Graph, kind: str) -> str:
        node = self.fresh(kind)
        graph.nodes[node] = kind
        return node

    def arrow(self, graph: Graph, source: str, target: str, holds: tuple[int, int] | None = None) -> None:
        graph.arrows.append(Arrow(self.fresh("f"), source, target, holds))

    def block(self, graph: Graph, depth: int) -> Ends:
        makers: list[Callable[[Graph, int], Ends]] = [self.task, self.task, self.count]
        if not self.plain:
            makers.append(self.many)
        if depth < 4 and self.plain:
            makers += [self.row, self.row, self.choice, self.fork, self.sub]
        elif depth < 4:
            makers += [self.row, self.row, self.choice, self.fork, self.some, self.loop, self.sub, self.race, self.exit]
            makers += [self.call_for_help, self.regret]
        return self.random.choice(makers)(graph, depth)

    def task(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "user")
        if not self.plain and self.random.random() < 0.5:
            handler = self.node(graph, "undo")
            graph.boundaries[self.fresh("on")] = Boundary(node, "compensate", True, handler)
        return self.guarded(graph, node)

    def regret(self, graph: Graph, depth: int) -> Ends:
        """Some work, and then all of the body's is undone."""
        (entry, middle), node = self.row(graph, depth), self.node(graph, "regret")
        self.arrow(graph, middle, node)
        return entry, node

    def call_for_help(self, graph: Graph, depth: int) -> Ends:
        """A person calls for help; nothing else moves then, so no order is in question."""
        user, node = self.node(graph, "user"), self.node(graph, "raise")
        self.arrow(graph, user, node)
        return user, node

    def count(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "count")
        return node, node

    def many(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, self.random.choice(["many", "turns"]))
        graph.items[node] = self.random.randint(0, 3)
        return self.guarded(graph, node)

    def sub(self, graph: Graph, depth: int) -> Ends:
        kind = "sub" if self.plain else self.random.choice(["sub", "sub", "subs", "queue"])
        node = self.node(graph, kind)
        graph.bodies[node] = self.graph(depth + 1)
        if kind != "sub":
            graph.items[node] = self.random.randint(0, 2)
        return self.guarded(graph, node)

    def guarded(self, graph: Graph, node: str) -> Ends:
        """Perhaps attach boundary events; what interrupts meets the ordinary way again."""
        kinds = ["message", "error", "escalation"] if node in graph.bodies else ["message"]
        leave = node
        for kind in [] if self.plain else kinds:
            if self.random.random() > (0.3 if kind == "message" else 0.7):
                continue
            boundary, interrupting = self.fresh("on"), kind == "error" or self.random.random() < 0.5
            graph.boundaries[boundary] = Boundary(node, kind, interrupting)
            user = self.node(graph, "user")
            self.arrow(graph, boundary, user)
            if interrupting:
                meet = self.node(graph, "xor")
                self.arrow(graph, leave, meet)
                self.arrow(graph, user, meet)
                leave = meet
            else:
                self.arrow(graph, user, self.node(graph, "end"))
        return node, leave

    def row(self, graph: Graph, depth: int) -> Ends:
        (entry, middle), (other, leave) = self.block(graph, depth + 1), self.block(graph, depth + 1)
        self.arrow(graph, middle, other)
        return entry, leave

    def branches(self, graph: Graph, depth: int, split: str, join: str, conditional: bool) -> Ends:
        entry, leave = self.node(graph, split), self.node(graph, join)
        ways = self.random.randint(2, 3)
        for way in range(ways):
            first, last = self.block(graph, depth + 1)
            self.arrow(graph, entry, first, (way, ways) if conditional and way < ways - 1 else None)
            self.arrow(graph, last, leave)
        return entry, leave

    def choice(self, graph: Graph, depth: int) -> Ends:
        return self.branches(graph, depth, "xor", "xor", True)

    def fork(self, graph: Graph, depth: int) -> Ends:
        return self.branches(
            graph, depth, "and", "and" if self.plain else self.random.choice(["and", "and", "or"]), False
        )

    def some(self, graph: Graph, depth: int) -> Ends:
        return self.branches(graph, depth, "or", "or", True)

    def race(self, graph: Graph, depth: int) -> Ends:
        entry, leave = self.node(graph, "events"), self.node(graph, "xor")
        for _ in range(2):
            caught = self.node(graph, "catch")
            first, last = self.block(graph, depth + 1)
            self.arrow(graph, entry, caught)
            self.arrow(graph, caught, first)
            self.arrow(graph, last, leave)
        return entry, leave

    def loop(self, graph: Graph, depth: int) -> Ends:
        entry, user, again = (self.node(graph, kind) for kind in ("xor", "user", "xor"))
        first, last = self.block(graph, depth + 1)
        leave = self.node(graph, "count")
        for source, target in ((entry, user), (user, first), (last, again)):
            self.arrow(graph, source, target)
        self.arrow(graph, again, entry, (1, 2))
        self.arrow(graph, again, leave)
        return entry, leave

    def exit(self, graph: Graph, depth: int) -> Ends:
        """A person may end the whole body, or make it fail. Nothing else moves then, so no order is in question."""
        user, choose = self.node(graph, "user"), self.node(graph, "xor")
        leave = self.node(graph, "count")
        self.arrow(graph, user, choose)
        self.arrow(graph, choose, self.node(graph, self.random.choice(["stop", "fail"])), (2, 5))
        self.arrow(graph, choose, leave)
        return user, leave
