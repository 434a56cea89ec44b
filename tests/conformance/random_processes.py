"""Random processes: unstructured graphs, and ones that are sound by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from random import Random

from tests.conformance.graphs import Arrow, Boundary, Graph, Holds, Rounds, Trigger

#: Whose boundary events are waited for.
HELD = ("message", "timer", "signal", "conditional")
BODIES = ("sub", "subs", "queue", "cycle", "rows", "line", "tx", "call")
#: What names variables or leaves traces that a called process doesn't have.
NOT_CALLED = frozenset({"count", "regret", "undo"})


class _Maker:
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
        return Trigger(kind, interrupting, self.holds() if kind == "conditional" else None, times)

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


# --- unstructured ----------------------------------------------------------------------------------------------------

WILD = [
    *(["user"] * 5 + ["xor"] * 3 + ["and"] * 3 + ["or"] * 2 + ["sub"] * 2 + ["end"]),
    *(
        "many",
        "turns",
        "rounds",
        "write",
        "count",
        "shout",
        "raise",
        "catch",
        "regret",
        "subs",
        "cycle",
        "rows",
        "tx",
        "call",
        "add",
        "abort",
        "stop",
        "fail",
    ),
]


def unstructured(random: Random) -> Graph:
    """Give a graph of anything with anything; most deadlock somewhere, which is part of the question."""
    return _Wild(random).graph(0)


class _Wild(_Maker):
    def graph(self, depth: int, body: str = "") -> Graph:
        graph, random = Graph(), self.random
        kinds = [k for k in WILD if self.is_possible(k, depth, body)]
        for kind in ["start", *random.choices(kinds, k=random.randint(3, 5 if depth else 9)), "end"]:
            node = self.node(graph, kind)
            self.repeat(graph, node, kind)
            if kind in BODIES:
                with self.inside(kind):
                    graph.bodies[node] = self.graph(depth + 1, kind)
            elif kind == "catch":
                graph.catches[node] = self.caught(random.choice(HELD))
            if kind == "tx":
                graph.boundaries[self.fresh("on")] = Boundary(node, Trigger("cancel"))
        for node, kind in list(graph.nodes.items()):
            if kind in ("user", "many", "rounds", *BODIES) and self.chance(0.4):
                self.attach(graph, node)
        if depth < 2 and self.chance(0.25):
            kind = random.choice([*HELD, "error", "escalation"])
            graph.handlers[self.fresh("handler")] = (self.row_of("start", "user", "end"), self.trigger(kind))
        self.connect(graph)
        return graph

    def is_possible(self, kind: str, depth: int, body: str) -> bool:
        """Tell whether a node may stand in a body."""
        if self.called and kind in NOT_CALLED:
            return False
        known = {"abort": body == "tx", "add": self.rows > 0}
        return known.get(kind, kind not in BODIES or depth < 2)

    def attach(self, graph: Graph, node: str) -> None:
        kinds = [
            *HELD,
            *(() if self.called else ("compensate",)),
            *(("error", "escalation") if node in graph.bodies else ()),
        ]
        trigger = self.trigger(self.random.choice(kinds))
        handler = self.node(graph, "undo") if trigger.kind == "compensate" else ""
        graph.boundaries[self.fresh("on")] = Boundary(node, trigger, handler)

    def connect(self, graph: Graph) -> None:
        random = self.random
        events = [b for b, facts in graph.boundaries.items() if not facts.handler]
        nodes = [n for n, kind in graph.nodes.items() if kind != "undo"]
        places, targets = [*nodes, *events], [n for n in nodes if graph.nodes[n] != "start"]
        for position, node in enumerate(places):
            kind = graph.nodes.get(node, "on")
            if kind in ("end", "stop", "fail", "abort"):
                continue
            splits = kind in ("xor", "and", "or") or random.random() > 0.9
            later = [t for t in targets if places.index(t) > position] or targets
            chosen = [
                random.choice(later if random.random() < 0.75 else targets)
                for _ in range(random.randint(1, 3) if splits else 1)
            ]
            for number, target in enumerate(chosen):
                conditional = kind in ("xor", "or") and number < len(chosen) - 1
                variable = random.choice(["pick", "pick", "shared"])
                self.arrow(graph, node, target, Holds(number, random.randint(2, 3), variable) if conditional else None)
        reached = {a.target for a in graph.arrows}
        sources = [n for n, kind in graph.nodes.items() if kind in ("user", "start")]
        for node in [t for t in targets if t not in reached]:
            self.arrow(graph, random.choice(sources), node)


# --- sound by construction -------------------------------------------------------------------------------------------


def structured(random: Random) -> Graph:
    """Give a process made of blocks, so that it always can reach its end."""
    return _Blocks(random).graph(0)


def plain(random: Random) -> Graph:
    """Give one of what SpiffWorkflow runs right, where what it does with data makes no difference."""
    return _Plain(random).graph(0)


Ends = tuple[str, str]


class _Blocks(_Maker):
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
            makers += [self.row, self.row, self.choice, self.fork, self.some, self.loop, self.sub, self.race, self.exit]
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
        for kind in [] if self.plain else [*HELD, *(["error", "escalation"] if node in graph.bodies else [])]:
            if not self.chance(0.2 if kind in HELD else 0.6):
                continue
            boundary, trigger = self.fresh("on"), self.trigger(kind)
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
        self.arrow(graph, choose, self.node(graph, self.random.choice(["stop", "fail", "fail"])), Holds(2, 3))
        self.arrow(graph, choose, leave)
        return user, leave


class _Plain(_Blocks):
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
