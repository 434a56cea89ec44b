"""What sequence flows may leave and reach."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import Node


@rule(
    "flow-ends",
    mend=(
        "Přepojte nebo smažte spojnici, mezi bazény použijte tok zpráv.",
        "Redraw or delete the flow; between pools use a message flow.",
    ),
    into_start=("Do začátku nevede žádná spojnice.", "Nothing flows into a start event."),
    out_of_end=("Z konce nevede žádná spojnice.", "Nothing flows out of an end event."),
    into_boundary=("Do události na okraji nevede žádná spojnice.", "Nothing flows into a boundary event."),
    from_boundary=(
        "Z události na okraji nic nevede; připojte k ní, co se má stát.",
        "Nothing flows out of the boundary event; connect what is to happen.",
    ),
    aside=(
        "Událostní podproces a odčinění stojí stranou, spojnice do nich ani z nich nevedou.",
        "An event sub-process and a compensation activity stand aside: nothing flows into them or out of them.",
    ),
    across=(
        "Spojnice vede přes hranici podprocesu nebo procesu; mezi účastníky patří tok zpráv.",
        "The sequence flow leaves its process or sub-process; between pools use a message flow.",
    ),
)
def flow_ends(subject: Subject) -> Iterator[Found]:
    """Find flows where none may be, and boundary events without one."""
    for node in subject.nodes():
        yield from _of_node(node)
    for flow in subject.flows():
        source, target = subject.node(flow.source), subject.node(flow.target)
        if source and target and source.parent != target.parent:
            yield found("across", flow.id)


def _of_node(node: Node) -> Iterator[Found]:
    if node.kind == "startEvent" and node.incoming:
        yield found("into_start", node.id)
    if node.kind == "endEvent" and node.outgoing:
        yield found("out_of_end", node.id)
    if node.kind == "boundaryEvent" and node.incoming:
        yield found("into_boundary", node.id)
    compensates = any(t.kind == "compensate" for t in node.triggers)
    if node.kind == "boundaryEvent" and not node.outgoing and not compensates:
        yield found("from_boundary", node.id)
    if (node.event_sub or node.compensation) and (node.incoming or node.outgoing):
        yield found("aside", node.id)
