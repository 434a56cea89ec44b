"""Compensation: an event at the boundary, joined by an association with the activity that undoes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import ACTIVITIES, Node


@rule(
    "compensation",
    mend=(
        "Spojte událost na okraji asociací s činností označenou isForCompensation.",
        "Join the boundary event by an association with an activity marked isForCompensation.",
    ),
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
    nothing_to_undo=(
        "Činnost {activity} nemá nic, co by ji odčinilo.",
        "The activity {activity} has nothing that undoes it.",
    ),
    not_seen=(
        "Činnost {activity} odsud vidět není: odčinit lze jen činnost z téhož podprocesu nebo z toho, co je kolem něj.",
        "The activity {activity} can't be seen from here: only one of the same body, or around it, is undone.",
    ),
    orphan=(
        "K činnosti, která odčiňuje, nevede žádná událost odčinění.",
        "No compensation event leads to this activity that undoes.",
    ),
)
def compensation(subject: Subject) -> Iterator[Found]:
    """Find compensation events and activities that don't belong together."""
    for node, trigger in subject.triggers("compensate"):
        if node.kind == "boundaryEvent":
            yield from _boundary(subject, node)
            continue
        activity = subject.node(trigger.name)
        if activity is not None and activity.parent not in _bodies_around(subject, node):
            yield found("not_seen", node.id, activity=activity.id)
        elif activity is not None and not _can_be_undone(subject, activity):
            yield found("nothing_to_undo", node.id, activity=activity.id)
    handlers = {n.handler for n in subject.nodes()}
    for node in subject.nodes(*ACTIVITIES):
        if node.compensation and not node.event_sub and node.id not in handlers:
            yield found("orphan", node.id)


def _boundary(subject: Subject, node: Node) -> Iterator[Found]:
    handler = subject.node(node.handler)
    if node.outgoing:
        yield found("flows", node.id)
    if handler is None:
        yield found("no_handler", node.id)
    elif not handler.compensation:
        yield found("not_marked", node.id, handler=handler.id)


def _bodies_around(subject: Subject, node: Node) -> Iterator[str | None]:
    """Give the bodies in which a node lies, the nearest first."""
    body = subject.node(node.parent)
    while body is not None:
        yield body.id
        body = subject.node(body.parent)


def _can_be_undone(subject: Subject, activity: Node) -> bool:
    """Say whether an activity, or something inside it, has a compensation handler."""
    inside = [subject.model.nodes[i] for i in [*activity.boundaries, *activity.members] if i in subject.model.nodes]
    if activity.compensation or any(t.kind == "compensate" for n in inside for t in n.triggers):
        return True
    return activity.kind == "callActivity" or any(
        n.event_sub or _can_be_undone(subject, n) for n in inside if n.members or n.boundaries
    )
