"""Data that an activity would wait for: nobody in a drawing fills it, so it is optional there."""

from __future__ import annotations

from engine.diagram import ACTIVITIES
from engine.reading.xml import BPMN, Element
from engine.sketch.paper import Paper


def mend_data(paper: Paper) -> None:
    """Let no activity wait for data objects."""
    for node in paper.nodes(*sorted(ACTIVITIES)):
        if any([_spare(one) for one in node.iterfind(f"{BPMN}ioSpecification/{BPMN}inputSet")]):
            paper.say("optional_data", node)


def _spare(input_set: Element) -> bool:
    """List all inputs of a set as optional, too; tells whether that changed anything."""
    listed = [e.text for e in input_set.iterchildren(BPMN + "dataInputRefs")]
    known = {e.text for e in input_set.iterchildren(BPMN + "optionalInputRefs")}
    missing = [name for name in listed if name not in known]
    at = len(listed) + len(input_set.findall(BPMN + "name"))
    for name in missing:
        spared = input_set.makeelement(BPMN + "optionalInputRefs", {}, None)
        spared.text = name
        input_set.insert(at, spared)
    return bool(missing)
