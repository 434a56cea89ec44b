"""Where texts stand in a diagram, what they read, and what can set a variable."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from engine import calendar
from engine.check.subject import Subject
from engine.diagram import Model, Node
from engine.expressions import FUNCTIONS, read

#: What every text may use without anybody setting it.
ALWAYS_KNOWN = frozenset(
    {
        *("loopCounter", "activationCount", "waitingForStart", "numberOfInstances", "numberOfActiveInstances"),
        *("numberOfCompletedInstances", "numberOfTerminatedInstances"),
    }
)
#: Nodes whose work may give variables of any name.
OPEN_GIVERS = frozenset({"userTask", "manualTask", "task", "serviceTask", "businessRuleTask", "receiveTask"})


@dataclass(frozen=True)
class Text:
    """A Starlark text of a diagram."""

    #: The element a problem is shown at.
    element: str
    #: The node in whose place it runs; for a condition the source of the flow.
    node: str
    text: str
    #: script, condition, value or timer
    kind: str

    def reads(self) -> frozenset[str]:
        """Give the variables it needs; what it sets itself and asks for by value_of() is not among them."""
        reading = read(self.text)
        own = reading.assigns if self.kind == "script" else frozenset()
        return frozenset(n for n in reading.reads - own if n not in FUNCTIONS and n not in ALWAYS_KNOWN)


def texts(model: Model) -> Iterator[Text]:
    """Give every Starlark text of a model."""
    for node in model.nodes.values():
        for kind, text in _of_node(node):
            if text and text.strip():
                yield Text(node.id, node.id, text, kind)
    for flow in model.flows.values():
        if flow.condition and flow.condition.strip():
            yield Text(flow.id, flow.source, flow.condition, "condition")


def _of_node(node: Node) -> Iterator[tuple[str, str | None]]:
    yield from (("script", text) for text in (node.script, node.before, node.after))
    yield from (("condition", text) for text in (node.activation, node.completion))
    for trigger in node.triggers:
        if trigger.kind == "conditional":
            yield "condition", trigger.text
        if trigger.kind == "timer" and trigger.text and not calendar.is_time_text(trigger.text):
            yield "timer", trigger.text
    if node.loop:
        yield "condition", node.loop.condition
        yield from (("value", text) for text in (node.loop.cardinality, node.loop.collection))
        yield from (("condition", text) for text, _ in node.loop.complex)
    yield from (("value", text) for text in _values(node))


def _values(node: Node) -> Iterator[str | None]:
    if not catches(node):
        yield from node.payload.values()
    yield from node.correlation.values()
    yield from (text for _, text in node.inputs)
    yield from (text for _, text in node.outputs)
    for one in node.reads:
        yield from (one.key, one.where)
    for saved in node.writes:
        yield from (saved.key, *(text for _, text in saved.fields))
        yield saved.text.removeprefix("=") if saved.text else None
    if node.connector:
        yield from node.connector.parameters.values()
    if node.human:
        yield from (node.human.form_from, node.human.assignee, node.human.candidates, node.human.subject)
        if node.human.due and not calendar.is_time_text(node.human.due):
            yield node.human.due


def given_by(node: Node, subject: Subject) -> frozenset[str] | None:
    """Give the variables that may be set once a node is done; None = of any name."""
    names: set[str] = set()
    for text in (node.script, node.before, node.after):
        if text:
            names |= read(text).assigns
    if node.loop:
        names |= {n for n in (node.loop.output, node.loop.output_item, node.loop.item) if n}
    names |= {name for name, _ in [*node.outputs, *node.gives, *node.takes]} | {one.name for one in node.reads}
    for more in (_of_form(node, subject), _of_work(node, subject), _of_message(node)):
        if more is None:
            return None
        names |= more
    return frozenset(names)


def _of_form(node: Node, subject: Subject) -> frozenset[str] | None:
    forms = [node.human.form if node.human else None, node.start.form if node.start else None]
    forms.append(node.offer.form if node.offer else None)
    names: set[str] = set()
    for form in forms:
        if form:
            known = (subject.surroundings.forms or {}).get(form)
            if known is None:
                return None
            names |= set(known.properties)
    return frozenset(names)


def _of_work(node: Node, subject: Subject) -> frozenset[str] | None:
    if node.kind == "callActivity":
        return frozenset() if node.outputs else None
    if node.connector:
        return frozenset({node.connector.result}) if node.connector.result else None
    if node.decision:
        if node.decision.result:
            return frozenset({node.decision.result})
        return (subject.surroundings.decisions or {}).get(node.decision.ref)
    chosen = node.human is not None and node.human.form_from
    without_form = node.kind in OPEN_GIVERS and (chosen or not (node.human and node.human.form))
    return None if without_form else frozenset()


def catches(node: Node) -> bool:
    """Say whether a node waits for events; its payload texts then read what comes, not variables."""
    return node.kind in ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")


def _of_message(node: Node) -> frozenset[str] | None:
    if not catches(node) or not any(t.kind in ("message", "signal") for t in node.triggers):
        return frozenset()
    if node.offer and node.offer.form and not node.payload:
        return frozenset()
    return frozenset(node.payload) if node.payload else None


def givers(subject: Subject) -> frozenset[str] | None:
    """Give every variable that something in the file may set; None when something may set any."""
    names = set(subject.surroundings.variables)
    for node in subject.nodes():
        names |= set(node.local)
        given = given_by(node, subject)
        if given is None:
            return None
        names |= given
    return frozenset(names)


def assigned_names(subject: Subject) -> frozenset[str]:
    """Give what scripts, actions, decisions, calls and loops set, in contrast to forms."""
    names: set[str] = set()
    for node in subject.nodes():
        names |= {n for text in (node.script, node.before, node.after) if text for n in read(text).assigns}
        names |= {name for name, _ in [*node.outputs, *node.gives]}
        names |= {c.result for c in (node.connector, node.decision) if c is not None and c.result}
        names |= {n for n in ((node.loop.output, node.loop.item) if node.loop else ()) if n}
    return frozenset(names)


def literal_text(text: str) -> str | None:
    """Give the text that a Starlark text is, when it is a plain literal; None when it has to be worked out."""
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None
    return value if isinstance(value, str) else None
