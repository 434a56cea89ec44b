"""What undoes, what jumps and what fails: compensation, links and errors need a partner in the diagram."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram import ACTIVITIES
from engine.reading.xml import BPMN, Element, flag, local
from engine.sketch.events import definitions, kind_of, strip
from engine.sketch.paper import Paper, title


def mend_compensation(paper: Paper) -> None:
    """Join what undoes with what it undoes; where there is nothing to undo, the event becomes a plain one."""
    for event in paper.nodes("boundaryEvent"):
        if event.find(BPMN + "compensateEventDefinition") is not None:
            _undone_by(paper, event)
    for node in paper.nodes(*sorted(ACTIVITIES)):
        if flag(node, "isForCompensation") and (paper.into(node) or paper.out_of(node) or not _is_handler(paper, node)):
            del node.attrib["isForCompensation"]
            paper.say("undo_flag", node)
    for event in paper.nodes("intermediateThrowEvent", "endEvent"):
        definition = event.find(BPMN + "compensateEventDefinition")
        if definition is not None and not _can_undo(paper, definition):
            strip(event, "compensate")
            paper.say("no_undo", event)


def _undone_by(paper: Paper, event: Element) -> None:
    """Give a compensation boundary the activity that undoes; a flow to one becomes an association."""
    for flow in paper.out_of(event):
        target = paper.target(flow)
        if local(target) in ACTIVITIES and len(paper.into(target)) == 1 and not paper.out_of(target):
            flow.tag = BPMN + "association"
            for name in [n for n in flow.attrib if n not in ("id", "sourceRef", "targetRef")]:
                del flow.attrib[name]
            for child in list(flow.iterchildren(BPMN + "conditionExpression")):
                flow.remove(child)
            flow.set("associationDirection", "One")
            target.set("isForCompensation", "true")
            paper.say("undo_joined", flow)
    if paper.out_of(event) or not any(True for _ in _handlers(paper, event)):
        strip(event, "compensate")
        paper.say("no_undo", event)


def _handlers(paper: Paper, event: Element) -> Iterator[Element]:
    for association in paper.root.iter(BPMN + "association"):
        ends = (association.get("sourceRef"), association.get("targetRef"))
        if event.get("id") == ends[1]:
            ends = (ends[1], ends[0])
            handler = paper.by_id.get(ends[1] or "")
            if handler is not None and local(handler) in ACTIVITIES:
                association.set("sourceRef", ends[0] or "")
                association.set("targetRef", ends[1] or "")
        handler = paper.by_id.get(ends[1] or "")
        if ends[0] == event.get("id") and handler is not None and local(handler) in ACTIVITIES:
            handler.set("isForCompensation", "true")
            yield handler


def _is_handler(paper: Paper, node: Element) -> bool:
    sources = [
        a.get("sourceRef") for a in paper.root.iter(BPMN + "association") if a.get("targetRef") == node.get("id")
    ]
    events = [paper.by_id.get(s or "") for s in sources]
    found = [e for e in events if e is not None and local(e) == "boundaryEvent"]
    return any(e.find(BPMN + "compensateEventDefinition") is not None for e in found)


def _can_undo(paper: Paper, definition: Element) -> bool:
    name = definition.get("activityRef")
    target = paper.by_id.get(name or "")
    if name and target is None:
        del definition.attrib["activityRef"]
    hosts = {
        e.get("attachedToRef")
        for e in paper.nodes("boundaryEvent")
        if e.find(BPMN + "compensateEventDefinition") is not None
    }
    return target.get("id") in hosts if name and target is not None else bool(hosts)


def mend_links(paper: Paper) -> None:
    """Pair link events of a body by name; one throw and one catch that are left over belong together."""
    for body in paper.bodies():
        found = [(m, d) for m in paper.members(body) for d in definitions(paper, m) if kind_of(d) == "link"]
        throws = [(m, d) for m, d in found if local(m) == "intermediateThrowEvent"]
        catches = [(m, d) for m, d in found if local(m) == "intermediateCatchEvent"]
        for node, definition in found:
            if not definition.get("name"):
                definition.set("name", title(node))
        names = ({d.get("name") for _, d in throws}, {d.get("name") for _, d in catches})
        lost = [(m, d) for m, d in throws if d.get("name") not in names[1]]
        free = [(m, d) for m, d in catches if d.get("name") not in names[0]]
        if len(lost) == 1 and len(free) == 1:
            lost[0][1].set("name", free[0][1].get("name") or "")
            continue
        for node, _ in lost:
            strip(node)
            node.tag = BPMN + "endEvent"
            paper.say("link", node, what=paper.word("is_throw"))
        for node, _ in [*free, *_repeated(catches)]:
            strip(node)
            node.tag = BPMN + "startEvent"
            paper.say("link", node, what=paper.word("is_catch"))


def _repeated(catches: list[tuple[Element, Element]]) -> list[tuple[Element, Element]]:
    seen: set[str | None] = set()
    again = []
    for node, definition in catches:
        if definition.get("name") in seen:
            again.append((node, definition))
        seen.add(definition.get("name"))
    return again


def mend_errors(paper: Paper) -> None:
    """An error that nobody catches would end the case as an incident; the office wants an end."""
    for node in paper.nodes("endEvent"):
        for definition in definitions(paper, node):
            if kind_of(definition) == "error" and not _is_caught(paper, node):
                strip(node, "error")
                paper.say("plain_end", node, name=title(node))


def _is_caught(paper: Paper, node: Element) -> bool:
    for body in node.iterancestors(
        BPMN + "subProcess", BPMN + "transaction", BPMN + "adHocSubProcess", BPMN + "process"
    ):
        subs = [m for m in paper.members(body) if flag(m, "triggeredByEvent")]
        catchers = [
            *paper.boundaries(body),
            *(s for sub in subs for s in paper.members(sub) if local(s) == "startEvent"),
        ]
        if any(
            c.find(BPMN + "errorEventDefinition") is not None for c in catchers if body is not node.getparent() or c
        ):
            return True
    return False
