"""Processes as plain facts, and their BPMN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "stop": "endEvent",
    "fail": "endEvent",
    "user": "userTask",
    "many": "userTask",
    "turns": "userTask",
    "rounds": "userTask",
    "count": "scriptTask",
    "write": "scriptTask",
    "sub": "subProcess",
    "subs": "subProcess",
    "queue": "subProcess",
    "cycle": "subProcess",
    "rows": "subProcess",
    "line": "subProcess",
    "tx": "transaction",
    "call": "callActivity",
    "abort": "endEvent",
    "add": "scriptTask",
    "own": "scriptTask",
    "turn": "scriptTask",
    "tell": "scriptTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "events": "eventBasedGateway",
    "complex": "complexGateway",
    "catch": "intermediateCatchEvent",
    "raise": "intermediateThrowEvent",
    "shout": "intermediateThrowEvent",
    "regret": "intermediateThrowEvent",
    "undo": "scriptTask",
    "note": "scriptTask",
    "fault": "scriptTask",
    "flaw": "scriptTask",
}
#: Kinds with several items, and whether one comes after the other.
MULTIPLE = {"many": False, "subs": False, "rows": False, "turns": True, "queue": True, "line": True}


@dataclass(frozen=True)
class Holds:
    """A condition on data: the variable divided by `by` leaves `rest`."""

    rest: int
    by: int
    variable: str = "pick"

    @property
    def text(self) -> str:
        return f"{self.variable} % {self.by} == {self.rest}"


@dataclass(frozen=True)
class Arrow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    holds: Holds | None = None


class Fixed:
    """Something that never changes once it is made, so copies of a game share it."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


#: What a script fails with; any error event catches it.
NO_CODE = "-"


@dataclass(frozen=True)
class Trigger(Fixed):
    """What an event waits for: message, timer, signal, conditional, error, escalation or compensate."""

    kind: str
    interrupting: bool = True
    #: Conditional.
    holds: Holds | None = None
    #: Timer: how often it goes off.
    times: int = 1
    #: Error: the code that it catches, "" = any error.
    code: str = "E"

    def catches(self, kind: str, code: str) -> bool:
        return self.kind == kind and (kind != "error" or self.code in ("", code) or code == NO_CODE)


@dataclass(frozen=True)
class Boundary:
    """A boundary event; one for compensation has the activity that undoes."""

    host: str
    trigger: Trigger
    handler: str = ""


@dataclass(frozen=True)
class Rounds:
    """A standard loop."""

    holds: Holds
    most: int
    before: bool


@dataclass
class Graph(Fixed):
    """One body. Kinds are the keys of TAGS.

    `stop` terminates, `fail` throws the error E, `fault` the error F, `flaw` one without a code, `raise` the
    escalation X, `shout` the signal S. `many` and `turns` are parallel and sequential multi-instance tasks, `subs`
    and `queue` such sub-processes, `rounds` and `cycle` have a standard loop. `count` adds one to its own variable,
    `write` changes the shared one so that order matters. `regret` has what was done in its body undone, `undo` and
    `note` say that they did. `rows` and `line` are multi-instance sub-processes over values, and `add` puts the
    item's into the shared variable. `own`, `turn` and `tell` begin, change and give the variable `mine` of a body
    that declares it. `call` runs its body as a process of its own, which sees the shared variable and the pick as
    they were, and gives the shared one back. `abort` cancels the transaction `tx`.
    """

    nodes: dict[str, str] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    boundaries: dict[str, Boundary] = field(default_factory=dict)
    bodies: dict[str, Graph] = field(default_factory=dict)
    #: Event sub-process → its body and what starts it.
    handlers: dict[str, tuple[Graph, Trigger]] = field(default_factory=dict)
    #: Catch event → what it waits for.
    catches: dict[str, Trigger] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    #: Multi-instance activity → so many done items are enough.
    enough: dict[str, int] = field(default_factory=dict)
    loops: dict[str, Rounds] = field(default_factory=dict)
    #: Complex gateway → it starts with tokens on so many of its ways in.
    thresholds: dict[str, int] = field(default_factory=dict)
    #: Regret → the activity that it names.
    named: dict[str, str] = field(default_factory=dict)
    #: Multi-instance activity → the values that it goes over.
    rows: dict[str, list[int]] = field(default_factory=dict)
    #: It has a variable `mine` of its own.
    declares: bool = False

    @cached_property
    def ends(self) -> dict[tuple[str, str], list[Arrow]]:
        """Give arrows by ("from" or "to", node)."""
        found: dict[tuple[str, str], list[Arrow]] = {}
        for arrow in self.arrows:
            found.setdefault(("from", arrow.source), []).append(arrow)
            found.setdefault(("to", arrow.target), []).append(arrow)
        return found

    def leaving(self, node: str) -> list[Arrow]:
        return self.ends.get(("from", node), [])

    def entering(self, node: str) -> list[Arrow]:
        return self.ends.get(("to", node), [])

    def attached(self, host: str) -> list[tuple[str, Boundary]]:
        return [(name, boundary) for name, boundary in self.boundaries.items() if boundary.host == host]

    def start(self) -> str:
        return next(n for n, kind in self.nodes.items() if kind == "start")

    def inside(self) -> Iterator[Graph]:
        """Give this graph and all inside of it."""
        yield self
        for inner in [*self.bodies.values(), *(g for g, _ in self.handlers.values())]:
            yield from inner.inside()

    def triggers(self) -> Iterator[tuple[str, Trigger]]:
        """Give what is waited for in this body, by the name of the receiver."""
        yield from ((b, boundary.trigger) for b, boundary in self.boundaries.items())
        yield from ((h, trigger) for h, (_, trigger) in self.handlers.items())
        yield from self.catches.items()


