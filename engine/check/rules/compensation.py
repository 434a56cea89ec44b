"""Compensation: an event at the boundary, joined by an association with the activity that undoes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import ACTIVITIES


@rule(
    "compensation",
    flows=(
        "Z události odčinění vede vazba (association), ne spojnice.",
        "A compensation event is joined by an association, not by a sequence flow.",
    ),
    no_handler=(
        "K události odčinění chybí činnost, která odčiňuje; spojte je vazbou (association).",
        "The compensation event has no activity that undoes; join the two by an association.",
    ),
    not_marked=(
        'Činnost {handler}, která odčiňuje, musí mít isForCompensation="true".',
        'The activity {handler}, which undoes, needs isForCompensation="true".',
    ),
    orphan=(
        "K činnosti, která odčiňuje, nevede žádná událost odčinění.",
        "No compensation event leads to this activity that undoes.",
    ),
)
def compensation(subject: Subject) -> Iterator[Found]:
    """Find compensation events and activities that don't belong together."""
    handlers = {n.handler for n in subject.nodes()}
    for node, _ in subject.triggers("compensate"):
        if node.kind != "boundaryEvent":
            continue
        handler = subject.node(node.handler)
        if node.outgoing:
            yield found("flows", node.id)
        if handler is None:
            yield found("no_handler", node.id)
        elif not handler.compensation:
            yield found("not_marked", node.id, handler=handler.id)
    for node in subject.nodes(*ACTIVITIES):
        if node.compensation and not node.event_sub and node.id not in handlers:
            yield found("orphan", node.id)
