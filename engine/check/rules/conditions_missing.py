"""Where a case goes one of several ways, each way but the default one says when."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "conditions-missing",
    "warning",
    mend=(
        "Doplňte podmínku, nebo cestu označte jako výchozí.",
        "Add a condition or mark the way as the default.",
    ),
    missing=(
        "Z brány vede víc cest, ale tato nemá podmínku ani není výchozí; ostatní za ní nikdy nepřijdou na řadu.",
        "Several ways lead from the gateway, yet this one has no condition and is no default; those after it "
        "never get their turn.",
    ),
)
def conditions_missing(subject: Subject) -> Iterator[Found]:
    """Find unconditional flows of exclusive gateways that split."""
    for node in subject.nodes("exclusiveGateway"):
        if len(node.outgoing) > 1:
            for flow in node.outgoing:
                if flow.condition is None and flow.id != node.default:
                    yield found("missing", flow.id)
