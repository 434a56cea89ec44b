"""Random processes: unstructured graphs, and ones that are sound by construction. Plain facts, and their BPMN."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "stop": "endEvent",
    "fail": "endEvent",
    "user": "userTask",
    "many": "userTask",
    "turns": "userTask",
    "count": "scriptTask",
    "sub": "subProcess",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "events": "eventBasedGateway",
    "catch": "intermediateCatchEvent",
}


@dataclass(frozen=True)
class Arrow:
    """A sequence flow; `holds` is (a, m): taken when pick % m == a."""

    id: str
    source: str
    target: str
    holds: tuple[int, int] | None = None


@dataclass(frozen=True)
class Boundary:
    """A boundary event: message or error."""

    host: str
    kind: str
    interrupting: bool


@dataclass
class Graph:
    """One body. Kinds are the keys of TAGS; `stop` terminates, `fail` throws the error E, `many` and `turns` are
    parallel and sequential multi-instance tasks, `count` adds one to its own variable."""

    nodes: dict[str, str] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    boundaries: dict[str, Boundary] = field(default_factory=dict)
    bodies: dict[str, Graph] = field(default_factory=dict)
    #: Event sub-process → (its body, interrupting); it starts with a message of its own name.
    handlers: dict[str, tuple[Graph, bool]] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)

    def leaving(self, node: str) -> list[Arrow]:
        return [a for a in self.arrows if a.source == node]

    def entering(self, node: str) -> list[Arrow]:
        return [a for a in self.arrows if a.target == node]

    def inside(self) -> Iterator[Graph]:
        """Give this graph and all inside of it."""
        yield self
        for inner in [*self.bodies.values(), *(g for g, _ in self.handlers.values())]:
            yield from inner.inside()


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
        return self.random.choice(makers)(graph, depth)

    def task(self, graph: Graph, depth: int) -> Ends:
        return self.guarded(graph, self.node(graph, "user"))

    def count(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "count")
        return node, node

    def many(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, self.random.choice(["many", "turns"]))
        graph.items[node] = self.random.randint(0, 3)
        return self.guarded(graph, node)

    def sub(self, graph: Graph, depth: int) -> Ends:
        node = self.node(graph, "sub")
        graph.bodies[node] = self.graph(depth + 1)
        return self.guarded(graph, node)

    def guarded(self, graph: Graph, node: str) -> Ends:
        """Perhaps attach boundary events; what interrupts meets the ordinary way again."""
        kinds = ["message", "error"] if graph.nodes[node] == "sub" else ["message"]
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


# --- BPMN ------------------------------------------------------------------------------------------------------------

NAMESPACE = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file"'


def bpmn(graph: Graph) -> bytes:
    """Write a graph as a file with the process `p`."""
    messages = [b for g in graph.inside() for b, facts in g.boundaries.items() if facts.kind == "message"]
    messages += [h for g in graph.inside() for h in g.handlers]
    messages += [n for g in graph.inside() for n, kind in g.nodes.items() if kind == "catch"]
    roots = "".join(f'<message id="m_{m}" name="{m}"/>' for m in messages) + '<error id="E" errorCode="E"/>'
    process = f'<process id="p" isExecutable="true">{body(graph)}</process>'
    return f"<definitions {NAMESPACE}>{roots}{process}</definitions>".encode()


def body(graph: Graph, message: str = "", interrupting: bool = True) -> str:
    """Write the content of a body; `message` starts an event sub-process."""
    nodes = "".join(element(graph, node, kind, message, interrupting) for node, kind in graph.nodes.items())
    boundaries = "".join(
        f'<boundaryEvent id="{b}" attachedToRef="{facts.host}" cancelActivity="{str(facts.interrupting).lower()}">'
        f"{definition(b) if facts.kind == 'message' else ERROR}</boundaryEvent>"
        for b, facts in graph.boundaries.items()
    )
    handlers = "".join(
        f'<subProcess id="{h}" triggeredByEvent="true">{body(inner, h, stops)}</subProcess>'
        for h, (inner, stops) in graph.handlers.items()
    )
    return nodes + boundaries + handlers + "".join(flow(a) for a in graph.arrows)


ERROR = '<errorEventDefinition errorRef="E"/>'


def definition(message: str) -> str:
    return f'<messageEventDefinition messageRef="m_{message}"/>'


def element(graph: Graph, node: str, kind: str, message: str, interrupting: bool) -> str:
    """Write one node."""
    leaving, attributes, inside = graph.leaving(node), "", ""
    plain = [a.id for a in leaving if a.holds is None]
    if kind in ("xor", "or") and len(leaving) > 1 and plain:
        attributes = f'default="{plain[0]}"'
    if kind == "start" and message:
        attributes, inside = f'isInterrupting="{str(interrupting).lower()}"', definition(message)
    if kind == "sub":
        inside = body(graph.bodies[node])
    elif kind == "catch":
        inside = definition(node)
    elif kind in ("stop", "fail"):
        inside = "<terminateEventDefinition/>" if kind == "stop" else ERROR
    elif kind == "count":
        inside = f"<script>{node} = {node} + 1</script>"
    elif kind in ("many", "turns"):
        number = f"<loopCardinality>{graph.items[node]}</loopCardinality>"
        marker = "multiInstanceLoopCharacteristics"
        inside = f'<{marker} isSequential="{str(kind == "turns").lower()}">{number}</{marker}>'
    return f'<{TAGS[kind]} id="{node}" {attributes}>{inside}</{TAGS[kind]}>'


def flow(arrow: Arrow) -> str:
    """Write one sequence flow."""
    inside = ""
    if arrow.holds is not None:
        inside = f"<conditionExpression>pick % {arrow.holds[1]} == {arrow.holds[0]}</conditionExpression>"
    return (
        f'<sequenceFlow id="{arrow.id}" sourceRef="{arrow.source}" targetRef="{arrow.target}">{inside}</sequenceFlow>'
    )
