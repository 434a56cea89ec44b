"""References lead to an element of the right kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, holder
from engine.reading.xml import local

#: Attribute → kinds of elements it may lead to; an empty set is any kind.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "messageRef": frozenset({"message"}),
    "signalRef": frozenset({"signal"}),
    "errorRef": frozenset({"error"}),
    "escalationRef": frozenset({"escalation"}),
    "dataObjectRef": frozenset({"dataObject"}),
    "dataStoreRef": frozenset({"dataStore"}),
    "itemSubjectRef": frozenset({"itemDefinition"}),
    "itemRef": frozenset({"itemDefinition"}),
    "activityRef": frozenset(),
    "attachedToRef": frozenset(),
    "processRef": frozenset({"process"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "correlationKeyRef": frozenset({"correlationKey"}),
    "noneBehaviorEventRef": frozenset(),
    "oneBehaviorEventRef": frozenset(),
    "sourceRef": frozenset(),
    "targetRef": frozenset(),
}


@rule(
    "references-lead-somewhere",
    missing=(
        "Odkaz {attribute} vede na {target}, který v souboru není.",
        "The reference {attribute} leads to {target}, which is not in the file.",
    ),
    wrong=(
        "Odkaz {attribute} vede na {target}, což je prvek jiného druhu ({kind}).",
        "The reference {attribute} leads to {target}, which is an element of another kind ({kind}).",
    ),
)
def references(subject: Subject) -> Iterator[Found]:
    """Find references that lead nowhere or to something else."""
    for element in subject.elements():
        for attribute, kinds in ATTRIBUTES.items():
            target = element.get(attribute)
            if target and ":" not in target:
                yield from _judged(subject, element, attribute, target, kinds)


def _judged(subject: Subject, element: Element, attribute: str, target: str, kinds: frozenset[str]) -> Iterator[Found]:
    other = subject.by_id.get(target)
    if other is None:
        yield found("missing", holder(element), attribute=attribute, target=target)
    elif kinds and local(other) not in kinds:
        yield found("wrong", holder(element), attribute=attribute, target=target, kind=local(other))
