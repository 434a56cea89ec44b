"""First: what other tools write differently. Namespaces, ids, foreign parts, what is only a picture."""

from __future__ import annotations

import re

from lxml import etree

from engine.diagram import BODIES, FLOW_NODES
from engine.reading.layout import BPMNDI
from engine.reading.xml import BPMN, Element, content, is_bpmn, local, plain
from engine.sketch.paper import Paper, title

_NCNAME = re.compile(r"[A-Za-z_][\w.\-]*")
#: What stands beside processes and can't be executed.
PICTURES = (
    *("choreography", "globalChoreographyTask", "globalConversation"),
    *("conversation", "subConversation", "callConversation", "conversationLink", "conversationAssociation"),
)
#: Attributes that refer to one id.
SINGLE = ("sourceRef", "targetRef", "attachedToRef", "default", "processRef", "bpmnElement", "calledElement")


#: What is referred to wherever it stands.
NAMED = FLOW_NODES | {"sequenceFlow", "participant", "messageFlow", "lane", "dataObject", "dataObjectReference"}


def open_up(paper: Paper) -> None:
    """Make the file one that can be worked on."""
    settle_foreign(paper)
    settle_places(paper)
    settle_ids(paper)
    settle_references(paper)
    drop_pictures(paper)
    settle_pools(paper)
    settle_processes(paper)


def settle_foreign(paper: Paper) -> None:
    """Put what tools wrote between BPMN's own elements into extension elements."""
    for element in list(paper.root.iter(BPMN + "*")):
        inside = any(local(e) == "extensionElements" for e in element.iterancestors(BPMN + "extensionElements"))
        if inside or local(element) == "extensionElements":
            continue
        strangers = [c for c in element if isinstance(c.tag, str) and not is_bpmn(c) and not _is_drawing(c)]
        for stranger in strangers if local(element) not in _MIXED else ():
            holder = element.find(BPMN + "extensionElements")
            if holder is None:
                holder = etree.Element(BPMN + "extensionElements")
                element.insert(len(list(element.iterchildren(BPMN + "documentation"))), holder)
            holder.append(stranger)
            paper.say("foreign", element, tag=local(stranger))


def settle_places(paper: Paper) -> None:
    """Nodes and flows lie in a process or sub-process; those that lie elsewhere move to the nearest one."""
    for element in [*paper.nodes(), *paper.flows()]:
        parent = element.getparent()
        if parent is None or (is_bpmn(parent) and local(parent) in BODIES):
            continue
        bodies = element.iterancestors(*(BPMN + kind for kind in BODIES))
        body = next(bodies, None)
        body = next(paper.root.iterchildren(BPMN + "process"), None) if body is None else body
        if body is None:
            body = etree.SubElement(paper.root, BPMN + "process")
        body.append(element)
        paper.say("moved", element, tag=local(parent))


#: Elements whose content may be anything.
_MIXED = frozenset({"documentation", "text", "script", "from", "to", "condition"})


def _is_drawing(element: Element) -> bool:
    return str(element.tag).startswith(BPMNDI)


def settle_ids(paper: Paper) -> None:
    """Give an id of its own to everything that needs one; whatever refers to a changed one follows."""
    seen: set[str] = set()
    for element in list(paper.root.iter("{*}*")):
        identity = element.get("id")
        if not is_bpmn(element) and not _is_drawing(element):
            continue
        needs = is_bpmn(element) and (local(element) in NAMED or element.getparent() is paper.root)
        if identity is None and not needs:
            continue
        if identity and _NCNAME.fullmatch(identity) and identity not in seen:
            seen.add(identity)
            continue
        new = paper.fresh(f"{local(element)}_{identity or ''}")
        while new in seen:
            new = paper.fresh(new + "_")
        if identity and identity not in seen:
            rename(paper, identity, new)
        element.set("id", new)
        seen |= {new, identity or new}
        paper.by_id[new] = element
        if is_bpmn(element):
            paper.say("new_id", element, old=identity or "–", new=new)
    paper.index()


def rename(paper: Paper, old: str, new: str) -> None:
    """Change every reference to an id."""
    for element in paper.root.iter("{*}*"):
        for name, value in element.attrib.items():
            if (
                name != "id"
                and str(name).endswith(("Ref", "default", "bpmnElement", "calledElement"))
                and plain(str(value)) == old
            ):
                element.set(name, new)
        if local(element).endswith(("Ref", "Refs", "incoming", "outgoing")) and plain(content(element)) == old:
            element.text = new


def settle_references(paper: Paper) -> None:
    """Take prefixes off references within the file."""
    for element in paper.root.iter(BPMN + "*"):
        for name in SINGLE:
            value = element.get(name)
            if value and value not in paper.by_id and plain(value) in paper.by_id:
                element.set(name, plain(value) or "")
    paper.index()


def drop_pictures(paper: Paper) -> None:
    """Take choreographies and conversations out: nobody can execute them."""
    for element in list(paper.root.iter(*(BPMN + tag for tag in PICTURES))):
        if element.getparent() is not None:
            paper.say("no_execution", None, tag=local(element))
            paper.drop(element)


def settle_pools(paper: Paper) -> None:
    """An empty pool is somebody outside of the office."""
    for pool in paper.root.iter(BPMN + "participant"):
        reference = pool.get("processRef")
        process = paper.by_id.get(reference or "")
        if reference and process is None:
            del pool.attrib["processRef"]
            paper.say("reference", pool, attribute="processRef", target=reference)
        elif process is not None and not any(local(e) in FLOW_NODES for e in process.iterdescendants(BPMN + "*")):
            del pool.attrib["processRef"]
            paper.say("empty_pool", pool, name=title(pool))
    for process in list(paper.root.iterchildren(BPMN + "process")):
        used = any(p.get("processRef") == process.get("id") for p in paper.root.iter(BPMN + "participant"))
        if not used and not any(local(e) in FLOW_NODES for e in process.iterdescendants(BPMN + "*")):
            paper.say("empty_process", process)
            for lanes in process.iter(BPMN + "lane"):
                paper.sheet.drop(lanes.get("id") or "")
            paper.drop(process)


def settle_processes(paper: Paper) -> None:
    """What is drawn is to run."""
    for process in paper.root.iterchildren(BPMN + "process"):
        if process.get("isExecutable") not in ("true", "1"):
            process.set("isExecutable", "true")
            paper.say("executable", process)
        if process.get("processType") == "Public":
            del process.attrib["processType"]
            paper.say("public", process)
