"""Random processes of what SpiffWorkflow runs right."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.conformance.graphs import Boundary, Graph, Holds, Rounds, Trigger
from tests.conformance.making import Ends
from tests.conformance.structured_processes import Blocks


def plain(random: Random) -> Graph:
    """Give one of what SpiffWorkflow runs right, where what it does with data makes no difference."""
    return _Plain(random).graph(0)


class _Plain(Blocks):
    """Wherever branches or runs give their data back, a person decides anew before anything depends on it.

    SpiffWorkflow brings an error, an escalation or a cancellation to all that wait for it, not to the nearest: there is
    one of each at most.
    """

    def __init__(self, random: Random) -> None:
        super().__init__(random, plain=True)
        self.once = [self.failing, self.cancelled, self.helped]

    def block(self, graph: Graph, depth: int) -> Ends:
        makers: list[Callable[[Graph, int], Ends]] = [self.task, self.script]
        if depth < 4:
            makers += [self.row, self.row, self.choice, self.fork, self.some, self.sub]
            makers += [self.ended, self.repeated, self.call, *self.once]
        maker = self.random.choice(makers)
        if maker in self.once:
            self.once.remove(maker)
        return maker(graph, depth)

    def some(self, graph: Graph, depth: int) -> Ends:
        return self.decided(graph, super().some(graph, depth))

    def decided(self, graph: Graph, ends: Ends) -> Ends:
        user = self.node(graph, "user")
        self.arrow(graph, ends[1], user)
        return ends[0], user

    def call(self, graph: Graph, depth: int) -> Ends:
        return self.decided(graph, super().call(graph, depth))

    def repeated(self, graph: Graph, depth: int) -> Ends:
        kind = self.random.choice(["many", "turns", "rounds"])
        node = self.node(graph, kind)
        if kind == "rounds":
            graph.loops[node] = Rounds(Holds(1, 2), self.random.randint(1, 3), before=False)
        else:
            graph.items[node] = self.random.randint(1, 3)
        return self.decided(graph, (node, node))

    def deciding(self, inside: Graph, depth: int, end: str) -> None:
        """Make a body in which a person chooses between its end and another one."""
        first, user, choose, last = (self.node(inside, kind) for kind in ("start", "user", "xor", "end"))
        entry, leave = self.block(inside, depth + 1)
        for source, target in ((first, entry), (leave, user), (user, choose)):
            self.arrow(inside, source, target)
        self.arrow(inside, choose, self.node(inside, end), Holds(1, 2))
        self.arrow(inside, choose, last)

    def caught_at(self, graph: Graph, node: str, kind: str) -> Ends:
        """Let an interrupting boundary event meet the ordinary way again."""
        boundary, after, meet = self.fresh("on"), self.node(graph, "user"), self.node(graph, "xor")
        graph.boundaries[boundary] = Boundary(node, Trigger(kind))
        for source, target in ((boundary, after), (after, meet), (node, meet)):
            self.arrow(graph, source, target)
        return self.decided(graph, (node, meet))

    def failing(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "sub")
        self.deciding(graph.bodies.setdefault(node, Graph()), depth, "fail")
        return self.caught_at(graph, node, "error")

    def cancelled(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "tx")
        self.deciding(graph.bodies.setdefault(node, Graph()), depth, "abort")
        return self.caught_at(graph, node, "cancel")

    def helped(self, graph: Graph, depth: int) -> Ends:
        """An escalation that doesn't interrupt begins another way beside."""
        node, boundary, beside = self.node(graph, "sub"), self.fresh("on"), self.node(graph, "user")
        graph.bodies[node] = self.row_of("start", "user", "raise", "user", "end")
        graph.boundaries[boundary] = Boundary(node, Trigger("escalation", interrupting=False))
        self.arrow(graph, boundary, beside)
        self.arrow(graph, beside, self.node(graph, "end"))
        return self.decided(graph, (node, node))

    def ended(self, graph: Graph, depth: int) -> Ends:
        """A terminate end event ends what runs beside it in its sub-process."""
        node = self.node(graph, "sub")
        inside = graph.bodies[node] = Graph()
        first, split, one, other = (self.node(inside, kind) for kind in ("start", "and", "user", "user"))
        ways = ((first, split), (split, one), (split, other), (one, self.node(inside, "end")))
        for source, target in (*ways, (other, self.node(inside, "stop"))):
            self.arrow(inside, source, target)
        return self.decided(graph, (node, node))
