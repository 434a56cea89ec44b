"""Fourth: events of a kind that is possible where they stand, with a name."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from engine.diagram import ACTIVITIES
from engine.reading.problems import ALLOWED, INTERRUPT_ALWAYS
from engine.reading.xml import BPMN, Element, content, flag, is_bpmn, local
from engine.sketch.paper import Paper, extension, forget, ours, title

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
EVENTS = ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent")
PLACES = {
    "endEvent": "end",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
}
#: Kinds of events that are told by a name or a code.
ROOTS = {"message": "message", "signal": "signal", "error": "error", "escalation": "escalation"}


def mend_places(paper: Paper) -> None:
    """Put events right that can't stand where they are."""
    for node in paper.nodes("boundaryEvent"):
        _attached(paper, node)
    for node in paper.nodes("subProcess"):
        _event_sub(paper, node)


def mend_kinds(paper: Paper) -> None:
    """Take kinds away that the standard doesn't allow in the place."""
    for node in paper.nodes(*EVENTS):
        _possible(paper, node)


def definitions(paper: Paper, node: Element) -> list[Element]:
    """Give the event definitions of an event, those of the file's roots too."""
    own = [c for c in node if is_bpmn(c) and local(c).endswith("EventDefinition")]
    shared = [paper.by_id.get(content(c)) for c in node.iterchildren(BPMN + "eventDefinitionRef")]
    return own + [s for s in shared if s is not None]


def kind_of(definition: Element) -> str:
    """Give the kind of an event definition: message, timer and so on."""
    return local(definition).removesuffix("EventDefinition")


def strip(node: Element, *kinds: str) -> None:
    """Take the definitions of these kinds off an event; without kinds all of them."""
    for child in list(node):
        defines = is_bpmn(child) and local(child).endswith(("EventDefinition", "eventDefinitionRef"))
        if defines and (not kinds or kind_of(child) in kinds):
            node.remove(child)


def place_of(node: Element) -> str:
    """Give the place of an event in the standard's table."""
    if local(node) != "startEvent":
        return PLACES[local(node)]
    body = node.getparent()
    if body is None or local(body) == "process":
        return "start"
    return "event sub-process start" if flag(body, "triggeredByEvent") else "sub-process start"


# --- places ----------------------------------------------------------------------------------------------------------


def _attached(paper: Paper, node: Element) -> None:
    host = paper.by_id.get(node.get("attachedToRef") or "")
    if host is not None and local(host) in ACTIVITIES and host.getparent() is node.getparent():
        return
    paper.turn(node, "intermediateCatchEvent", *(local(c) for c in definitions(paper, node)))
    forget(node, *("attachedToRef", "cancelActivity"))
    paper.say("detached", node)


def _event_sub(paper: Paper, node: Element) -> None:
    """An event sub-process that stands in the flow is a plain one."""
    if not flag(node, "triggeredByEvent"):
        return
    starts = [m for m in paper.members(node) if local(m) == "startEvent"]
    if paper.into(node) or paper.out_of(node) or not starts or paper.boundaries(node):
        del node.attrib["triggeredByEvent"]
        paper.say("not_aside", node)
        return
    for extra in starts[1:]:
        extra.tag = BPMN + "intermediateThrowEvent"
        strip(extra)
        forget(extra, *("isInterrupting", "parallelMultiple"))
        first = paper.out_of(starts[0])
        if first and not paper.into(extra):
            paper.join(starts[0], extra)
        paper.say("plain_event", extra, kinds="start")


def _possible(paper: Paper, node: Element) -> None:
    place, found = place_of(node), definitions(paper, node)
    kinds = {kind_of(d) for d in found}
    wrong = kinds - ALLOWED[place]
    if wrong:
        strip(node, *wrong, "eventDefinitionRef")
        paper.say("plain_event", node, kinds=", ".join(sorted(wrong)))
        kinds -= wrong
    if not kinds and place == "catch":
        as_throw(node)
        paper.say("plain_event", node, kinds="–") if not wrong else None
    elif not kinds and place in ("boundary", "event sub-process start"):
        offer(paper, node)
    flags = "cancelActivity" if place == "boundary" else "isInterrupting"
    if place in ("boundary", "event sub-process start") and not flag(node, flags, True) and kinds & INTERRUPT_ALWAYS:
        del node.attrib[flags]
        paper.say("interrupts", node)
    if "cancel" in kinds and not _of_transaction(paper, node, place):
        strip(node, "cancel")
        offer(paper, node) if place == "boundary" else paper.say("plain_event", node, kinds="cancel")


def _of_transaction(paper: Paper, node: Element, place: str) -> bool:
    around = paper.by_id.get(node.get("attachedToRef") or "") if place == "boundary" else node.getparent()
    return around is not None and local(around) == "transaction"


def as_throw(node: Element) -> None:
    node.tag = BPMN + "intermediateThrowEvent"
    strip(node)
    forget(node, *("parallelMultiple", "attachedToRef", "cancelActivity"))


def offer(paper: Paper, node: Element) -> None:
    """Let a person of the office report the event from the case."""
    etree.SubElement(node, BPMN + "messageEventDefinition")
    if ours(node, "offer") is None:
        extension(node, "offer", label=title(node))
    paper.say("offered", node)


# --- names -------------------------------------------------------------------------------------------------


def name_definition(paper: Paper, node: Element, definition: Element) -> None:
    kind = kind_of(definition)
    if kind not in ROOTS:
        return
    catches_all = kind in ("error", "escalation") and local(node) in ("boundaryEvent", "startEvent")
    reference = definition.get(kind + "Ref")
    target = paper.by_id.get((reference or "").rpartition(":")[2])
    if target is not None and local(target) == kind:
        if kind in ("error", "escalation") and not target.get(kind + "Code"):
            target.set(kind + "Code", target.get("id") or "")
        return
    if reference is None and (catches_all or (kind == "message" and _by_flow(paper, node))):
        return
    if reference is not None and catches_all:
        del definition.attrib[kind + "Ref"]
        return
    root = name_root(paper, kind, title(node))
    definition.set(kind + "Ref", root.get("id") or "")
    paper.say("named", node, kind=kind, name=root.get("name") or "")


def name_root(paper: Paper, kind: str, name: str) -> Element:
    """Give the message, signal, error or escalation of a name, a new one where there is none."""
    for element in paper.root.iterchildren(BPMN + kind):
        if element.get("name") == name:
            return element
    root = paper.add(paper.root, kind, f"{kind}_{name}", name=name)
    if kind in ("error", "escalation"):
        root.set(kind + "Code", root.get("id") or "")
    return root


def _by_flow(paper: Paper, node: Element) -> bool:
    return any(
        node.get("id") in (f.get("sourceRef"), f.get("targetRef")) for f in paper.root.iter(BPMN + "messageFlow")
    )
