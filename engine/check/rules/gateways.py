"""Gateways split or join, as their direction says."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import GATEWAYS, Node


@rule(
    "gateways",
    mend=(
        "Opravte směr brány, nebo přidejte či odeberte cestu.",
        "Correct the direction of the gateway, or add or remove a way.",
    ),
    direction=(
        "Počet spojnic neodpovídá směru {direction}: vede sem {into}, odtud {out}.",
        "The flows do not fit the direction {direction}: {into} in, {out} out.",
    ),
    neither=(
        "Brána nic nerozděluje ani nespojuje; má mít víc spojnic na jedné straně.",
        "The gateway neither splits nor joins; it needs several flows on one side.",
    ),
    default=("Tato brána nemá výchozí spojnici.", "This gateway has no default flow."),
)
def gateways(subject: Subject) -> Iterator[Found]:
    """Find gateways whose flows don't fit them."""
    for node in subject.nodes(*GATEWAYS):
        element = subject.by_id.get(node.id)
        direction = element.get("gatewayDirection") if element is not None else None
        if not _fits(node, direction or "Unspecified"):
            yield found("direction", node.id, direction=direction, into=len(node.incoming), out=len(node.outgoing))
        if len(node.incoming) <= 1 and len(node.outgoing) <= 1:
            yield found("neither", node.id)
        if node.default and node.kind in ("parallelGateway", "eventBasedGateway"):
            yield found("default", node.id)


def _fits(node: Node, direction: str) -> bool:
    many_in, many_out = len(node.incoming) > 1, len(node.outgoing) > 1
    return {
        "Converging": many_in and not many_out,
        "Diverging": many_out and not many_in,
        "Mixed": many_in and many_out,
    }.get(direction, True)
