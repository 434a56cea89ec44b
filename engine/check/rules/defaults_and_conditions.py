"""Default and conditional flows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import ACTIVITIES, EVENTS, Flow, Node


@rule(
    "defaults-and-conditions",
    mend=(
        "Nechte podmínky jen na cestách z bran a činností a výchozí cestu bez podmínky.",
        "Keep conditions on ways out of gateways and activities only, and the default without one.",
    ),
    foreign=("Výchozí spojnice {flow} odsud nevede.", "The default flow {flow} does not leave from here."),
    default=("Výchozí spojnice nemá podmínku.", "A default flow has no condition."),
    only=(
        "Podmíněná spojnice nesmí být z činnosti jediná; přidejte druhou, třeba výchozí.",
        "A conditional flow must not be the only one that leaves an activity; add another, such as a default.",
    ),
    empty=("Podmínka je prázdná.", "The condition is empty."),
    event=("Spojnice z události nemá podmínku.", "A flow from an event has no condition."),
    gateway=("Spojnice z této brány nemá podmínku.", "A flow from this gateway has no condition."),
)
def defaults_and_conditions(subject: Subject) -> Iterator[Found]:
    """Find defaults and conditions where they make no sense."""
    for node in subject.nodes():
        yield from _of_node(subject, node)
    for flow in subject.flows():
        yield from _of_flow(flow, subject.node(flow.source))


def _of_node(subject: Subject, node: Node) -> Iterator[Found]:
    if node.default and node.default not in {f.id for f in node.outgoing}:
        yield found("foreign", node.id, flow=node.default)
    default = subject.model.flows.get(node.default or "")
    if default is not None and default.condition:
        yield found("default", default.id)
    if node.kind in ACTIVITIES and len(node.outgoing) == 1 and node.outgoing[0].condition is not None:
        yield found("only", node.outgoing[0].id)


def _of_flow(flow: Flow, source: Node | None) -> Iterator[Found]:
    if flow.condition == "":
        yield found("empty", flow.id)
    if flow.condition is None or source is None:
        return
    if source.kind in EVENTS:
        yield found("event", flow.id)
    if source.kind == "parallelGateway":
        yield found("gateway", flow.id)
