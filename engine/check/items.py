"""Item definitions: which kind of thing a piece of data or a message is."""

from __future__ import annotations

from engine.check.subject import Element, Subject, children, texts
from engine.reading.xml import flag, local, plain


class Items:
    """The item definitions of a file."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def of(self, element: Element | None) -> Element | None:
        """Give the item definition of a piece of data or of a message."""
        if element is None:
            return None
        target = plain(element.get("itemSubjectRef") or element.get("itemRef"))
        item = self.subject.by_id.get(target or "")
        return item if item is not None and local(item) == "itemDefinition" else None

    def same(self, one: Element | None, other: Element | None) -> bool:
        """Say whether two pieces of data or messages are of the same kind; what declares none is of any."""
        first, second = self.of(one), self.of(other)
        if first is None or second is None or first is second:
            return True
        structure = first.get("structureRef")
        alike = structure is not None and structure == second.get("structureRef")
        return alike and flag(first, "isCollection") == flag(second, "isCollection")

    def message(self, operation: Element | None, tag: str) -> Element | None:
        """Give the message that goes into or out of an operation."""
        names = texts(operation, tag) if operation is not None else []
        return self.subject.by_id.get(plain(names[0]) or "") if names else None


def data_of(activity: Element, tag: str) -> list[Element]:
    """Give the data inputs or outputs of an activity or process."""
    return [data for spec in children(activity, "ioSpecification") for data in children(spec, tag)]
