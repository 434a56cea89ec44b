"""An action gets the parameters it needs and no others."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject


@rule(
    "connector-parameters",
    mend=(
        "Opravte parametry akce podle docs/authoring.md.",
        "Put the parameters right; docs/authoring.md lists them.",
    ),
    missing=("Akci {action} chybí {names}.", "The action {action} lacks {names}."),
    unknown=("Akce {action} nezná {names}.", "The action {action} does not know {names}."),
)
def connector_parameters(subject: Subject) -> Iterator[Found]:
    """Find actions with missing or unknown parameters."""
    known = subject.surroundings.connectors or {}
    for node in subject.nodes():
        action = known.get(node.connector.name) if node.connector else None
        if node.connector is None or action is None:
            continue
        given = node.connector.parameters.keys()
        missing = sorted(action.required - given)
        unknown = [] if action.open else sorted(given - action.required - action.optional)
        if missing:
            yield found("missing", node.id, action=node.connector.name, names=", ".join(missing))
        if unknown:
            yield found("unknown", node.id, action=node.connector.name, names=", ".join(unknown))
