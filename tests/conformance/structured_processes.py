"""Random processes that are sound by construction."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

from tests.conformance.graphs import Boundary, Graph, Holds, Trigger
from tests.conformance.making import HELD, Ends, Maker


def structured(random: Random) -> Graph:
    """Give a process made of blocks, so that it always can reach its end."""
    return Blocks(random).graph(0)


class Blocks(Maker):
    def __init__(self, random: Random, plain: bool = False) -> None:
        super().__init__(random)
        self.plain = plain

    def graph(self, depth: int) -> Graph:
        graph = Graph()
        first, last = self.node(graph, "start"), self.node(graph, "end")
        entry, leave = self.block(graph, depth) if depth else self.whole(graph)
        self.arrow(graph, first, entry)
        self.arrow(graph, leave, last)
        if not self.plain and depth < 2:
            self.handlers(graph, depth)
        return graph

    def handlers(self, graph: Graph, depth: int) -> None:
        """Perhaps add event sub-processes, at most one of a kind."""
        for kind in [*HELD, "error", "escalation"]:
            if self.chance(0.15):
                trigger = self.trigger(kind)
                # One signal must not begin the next handler with what ends the last one, for ever.
                small = self.chance(0.5) or (kind in ("signal", "conditional") and not trigger.interrupting)
                inside = self.row_of("start", "user", "end") if small else self.graph(depth + 2)
                graph.handlers[self.fresh("handler")] = (inside, trigger)
        if depth and not self.called and self.chance(0.15):
            rows = [("note",), ("note", "regret"), ("regret", "note")]
            row = self.row_of("start", *self.random.choice(rows), "end")
            graph.handlers[self.fresh("handler")] = (row, self.trigger("compensate"))

    def block(self, graph: Graph, depth: int) -> Ends:
        makers: list[Callable[[Graph, int], Ends]] = [self.task, self.task, self.script]
        if not self.plain:
            makers += [self.many, self.write, self.single]
        if depth < 4 and self.plain:
            makers += [self.row, self.row, self.choice, self.fork, self.sub]
        elif depth < 4:
            makers += [
                self.row,
                self.row,
                self.choice,
                self.fork,
                self.enough,
                self.some,
                self.loop,
                self.sub,
                self.race,
                self.exit,
            ]
            makers += [self.thrown, *([] if self.called else [self.regret]), self.owning, self.transaction, self.call]
        return self.random.choice(makers)(graph, depth)

    def single(self, graph: Graph, depth: int) -> Ends:
        node = self.catch(graph, self.random.choice(self.waited()))
        return node, node

    def waited(self) -> tuple[str, ...]:
        """Give what a flow may wait for; nobody outside changes the data of a call."""
        return HELD[:3] if self.called else HELD

    def catch(self, graph: Graph, kind: str) -> str:
        node = self.node(graph, "catch")
        graph.catches[node] = self.caught(kind)
        return node

    def task(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "user")
        if not self.plain and not self.called and self.chance(0.5):
            graph.boundaries[self.fresh("on")] = Boundary(node, Trigger("compensate"), self.node(graph, "undo"))
        return self.guarded(graph, node)

    def regret(self, graph: Graph, depth: int) -> Ends:
        """Some work, and then all of the body's is undone, or one activity's."""
        (entry, middle), node = self.row(graph, depth), self.node(graph, "regret")
        done = [n for n, kind in graph.nodes.items() if kind in ("user", "many", "sub", "queue", "cycle")]
        if done and self.chance(0.4):
            graph.named[node] = self.random.choice(done)
        self.arrow(graph, middle, node)
        return entry, node

    def thrown(self, graph: Graph, depth: int) -> Ends:
        """A person has an escalation or a signal thrown."""
        user, node = self.node(graph, "user"), self.node(graph, self.random.choice(["raise", "shout"]))
        self.arrow(graph, user, node)
        return user, node

    def script(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, self.counted())
        return node, node

    def counted(self) -> str:
        """Give a kind of script whose work shows."""
        kinds = ["write" if self.called else "count", *(["add"] if self.rows else []), *(["turn"] if self.owns else [])]
        return self.random.choice(kinds) if len(kinds) > 1 else kinds[0]

    def write(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "write")
        return node, node

    def many(self, graph: Graph, depth: int) -> Ends:
        kind = self.random.choice(["many", "turns", "rounds"])
        node = self.node(graph, kind)
        self.repeat(graph, node, kind)
        if not self.called and self.chance(0.4):
            graph.boundaries[self.fresh("on")] = Boundary(node, Trigger("compensate"), self.node(graph, "undo"))
        return self.guarded(graph, node)

    def sub(self, graph: Graph, depth: int) -> Ends:
        kind = "sub" if self.plain else self.random.choice(["sub", "sub", "subs", "queue", "cycle", "rows", "line"])
        return self.guarded(graph, self.body(graph, depth, kind))

    def body(self, graph: Graph, depth: int, kind: str) -> str:
        node = self.node(graph, kind)
        with self.inside(kind):
            graph.bodies[node] = self.graph(depth + 1)
        self.repeat(graph, node, kind)
        return node

    def call(self, graph: Graph, depth: int) -> Ends:
        return self.guarded(graph, self.body(graph, depth, "call"))

    def owning(self, graph: Graph, depth: int) -> Ends:
        """A sub-process with a variable of its own, which it tells at its end."""
        node = self.node(graph, "sub")
        self.owns += 1
        inside = graph.bodies[node] = Graph(declares=True)
        first, begin, tell, last = (self.node(inside, kind) for kind in ("start", "own", "tell", "end"))
        entry, leave = self.block(inside, depth + 1)
        self.owns -= 1
        for source, target in ((first, begin), (begin, entry), (leave, tell), (tell, last)):
            self.arrow(inside, source, target)
        return self.guarded(graph, node)

    def transaction(self, graph: Graph, depth: int) -> Ends:
        """A transaction that a person may cancel while another part of it runs."""
        node = self.node(graph, "tx")
        inside = graph.bodies[node] = Graph()
        kinds = ("start", "and", "user", "xor", "and", "end")
        first, split, user, choose, meet, last = (self.node(inside, kind) for kind in kinds)
        abort = self.node(inside, "abort")
        entry, leave = self.block(inside, depth + 1)
        ways = ((first, split), (split, entry), (leave, meet), (split, user), (user, choose), (meet, last))
        for source, target in ways:
            self.arrow(inside, source, target)
        self.arrow(inside, choose, abort, Holds(2, 3))
        self.arrow(inside, choose, meet)
        _, leave = self.guarded(graph, node)
        cancelled, after, again = self.fresh("on"), self.node(graph, "user"), self.node(graph, "xor")
        graph.boundaries[cancelled] = Boundary(node, Trigger("cancel"))
        for source, target in ((cancelled, after), (after, again), (leave, again)):
            self.arrow(graph, source, target)
        return node, again

    def guarded(self, graph: Graph, node: str) -> Ends:
        """Perhaps attach boundary events, at most one of a kind; what interrupts meets the ordinary way again."""
        leave = node
        for kind in [] if self.plain else [*HELD, *(["error", "error", "escalation"] if node in graph.bodies else [])]:
            if not self.chance(0.2 if kind in HELD else 0.6):
                continue
            boundary, trigger = self.fresh("on"), self.trigger(kind)
            if any(b.trigger == trigger for _, b in graph.attached(node) if kind == "error"):
                continue
            graph.boundaries[boundary] = Boundary(node, trigger)
            after = self.node(graph, self.random.choice(["user", "user", "write"]))
            self.arrow(graph, boundary, after)
            if trigger.interrupting:
                meet = self.node(graph, "xor")
                self.arrow(graph, leave, meet)
                self.arrow(graph, after, meet)
                leave = meet
            else:
                self.arrow(graph, after, self.node(graph, "end"))
        return node, leave

    def row(self, graph: Graph, depth: int) -> Ends:
        (entry, middle), (other, leave) = self.block(graph, depth + 1), self.block(graph, depth + 1)
        self.arrow(graph, middle, other)
        return entry, leave

    def whole(self, graph: Graph) -> Ends:
        """Give the whole process: some blocks, one after the other."""
        blocks = [self.block(graph, 1) for _ in range(self.random.randint(1, 4))]
        for (_, leave), (entry, _) in pairwise(blocks):
            self.arrow(graph, leave, entry)
        return blocks[0][0], blocks[-1][1]

    def branches(self, graph: Graph, depth: int, kinds: tuple[str, str], variable: str = "") -> Ends:
        entry, leave = (self.node(graph, kind) for kind in kinds)
        ways = self.random.randint(2, 3)
        for way in range(ways):
            first, last = self.block(graph, depth + 1)
            holds = Holds(way, ways, variable) if variable and way < ways - 1 else None
            self.arrow(graph, entry, first, holds)
            self.arrow(graph, last, leave)
        return entry, leave

    def variable(self) -> str:
        return "pick" if self.plain else self.random.choice(["pick", "shared"])

    def choice(self, graph: Graph, depth: int) -> Ends:
        return self.branches(graph, depth, ("xor", "xor"), self.variable())

    def fork(self, graph: Graph, depth: int) -> Ends:
        return self.branches(graph, depth, ("and", "and" if self.plain or self.chance(0.7) else "or"))

    def enough(self, graph: Graph, depth: int) -> Ends:
        """A complex gateway goes on with the first of some branches and swallows the others."""
        entry, leave = self.branches(graph, depth, ("and", "complex"))
        graph.thresholds[leave] = self.random.randint(1, len([a for a in graph.arrows if a.target == leave]))
        return entry, leave

    def some(self, graph: Graph, depth: int) -> Ends:
        return self.branches(graph, depth, ("or", "or"), self.variable())

    def race(self, graph: Graph, depth: int) -> Ends:
        entry, leave = self.node(graph, "events"), self.node(graph, "xor")
        for kind in self.random.sample(self.waited(), 2):
            caught = self.catch(graph, kind)
            first, last = self.block(graph, depth + 1)
            self.arrow(graph, entry, caught)
            self.arrow(graph, caught, first)
            self.arrow(graph, last, leave)
        return entry, leave

    def loop(self, graph: Graph, depth: int) -> Ends:
        entry, user, again = (self.node(graph, kind) for kind in ("xor", "user", "xor"))
        first, last = self.block(graph, depth + 1)
        leave = self.node(graph, self.counted())
        for source, target in ((entry, user), (user, first), (last, again)):
            self.arrow(graph, source, target)
        self.arrow(graph, again, entry, Holds(1, 2))
        self.arrow(graph, again, leave)
        return entry, leave

    def exit(self, graph: Graph, depth: int) -> Ends:
        """A person may end the whole body, or make it fail."""
        user, choose = self.node(graph, "user"), self.node(graph, "xor")
        leave = self.node(graph, self.counted())
        self.arrow(graph, user, choose)
        self.arrow(
            graph, choose, self.node(graph, self.random.choice(["stop", "fail", "fail", "fault", "flaw"])), Holds(2, 3)
        )
        self.arrow(graph, choose, leave)
        return user, leave
