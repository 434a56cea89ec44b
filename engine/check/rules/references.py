"""References lead to an element of the right kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, holder
from engine.diagram import FLOW_NODES
from engine.reading.xml import content, local

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
    "operationRef": frozenset({"operation"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "inputDataRef": frozenset({"dataInput"}),
    "outputDataRef": frozenset({"dataOutput"}),
}
#: The same for references that are the text of an element.
TEXTS: dict[str, frozenset[str]] = {
    "sourceRef": frozenset(),
    "targetRef": frozenset(),
    "operationRef": frozenset({"operation"}),
    "inMessageRef": frozenset({"message"}),
    "outMessageRef": frozenset({"message"}),
    "supportedInterfaceRef": frozenset({"interface"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "flowNodeRef": FLOW_NODES,
    "participantRef": frozenset({"participant"}),
    "dataInputRefs": frozenset({"dataInput"}),
    "optionalInputRefs": frozenset({"dataInput"}),
    "whileExecutingInputRefs": frozenset({"dataInput"}),
    "outputSetRefs": frozenset({"outputSet"}),
    "dataOutputRefs": frozenset({"dataOutput"}),
    "optionalOutputRefs": frozenset({"dataOutput"}),
    "whileExecutingOutputRefs": frozenset({"dataOutput"}),
    "inputSetRefs": frozenset({"inputSet"}),
}


@rule(
    "references-lead-somewhere",
    mend=(
        "Opravte odkaz na id prvku správného druhu.",
        "Correct the reference to the id of an element of the right kind.",
    ),
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
            yield from _judged(subject, element, attribute, element.get(attribute), kinds)
    for element in subject.elements(*TEXTS):
        yield from _judged(subject, element, local(element), content(element), TEXTS[local(element)])


def _here(subject: Subject, element: Element, target: str) -> str | None:
    """Give a reference without its prefix; None when it leads into another file."""
    prefix, _, name = target.rpartition(":")
    own = subject.root.get("targetNamespace")
    return name if not prefix or element.nsmap.get(prefix) == own else None


def _judged(
    subject: Subject, element: Element, attribute: str, target: str | None, kinds: frozenset[str]
) -> Iterator[Found]:
    name = _here(subject, element, target) if target else None
    if name is None:
        return
    other = subject.by_id.get(name)
    if other is None:
        yield found("missing", holder(element), attribute=attribute, target=name)
    elif kinds and local(other) not in kinds:
        yield found("wrong", holder(element), attribute=attribute, target=name, kind=local(other))
