"""Every flow node is joined to the others, and bodies with a start have an end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import BODIES, Node


@rule(
    "everything-connected",
    mend=(
        "Připojte prvek spojnicí, nebo jej smažte.",
        "Connect the element with a flow or delete it.",
    ),
    start_and_end=(
        "Proces nebo podproces má mít začátek i konec, nebo ani jedno.",
        "A process or sub-process has both start and end events, or neither.",
    ),
    no_way_in=(
        "Sem nic nevede, a přitom proces začíná jinde; připojte prvek, nebo jej smažte.",
        "Nothing leads here although the process begins elsewhere; connect the element or delete it.",
    ),
    no_way_out=(
        "Odtud nic nevede, a přitom proces končí jinde; připojte prvek ke konci.",
        "Nothing leads away from here although the process ends elsewhere; connect the element to an end.",
    ),
)
def connected(subject: Subject) -> Iterator[Found]:
    """Find what hangs loose."""
    for body in subject.nodes(*BODIES):
        members = [subject.model.nodes[m] for m in body.members if m in subject.model.nodes]
        start = any(n.kind == "startEvent" for n in members)
        begins = start or any(n.instantiate for n in members)
        ends = any(n.kind == "endEvent" for n in members)
        if ((start and not ends) or (ends and not begins)) and body.kind != "adHocSubProcess":
            yield found("start_and_end", body.id)
        for node in members:
            if not _stands_aside(node):
                yield from _loose(node, begins, ends)


def _loose(node: Node, begins: bool, ends: bool) -> Iterator[Found]:
    enters = node.kind == "startEvent" or node.instantiate
    passes = node.kind in ("intermediateThrowEvent", "intermediateCatchEvent")
    if (begins or passes) and not node.incoming and not enters:
        yield found("no_way_in", node.id)
    if (ends or passes or node.kind == "startEvent") and not node.outgoing and node.kind != "endEvent":
        yield found("no_way_out", node.id)


def _stands_aside(node: Node) -> bool:
    return (
        node.kind == "boundaryEvent"
        or node.event_sub
        or node.compensation
        or any(t.kind == "link" for t in node.triggers)
    )
