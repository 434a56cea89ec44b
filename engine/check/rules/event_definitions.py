"""Event definitions that several events share stand at the top of the file."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Found, found, rule
from engine.check.subject import Subject, holder
from engine.reading.xml import content, plain


@rule(
    "event-definitions",
    mend=(
        "Dejte události vlastní definici, nebo sdílenou přesuňte do definitions.",
        "Give the event a definition of its own or move the shared one into definitions.",
    ),
    not_shared=(
        "Odkazuje na druh události {target}, který patří jiné události; sdílené stojí v definitions.",
        "It refers to the event definition {target}, which belongs to another event; shared ones stand in definitions.",
    ),
    missing=(
        "Odkazuje na druh události {target}, který v souboru není.",
        "It refers to the event definition {target}, which is not in the file.",
    ),
)
def event_definitions(subject: Subject) -> Iterator[Found]:
    """Find references to event definitions that are missing or private."""
    for reference in subject.elements("eventDefinitionRef"):
        target = plain(content(reference)) or ""
        element = subject.by_id.get(target)
        if element is None:
            yield found("missing", holder(reference), target=target)
        elif element.getparent() is not subject.root:
            yield found("not_shared", holder(reference), target=target)
