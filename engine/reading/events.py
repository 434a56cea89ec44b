"""Event definitions: what an event waits for or throws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.diagram import Trigger
from engine.reading.registries import Registries
from engine.reading.xml import Element, content, flag, is_bpmn, local, plain, text_of

NAMED = frozenset({"message", "signal", "error", "escalation"})
CODED = frozenset({"error", "escalation"})


class EventReader:
    """Reads triggers; knows what references in the file lead to."""

    def __init__(self, by_id: Mapping[str, Element], registries: Registries) -> None:
        self.by_id = by_id
        self.registries = registries

    def triggers(self, element: Element) -> list[Trigger]:
        """Read all event definitions of an event, its own ones and those it refers to."""
        return [self.trigger(found) for found in self.definitions(element)]

    def definitions(self, element: Element) -> Iterator[Element]:
        """Give the event definition elements of an event."""
        for child in element:
            if not is_bpmn(child):
                continue
            if local(child) == "eventDefinitionRef":
                target = self.by_id.get(plain(content(child)) or "")
                if target is not None:
                    yield target
            elif local(child).endswith("EventDefinition"):
                yield child

    def trigger(self, element: Element) -> Trigger:
        """Read one event definition."""
        kind = local(element).removesuffix("EventDefinition")
        if kind in NAMED:
            return self.named(kind, plain(element.get(kind + "Ref")))
        trigger = Trigger(kind, ref=element.get("id"))
        DETAILS.get(kind, nothing_more)(trigger, element)
        return trigger

    def named(self, kind: str, reference: str | None) -> Trigger:
        """Give a trigger known by the name or code of the element it refers to."""
        trigger = Trigger(kind, self.registries.name(kind, reference) if reference else None, ref=reference)
        trigger.takes_all = kind in CODED and (reference is None or reference in self.registries.codeless)
        return trigger


def nothing_more(trigger: Trigger, element: Element) -> None:
    """Terminate and cancel have no details."""


def timer(trigger: Trigger, element: Element) -> None:
    """Take the kind and the text of a timer."""
    for child in element:
        if is_bpmn(child) and local(child).startswith("time"):
            trigger.timer, trigger.text = local(child), content(child)


def conditional(trigger: Trigger, element: Element) -> None:
    """Take the condition."""
    trigger.text = text_of(element, "condition")


def compensate(trigger: Trigger, element: Element) -> None:
    """Take what is to be undone; None is everything done so far in the scope."""
    trigger.name = plain(element.get("activityRef"))
    trigger.wait = flag(element, "waitForCompletion", True)


def link(trigger: Trigger, element: Element) -> None:
    """Take the name that pairs a link."""
    trigger.name = element.get("name")


DETAILS: dict[str, Callable[[Trigger, Element], None]] = {
    "timer": timer,
    "conditional": conditional,
    "compensate": compensate,
    "link": link,
}