NAMESPACE = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:r="https://radnice.cz/bpmn/1.0" id="file"'
ROOTS = (
    '<error id="E" errorCode="E"/><error id="F" errorCode="F"/>'
    '<escalation id="X" escalationCode="X"/><signal id="S" name="S"/>'
)
DEFINITIONS = {
    "fail": '<errorEventDefinition errorRef="E"/>',
    "escalation": '<escalationEventDefinition escalationRef="X"/>',
    "raise": '<escalationEventDefinition escalationRef="X"/>',
    "signal": '<signalEventDefinition signalRef="S"/>',
    "shout": '<signalEventDefinition signalRef="S"/>',
    "compensate": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "abort": "<cancelEventDefinition/>",
    "stop": "<terminateEventDefinition/>",
}


MAPPING = "".join(
    [
        *(f'<r:input name="{name}">{name}</r:input>' for name in ("shared", "pick")),
        '<r:output name="shared">shared</r:output>',
    ]
)


def bpmn(graph: Graph) -> bytes:
    """Write a graph as a file with the process `p`."""
    messages = [name for g in graph.inside() for name, trigger in g.triggers() if trigger.kind == "message"]
    roots = "".join(f'<message id="m_{m}" name="{m}"/>' for m in messages) + ROOTS
    called = {node: inner for g in graph.inside() for node, inner in g.bodies.items() if g.nodes[node] == "call"}
    processes = [("p", graph), *((f"called_{node}", inner) for node, inner in called.items())]
    written = "".join(f'<process id="{name}" isExecutable="true">{body(inner)}</process>' for name, inner in processes)
    return f"<definitions {NAMESPACE}>{roots}{written}</definitions>".encode()


def body(graph: Graph, start: str = "", attributes: str = "") -> str:
    """Write the content of a body; `start` is the definition that starts an event sub-process."""
    nodes = "".join(element(graph, n, kind, (start, attributes)) for n, kind in graph.nodes.items())
    boundaries = "".join(boundary(name, facts) for name, facts in graph.boundaries.items())
    handlers = "".join(handler(name, *facts) for name, facts in graph.handlers.items())
    if graph.declares:
        nodes = f'<dataObject id="mine_of_{graph.start()}" name="mine"/>' + nodes
    return nodes + boundaries + handlers + "".join(flow(a) for a in graph.arrows)


def boundary(name: str, facts: Boundary) -> str:
    """Write a boundary event, with its association where it is for compensation."""
    attributes = f'attachedToRef="{facts.host}" cancelActivity="{str(facts.trigger.interrupting).lower()}"'
    tie = f'<association id="a_{name}" sourceRef="{name}" targetRef="{facts.handler}"/>' if facts.handler else ""
    inside = definition(name, facts.trigger)
    return f'<boundaryEvent id="{name}" {attributes}>{inside}</boundaryEvent>{tie}'


def handler(name: str, graph: Graph, trigger: Trigger) -> str:
    """Write an event sub-process."""
    inside = body(graph, definition(name, trigger), f'isInterrupting="{str(trigger.interrupting).lower()}"')
    return f'<subProcess id="{name}" triggeredByEvent="true">{inside}</subProcess>'


