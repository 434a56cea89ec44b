"""What of a file can't be executed. The kernel refuses a model with such a problem; other rules are engine.check's."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram import ACTIVITIES, NOT_EXECUTABLE, Model, Node, Problem
from engine.expressions import problem_in

CATCHABLE = frozenset({"message", "timer", "conditional", "signal"})
CLIMBING = frozenset({"error", "escalation", "compensate"})
#: Event definitions that the standard allows, by place (BPMN 2.0.2, table 10.93).
ALLOWED = {
    "start": CATCHABLE,
    "event sub-process start": CATCHABLE | CLIMBING,
    "sub-process start": frozenset[str](),
    "catch": CATCHABLE | {"link"},
    "boundary": CATCHABLE | CLIMBING | {"cancel"},
    "throw": frozenset({"message", "escalation", "compensate", "link", "signal"}),
    "end": frozenset({"message", "error", "escalation", "cancel", "compensate", "signal", "terminate"}),
}
PLACES = {
    "endEvent": "end",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
}
#: Events that always interrupt what they sit on.
INTERRUPT_ALWAYS = frozenset({"error", "cancel", "compensate"})
#: Places where an event must say what it waits for.
WAITING = frozenset({"event sub-process start", "boundary", "catch"})


def not_executable(element: str | None, message: str) -> Problem:
    """Make the problem that keeps the kernel from running a model."""
    return Problem("error", NOT_EXECUTABLE, element, message)


def refusals(model: Model) -> Iterator[Problem]:
    """Give what the kernel would have to guess at or ignore."""
    for node in model.nodes.values():
        for message in [*event_problems(model, node), *activity_problems(model, node), *loop_problems(node)]:
            yield not_executable(node.id, message)
    for element, text in texts(model):
        if (unreadable := problem_in(text)) is not None:
            yield not_executable(element, unreadable)


def place_of(model: Model, node: Node) -> str | None:
    """Give the place of an event in the standard's table; None for what is no event."""
    if node.kind != "startEvent":
        return PLACES.get(node.kind)
    parent = model.nodes.get(node.parent or "")
    if parent is None or parent.kind == "process":
        return "start"
    return "event sub-process start" if parent.event_sub else "sub-process start"


def event_problems(model: Model, node: Node) -> Iterator[str]:
    """Give what is wrong with the event definitions of an event."""
    place, kinds = place_of(model, node), {t.kind for t in node.triggers}
    if place is None:
        return
    if kinds - ALLOWED[place]:
        yield f"An event of the kind {', '.join(sorted(kinds - ALLOWED[place]))} isn't possible at a {place}."
    if place in WAITING and not kinds:
        yield f"The {place} event doesn't say what it waits for."
    if place in ("event sub-process start", "boundary") and not node.interrupting and kinds & INTERRUPT_ALWAYS:
        yield "This kind of event always interrupts."
    if node.kind == "boundaryEvent" and node.attached_to not in model.nodes:
        yield "The boundary event isn't attached to anything."
    elif node.kind == "boundaryEvent" and model.nodes[node.attached_to or ""].kind not in ACTIVITIES:
        yield "A boundary event sits on an activity."
    if node.all_triggers and kinds - CATCHABLE:
        yield "A parallel multiple event waits for messages, signals, timers and conditions only."
    yield from trigger_problems(node)


def trigger_problems(node: Node) -> Iterator[str]:
    """Give what is missing in single event definitions."""
    for trigger in node.triggers:
        if trigger.kind == "timer" and not trigger.text:
            yield "The timer says no time."
        if trigger.kind == "conditional" and not trigger.text:
            yield "The event has no condition."


def activity_problems(model: Model, node: Node) -> Iterator[str]:
    """Give what is wrong with quantities and bodies of activities."""
    if node.start_quantity < 1 or node.completion_quantity < 1:
        yield "Start and completion quantities are 1 or more."
    if node.instantiate and node.kind == "receiveTask" and node.incoming:
        yield "A receive task that starts the process has no incoming flow."
    if node.event_sub and len([m for m in node.members if model.nodes[m].kind == "startEvent"]) != 1:
        yield "An event sub-process has exactly one start event."
    if node.compensation and node.kind not in ACTIVITIES:
        yield "Only an activity compensates."
    for store in node.stores:
        yield f"The data store {store} is no register; say which one it is with radnice:register."


def loop_problems(node: Node) -> Iterator[str]:
    """Give what is missing in a loop marker."""
    loop = node.loop
    if loop is None or loop.kind == "standard":
        return
    if not loop.cardinality and not loop.collection:
        yield "A multi-instance activity says how many items there are, or over what."
    if loop.behaviour in ("None", "One") and loop.throws is None:
        yield "This multi-instance behaviour needs an event."


def texts(model: Model) -> Iterator[tuple[str, str]]:
    """Give every text that is Starlark for certain, with its element."""
    for node in model.nodes.values():
        for text in node_texts(node):
            if text:
                yield node.id, text
    for flow in model.flows.values():
        if flow.condition:
            yield flow.id, flow.condition


def node_texts(node: Node) -> Iterator[str | None]:
    """Give the Starlark texts of one node."""
    yield from (node.script, node.before, node.after, node.activation, node.completion)
    yield from (t.text for t in node.triggers if t.kind == "conditional")
    if node.loop:
        yield from (node.loop.condition, node.loop.cardinality, node.loop.collection)
    yield from (*node.correlation.values(), *node.keys.values())
    yield from node.payload.values()
    yield from (text for _, text in [*node.inputs, *node.outputs])
    yield from (text[1:] for _, text in [*node.takes, *node.gives] if text.startswith("="))
    for read in node.reads:
        yield from (read.text, read.key, read.where)
    for write in node.writes:
        yield from (write.key, *(text for _, text in write.fields))
        yield write.text[1:] if write.text and write.text.startswith("=") else None
    if node.connector:
        yield from node.connector.parameters.values()
    if node.human:
        yield from (node.human.assignee, node.human.candidates, node.human.subject)
