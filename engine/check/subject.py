"""What a rule looks at: one BPMN file, read twice, as XML and as a Model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.check.surroundings import Surroundings
from engine.diagram import Flow, Model, Node, Trigger
from engine.reading.xml import BPMN, local

Element = etree._Element
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True)
class Subject:
    """One BPMN file."""

    model: Model
    root: Element
    surroundings: Surroundings = field(default_factory=Surroundings)

    def elements(self, *tags: str) -> Iterator[Element]:
        """Give the BPMN elements of these names; without names all of them."""
        names = [BPMN + tag for tag in tags] or [BPMN + "*"]
        yield from self.root.iter(*names)

    @cached_property
    def by_id(self) -> dict[str, Element]:
        """Every element that has an id; the first one where an id repeats."""
        found: dict[str, Element] = {}
        for element in self.root.iter("{*}*"):
            if element.get("id"):
                found.setdefault(str(element.get("id")), element)
        return found

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """Give the nodes of these kinds; without kinds all of them."""
        return (n for n in self.model.nodes.values() if not kinds or n.kind in kinds)

    def node(self, identifier: str | None) -> Node | None:
        """Give a node by id."""
        return self.model.nodes.get(identifier) if identifier else None

    def triggers(self, kind: str) -> Iterator[tuple[Node, Trigger]]:
        """Give the event definitions of one kind with their nodes."""
        return ((n, t) for n in self.model.nodes.values() for t in n.triggers if t.kind == kind)

    def flows(self) -> Iterator[Flow]:
        """Give the sequence flows."""
        return iter(self.model.flows.values())

    def is_executable(self, element: Element) -> bool:
        """Say whether an element lies in a process that is meant to run."""
        process = next((e for e in [element, *element.iterancestors()] if local(e) == "process"), None)
        return process is not None and process.get("isExecutable") in ("true", "1")


def holder(element: Element) -> str | None:
    """Give the id of the element or of the nearest one around it that has one."""
    found: Element | None = element
    while found is not None and not found.get("id"):
        found = found.getparent()
    return found.get("id") if found is not None else None


def children(element: Element, *tags: str) -> Iterator[Element]:
    """Give BPMN children of these names."""
    return element.iterchildren(*(BPMN + tag for tag in tags))


def texts(element: Element, tag: str) -> list[str]:
    """Give the texts of the BPMN children of one name."""
    return [(child.text or "").strip() for child in children(element, tag)]
