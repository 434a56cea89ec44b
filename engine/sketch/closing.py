"""Last: the parts of the file in the order of the schema, and lists that agree with the flows."""

from __future__ import annotations

from lxml import etree

from engine.diagram import ACTIVITIES, BODIES, FLOW_NODES
from engine.reading.xml import BPMN, Element, is_bpmn, local
from engine.sketch.paper import Paper

_HEAD = ("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef", "incoming", "outgoing")
_ACTIVITY = (
    *("ioSpecification", "property", "dataInputAssociation", "dataOutputAssociation"),
    *("resourceRole", "performer", "humanPerformer", "potentialOwner"),
    *("standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "laneSet"),
)
_ARTIFACTS = ("association", "group", "textAnnotation", "artifact")
_PROCESS = (
    *("documentation", "extensionElements", "supportedInterfaceRef", "ioSpecification", "ioBinding"),
    *("auditing", "monitoring", "property", "laneSet"),
)
_LOOP = ("loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem")
_LAST = ("resourceRole", "correlationSubscription", "supports")


def close(paper: Paper) -> None:
    """Put everything into the order that the schema wants."""
    for node in paper.nodes():
        _lists(paper, node)
    for body in paper.bodies():
        if local(body) == "process":
            _order(body, _PROCESS, _ARTIFACTS, _LAST)
        else:
            _order(body, (*_HEAD, *_ACTIVITY), _ARTIFACTS, ("completionCondition",))
    for node in paper.nodes(*sorted(FLOW_NODES - BODIES)):
        head = (*_HEAD, *_ACTIVITY) if local(node) in ACTIVITIES else (*_HEAD, *_EVENT)
        _order(node, head)
    for flow in paper.flows():
        _order(flow, _HEAD)
    for loop in paper.root.iter(BPMN + "multiInstanceLoopCharacteristics"):
        _order(loop, ("documentation", "extensionElements", *_LOOP))
    for pool in paper.root.iter(BPMN + "collaboration"):
        _order(pool, ("documentation", "extensionElements", "participant", "messageFlow", *_ARTIFACTS))
    _roots(paper.root)
    etree.cleanup_namespaces(paper.root, keep_ns_prefixes=[p for p in paper.root.nsmap if p])


_EVENT = (
    *("property", "dataInput", "dataOutput", "dataInputAssociation", "dataOutputAssociation"),
    *("inputSet", "outputSet"),
)


def _lists(paper: Paper, node: Element) -> None:
    """Say at a node which flows come and go."""
    for child in list(node.iterchildren(BPMN + "incoming", BPMN + "outgoing")):
        node.remove(child)
    for tag, found in (("incoming", paper.into(node)), ("outgoing", paper.out_of(node))):
        for flow in found:
            etree.SubElement(node, BPMN + tag).text = flow.get("id")


def _order(element: Element, first: tuple[str, ...], *last: tuple[str, ...]) -> None:
    """Sort the children: these first, those last, in between as they were."""
    ranks = {tag: place for place, tag in enumerate(first)}
    for place, tags in enumerate(last):
        ranks |= dict.fromkeys(tags, 10_000 + place)
    children = [c for c in element if isinstance(c.tag, str)]
    wanted = sorted(children, key=lambda c: ranks.get(local(c), 5_000) if is_bpmn(c) else 5_000)
    if wanted != children:
        for child in wanted:
            element.append(child)


def _roots(root: Element) -> None:
    ranks = {"documentation": 0, "extensionElements": 1, "import": 2, "extension": 3, "relationship": 10_001}
    children = [c for c in root if isinstance(c.tag, str)]
    wanted = sorted(children, key=lambda c: ranks.get(local(c), 5_000) if is_bpmn(c) else 10_000)
    if wanted != children:
        for child in wanted:
            root.append(child)
