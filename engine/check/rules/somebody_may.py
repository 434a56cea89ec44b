"""Every task of a person has somebody who may do it, and four eyes are two pairs."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import HUMAN, Node


@rule(
    "somebody-may",
    nobody=(
        "Úkol nemá skupinu ani řešitele, takže ho nikdo neuvidí; doplňte group.",
        "The task has neither a group nor an assignee, so nobody will see it; add a group.",
    ),
    no_other=(
        "Úkol má dělat někdo jiný než {other}, ale takový úkol tu není.",
        "The task must be done by somebody else than {other}, but there is no such task.",
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
