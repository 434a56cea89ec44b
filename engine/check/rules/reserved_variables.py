"""What every case is given stays what it was: scripts and forms call their variables something else."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import given_by


@rule(
    "reserved-variables",
    "warning",
    mend=(
        "Zvolte jiný název proměnné.",
        "Choose another name for the variable.",
    ),
    written=(
        "Proměnnou {name} dostává každý případ od úřadu; nazvěte svoji jinak.",
        "Every case gets {name} from the office; call the variable something else.",
    ),
)
def reserved_variables(subject: Subject) -> Iterator[Found]:
    """Find nodes that write what the office gives."""
    for node in subject.nodes():
        for name in sorted((given_by(node, subject) or frozenset()) & subject.surroundings.variables):
            yield found("written", node.id, name=name)