def definition(name: str, trigger: Trigger) -> str:
    """Write an event definition."""
    if trigger.kind == "message":
        return f'<messageEventDefinition messageRef="m_{name}"/>'
    if trigger.kind == "timer" and trigger.times > 1:
        return f"<timerEventDefinition><timeCycle>R{trigger.times}/PT1H</timeCycle></timerEventDefinition>"
    if trigger.kind == "timer":
        return "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    if trigger.kind == "error":
        return f'<errorEventDefinition errorRef="{trigger.code}"/>' if trigger.code else "<errorEventDefinition/>"
    if trigger.holds is not None:
        return f"<conditionalEventDefinition><condition>{trigger.holds.text}</condition></conditionalEventDefinition>"
    return DEFINITIONS[trigger.kind]


def element(graph: Graph, node: str, kind: str, start: tuple[str, str]) -> str:
    """Write one node."""
    leaving, attributes = graph.leaving(node), ""
    plain = [a.id for a in leaving if a.holds is None]
    if kind in ("xor", "or", "complex") and len(leaving) > 1 and plain:
        attributes = f'default="{plain[0]}"'
    elif kind == "undo":
        attributes = 'isForCompensation="true"'
    elif kind == "call":
        attributes = f'calledElement="called_{node}"'
    elif kind == "start":
        attributes = start[1]
    return f'<{TAGS[kind]} id="{node}" {attributes}>{content(graph, node, kind, start[0])}</{TAGS[kind]}>'


def content(graph: Graph, node: str, kind: str, start: str) -> str:
    """Write what stands inside of a node."""
    if kind == "call":
        return f"<extensionElements>{MAPPING}</extensionElements>"
    if node in graph.bodies:
        return body(graph.bodies[node]) + marker(graph, node, kind)
    if node in graph.catches:
        return definition(node, graph.catches[node])
    simple = {
        "start": start,
        "count": f"<script>{node} = {node} + 1</script>",
        "write": f"<script>{written(node)}</script>",
        "add": f"<script>{mixed('shared', 'item')}</script>",
        "own": f"<script>mine = {factor(node)}</script>",
        "turn": f"<script>{mixed('mine', str(factor(node)))}</script>",
        "tell": f"<script>{mixed('shared', 'mine')}</script>",
        "undo": f"<script>undone = undone + ['{node}']</script>",
        "note": f"<script>undone = undone + ['{node}']</script>",
        "fault": "<script>fail('F')</script>",
        "flaw": "<script>shared = 1 // 0</script>",
        "regret": regret(graph, node),
        "complex": activation(graph.thresholds.get(node)),
        **DEFINITIONS,
    }
    return simple.get(kind, marker(graph, node, kind))


def activation(number: int | None) -> str:
    return f"<activationCondition>activationCount &gt;= {number}</activationCondition>" if number else ""


def regret(graph: Graph, node: str) -> str:
    name = f'activityRef="{graph.named[node]}"' if node in graph.named else ""
    return f"<compensateEventDefinition {name}/>"


def written(node: str) -> str:
    """Give the script of a `write`: the order of two of them shows in the result."""
    return mixed("shared", str(factor(node)))


def mixed(variable: str, value: str) -> str:
    return f"{variable} = ({variable} * 3 + {value}) % 1009"


def factor(node: str) -> int:
    return int("".join(filter(str.isdigit, node))) % 7 + 1


def marker(graph: Graph, node: str, kind: str) -> str:
    """Write the marker of a loop or multi-instance activity."""
    if node in graph.loops:
        loop = graph.loops[node]
        facts = f'testBefore="{str(loop.before).lower()}" loopMaximum="{loop.most}"'
        condition = f"<loopCondition>{loop.holds.text}</loopCondition>"
        return f"<standardLoopCharacteristics {facts}>{condition}</standardLoopCharacteristics>"
    if node not in graph.items:
        return ""
    one_by_one, enough = str(MULTIPLE[kind]).lower(), ""
    if node in graph.enough:
        enough = f"numberOfCompletedInstances &gt;= {graph.enough[node]}"
        enough = f"<completionCondition>{enough}</completionCondition>"
    inside = f"<loopCardinality>{graph.items[node]}</loopCardinality>{enough}"
    if node in graph.rows:
        item = f'<inputDataItem id="item_of_{node}" name="item"/>'
        inside = f"<loopDataInputRef>{graph.rows[node]}</loopDataInputRef>{item}{enough}"
    return f'<multiInstanceLoopCharacteristics isSequential="{one_by_one}">{inside}</multiInstanceLoopCharacteristics>'


def flow(arrow: Arrow) -> str:
    """Write one sequence flow."""
    inside = f"<conditionExpression>{arrow.holds.text}</conditionExpression>" if arrow.holds else ""
    return (
        f'<sequenceFlow id="{arrow.id}" sourceRef="{arrow.source}" targetRef="{arrow.target}">{inside}</sequenceFlow>'
    )
