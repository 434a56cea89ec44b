"""Elements in the radnice namespace are known, with known attributes: a slip of the pen is not left unsaid."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Element, Subject, holder
from engine.reading.xml import RADNICE, local

ATTRIBUTES: dict[str, frozenset[str]] = {
    "task": frozenset(
        {
            *(
                "form",
                "formFrom",
                "group",
                "due",
                "audience",
                "subject",
                "assignee",
                "candidates",
                "differsFrom",
                "comments",
            ),
            *("priority", "prefill"),
        }
    ),
    "public": frozenset({"station", "usual"}),
    "connector": frozenset({"name", "result"}),
    "parameter": frozenset({"name"}),
    "decision": frozenset({"ref", "result"}),
    "start": frozenset({"form", "audience", "group"}),
    "correlation": frozenset({"key"}),
    "payload": frozenset({"name"}),
    "offer": frozenset({"label", "audience", "form", "group"}),
    "input": frozenset({"name"}),
    "output": frozenset({"name"}),
}


@rule(
    "extensions",
    "warning",
    mend=(
        "Opravte překlep; docs/authoring.md uvádí všechny prvky a atributy.",
        "Correct the slip; docs/authoring.md lists all elements and attributes.",
    ),
    element=("Prvek radnice:{name} neznáme.", "There is no element radnice:{name}."),
    attribute=(
        "Prvek radnice:{name} nemá atribut {attribute}.",
        "The element radnice:{name} has no attribute {attribute}.",
    ),
)
def extensions(subject: Subject) -> Iterator[Found]:
    """Find extension elements and attributes that mean nothing."""
    for element in subject.root.iter(RADNICE + "*"):
        yield from _judged(element)


def _judged(element: Element) -> Iterator[Found]:
    name = local(element)
    if name not in ATTRIBUTES:
        yield found("element", holder(element), name=name)
        return
    for attribute in element.attrib:
        if str(attribute) not in ATTRIBUTES[name]:
            yield found("attribute", holder(element), name=name, attribute=attribute)
