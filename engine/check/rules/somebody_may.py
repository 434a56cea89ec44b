"""Every task of a person has somebody who may do it, and four eyes are two pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.check.order import MOST_NODES, before
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import HUMAN, HumanWork, Node


@rule(
    "somebody-may",
    mend=(
        "Vyplňte u úkolu group, assignee nebo candidates, u čtyř očí jiný úkol.",
        "Give the task a group, assignee or candidates; for four eyes name another task.",
    ),
    nobody=(
        "Úkol nemá skupinu ani řešitele, takže ho nikdo neuvidí; doplňte group.",
        "The task has neither a group nor an assignee, so nobody will see it; add a group.",
    ),
    no_other=(
        "Úkol má dělat někdo jiný než {other}, ale takový úkol tu není.",
        "The task must be done by somebody else than {other}, but there is no such task.",
    ),
    same_person=(
        "Úkol má dělat někdo jiný než {other}, ale oba má týž člověk ({who}).",
        "The task must be done by somebody else than {other}, but both are the same person's ({who}).",
    ),
    not_before=(
        "Úkol má dělat někdo jiný než {other}, ale ten úkol před ním nikdy není.",
        "The task must be done by somebody else than {other}, but that task never comes before.",
    ),
    himself=(
        "Úkol se nemůže lišit řešitelem sám od sebe.",
        "A task can't be done by somebody else than itself.",
    ),
)
def somebody_may(subject: Subject) -> Iterator[Found]:
    """Find tasks that nobody can take. Without known groups a rough drawing is left in peace."""
    if subject.surroundings.groups is None:
        return
    for node in subject.nodes(*HUMAN):
        yield from _of_task(subject, node)


def _of_task(subject: Subject, node: Node) -> Iterator[Found]:
    human = node.human
    if human is None:
        return
    if human.audience == "staff" and not (human.group or human.assignee or human.candidates):
        yield found("nobody", node.id)
    if human.differs_from:
        other = subject.node(human.differs_from)
        if other is None or other.kind not in HUMAN:
            yield found("no_other", node.id, other=human.differs_from)
        elif other.id == node.id and node.loop is None:
            yield found("himself", node.id)
        else:
            yield from _four_eyes(subject, node, human, other)


def _four_eyes(subject: Subject, node: Node, human: HumanWork, other: Node) -> Iterator[Found]:
    """Find a second pair of eyes that can only be the first one's."""
    told = other.name or other.id
    who = only_person(human)
    if who is not None and other.human is not None and only_person(other.human) == who:
        yield found("same_person", node.id, other=told, who=who)
    if (
        other.id != node.id
        and len(subject.model.nodes) <= MOST_NODES
        and other.id not in before(subject.model, node.id)
    ):
        yield replace(found("not_before", node.id, other=told), severity="warning")


def only_person(human: HumanWork) -> str | None:
    """Give the text of the one person who may do a task; None where several may."""
    return human.assignee.strip() if human.assignee and not (human.group or human.candidates) else None
