"""Loop markers: standard loop and multi-instance."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram import Loop, Trigger
from engine.reading.data import variable_of
from engine.reading.events import EventReader
from engine.reading.xml import Element, children, flag, plain, text_of, whole

BEHAVIOUR_EVENTS = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}


def read_loop(element: Element, by_id: Mapping[str, Element], events: EventReader) -> Loop | None:
    """Read the loop marker of an activity; None where it has none."""
    for found in children(element, "standardLoopCharacteristics"):
        maximum = whole(found, "loopMaximum", 0) if found.get("loopMaximum") else None
        return Loop("standard", text_of(found, "loopCondition"), maximum, flag(found, "testBefore"))
    for found in children(element, "multiInstanceLoopCharacteristics"):
        return multi_instance(found, by_id, events)
    return None


def multi_instance(element: Element, by_id: Mapping[str, Element], events: EventReader) -> Loop:
    """Read how many items there are, over what, and what becomes of their results."""
    behaviour = element.get("behavior", "All")
    return Loop(
        kind="sequential" if flag(element, "isSequential") else "parallel",
        condition=text_of(element, "completionCondition"),
        cardinality=text_of(element, "loopCardinality"),
        collection=variable_of(text_of(element, "loopDataInputRef"), by_id),
        output=variable_of(text_of(element, "loopDataOutputRef"), by_id),
        item=item_name(element, "inputDataItem"),
        output_item=item_name(element, "outputDataItem"),
        behaviour=behaviour,
        throws=behaviour_event(element, behaviour, by_id, events),
        complex=[complex_behaviour(entry, events) for entry in children(element, "complexBehaviorDefinition")],
    )


def item_name(element: Element, tag: str) -> str | None:
    """Give the variable that stands for one item."""
    for item in children(element, tag):
        return item.get("name") or item.get("id")
    return None


def behaviour_event(
    element: Element, behaviour: str, by_id: Mapping[str, Element], events: EventReader
) -> Trigger | None:
    """Read the event that the activity throws by itself when an item is done."""
    target = by_id.get(plain(element.get(BEHAVIOUR_EVENTS.get(behaviour, "none"))) or "")
    return events.trigger(target) if target is not None else None


def complex_behaviour(entry: Element, events: EventReader) -> tuple[str | None, Trigger | None]:
    """Read one condition and the event thrown when it holds."""
    thrown = [trigger for event in children(entry, "event") for trigger in events.triggers(event)]
    return text_of(entry, "condition"), thrown[0] if thrown else None
