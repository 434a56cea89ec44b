"""Processes as plain facts, and their BPMN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

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
    "subs": "subProcess",
    "queue": "subProcess",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "events": "eventBasedGateway",
    "catch": "intermediateCatchEvent",
    "raise": "intermediateThrowEvent",
    "regret": "intermediateThrowEvent",
    "undo": "scriptTask",
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
    """A boundary event: message, error, escalation, or compensation with its handler."""

    host: str
    kind: str
    interrupting: bool
    handler: str = ""


@dataclass
class Graph:
    """One body. Kinds are the keys of TAGS.

    `stop` terminates, `fail` throws the error E, `raise` throws the escalation X. `many` and `turns` are parallel and
    sequential multi-instance tasks, `subs` and `queue` such sub-processes. `count` adds one to its own variable.
    `regret` has everything done in its body undone, `undo` notes that it undid something.
    """

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


NAMESPACE = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file"'


def bpmn(graph: Graph) -> bytes:
    """Write a graph as a file with the process `p`."""
    messages = [b for g in graph.inside() for b, facts in g.boundaries.items() if facts.kind == "message"]
    messages += [h for g in graph.inside() for h in g.handlers]
    messages += [n for g in graph.inside() for n, kind in g.nodes.items() if kind == "catch"]
    roots = "".join(f'<message id="m_{m}" name="{m}"/>' for m in messages) + CODES
    process = f'<process id="p" isExecutable="true">{body(graph)}</process>'
    return f"<definitions {NAMESPACE}>{roots}{process}</definitions>".encode()


def body(graph: Graph, message: str = "", interrupting: bool = True) -> str:
    """Write the content of a body; `message` starts an event sub-process."""
    nodes = "".join(element(graph, node, kind, message, interrupting) for node, kind in graph.nodes.items())
    boundaries = "".join(
        f'<boundaryEvent id="{b}" attachedToRef="{facts.host}" cancelActivity="{str(facts.interrupting).lower()}">'
        f"{DEFINITIONS.get(facts.kind) or definition(b)}</boundaryEvent>"
        + (f'<association id="a_{b}" sourceRef="{b}" targetRef="{facts.handler}"/>' if facts.handler else "")
        for b, facts in graph.boundaries.items()
    )
    handlers = "".join(
        f'<subProcess id="{h}" triggeredByEvent="true">{body(inner, h, stops)}</subProcess>'
        for h, (inner, stops) in graph.handlers.items()
    )
    return nodes + boundaries + handlers + "".join(flow(a) for a in graph.arrows)


CODES = '<error id="E" errorCode="E"/><escalation id="X" escalationCode="X"/>'
DEFINITIONS = {
    "error": '<errorEventDefinition errorRef="E"/>',
    "fail": '<errorEventDefinition errorRef="E"/>',
    "escalation": '<escalationEventDefinition escalationRef="X"/>',
    "raise": '<escalationEventDefinition escalationRef="X"/>',
    "compensate": "<compensateEventDefinition/>",
    "regret": "<compensateEventDefinition/>",
    "stop": "<terminateEventDefinition/>",
}


def definition(message: str) -> str:
    return f'<messageEventDefinition messageRef="m_{message}"/>'


def element(graph: Graph, node: str, kind: str, message: str, interrupting: bool) -> str:
    """Write one node."""
    leaving, attributes = graph.leaving(node), ""
    plain = [a.id for a in leaving if a.holds is None]
    if kind in ("xor", "or") and len(leaving) > 1 and plain:
        attributes = f'default="{plain[0]}"'
    elif kind == "undo":
        attributes = 'isForCompensation="true"'
    elif kind == "start" and message:
        attributes = f'isInterrupting="{str(interrupting).lower()}"'
    return f'<{TAGS[kind]} id="{node}" {attributes}>{content(graph, node, kind, message)}</{TAGS[kind]}>'


def content(graph: Graph, node: str, kind: str, message: str) -> str:
    """Write what stands inside of a node."""
    marker = ""
    if node in graph.items:
        one_by_one = str(kind in ("turns", "queue")).lower()
        marker = f"<loopCardinality>{graph.items[node]}</loopCardinality></multiInstanceLoopCharacteristics>"
        marker = f'<multiInstanceLoopCharacteristics isSequential="{one_by_one}">{marker}'
    if node in graph.bodies:
        return body(graph.bodies[node]) + marker
    simple = {
        "start": definition(message) if message else "",
        "catch": definition(node),
        "count": f"<script>{node} = {node} + 1</script>",
        "undo": f"<script>undone = undone + ['{node}']</script>",
        **DEFINITIONS,
    }
    return simple.get(kind, marker)


def flow(arrow: Arrow) -> str:
    """Write one sequence flow."""
    inside = ""
    if arrow.holds is not None:
        inside = f"<conditionExpression>pick % {arrow.holds[1]} == {arrow.holds[0]}</conditionExpression>"
    return (
        f'<sequenceFlow id="{arrow.id}" sourceRef="{arrow.source}" targetRef="{arrow.target}">{inside}</sequenceFlow>'
    )
