"""Cancel events belong to transactions."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import Node


@rule(
    "cancel-belongs-to-transactions",
    mend=(
        "Změňte podproces na transakci, nebo použijte chybu či ukončení.",
        "Turn the sub-process into a transaction, or use an error or a terminate event.",
    ),
    boundary=(
        "Událost zrušení může být jen na okraji transakce.",
        "A cancel event sits only on the boundary of a transaction.",
    ),
    end=(
        "Koncem se zrušením může končit jen transakce.",
        "A cancel end event ends only a transaction.",
    ),
)
def cancel_in_transactions(subject: Subject) -> Iterator[Found]:
    """Find cancel events outside of transactions."""
    for node, _ in subject.triggers("cancel"):
        host = subject.node(node.attached_to)
        if node.kind == "boundaryEvent" and host is not None and host.kind != "transaction":
            yield found("boundary", node.id)
        if node.kind == "endEvent" and not _inside_transaction(subject, node):
            yield found("end", node.id)


def _inside_transaction(subject: Subject, node: Node) -> bool:
    body = subject.node(node.parent)
    while body is not None and body.kind != "transaction":
        body = subject.node(body.parent)
    return body is not None
