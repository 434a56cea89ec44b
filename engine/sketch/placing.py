"""Draws what nobody has drawn: nodes from left to right in the order of the flows, one below another beside."""

from __future__ import annotations

from collections import deque

from lxml import etree

from engine.reading.layout import BPMNDI, Bounds
from engine.reading.xml import BPMN, Element, is_bpmn, local
from engine.sketch.paper import Paper
from engine.sketch.sheet import SIZES, size_of

COLUMN, ROW, LEFT, TOP = 160.0, 120.0, 200.0, 140.0


def draw_missing(paper: Paper) -> None:
    """Give a place to every node of a process or pool that has none; what lies in a sub-process stays folded."""
    for process in paper.root.iterchildren(BPMN + "process"):
        missing = [m for m in paper.members(process) if m.get("id") not in paper.sheet.shapes]
        if missing and len(missing) == len(paper.members(process)):
            _draw(paper, process, missing)


def _draw(paper: Paper, process: Element, members: list[Element]) -> None:
    plane = _plane(paper, process)
    top = paper.sheet.bottom() + TOP
    ranks, columns = _ranks(paper, members), dict[int, int]()
    for node in [m for m in members if local(m) != "boundaryEvent"]:
        column = ranks[node.get("id") or ""]
        row = columns[column] = columns.get(column, -1) + 1
        width, height = SIZES[size_of(local(node))]
        middle = (LEFT + column * COLUMN, top + row * ROW)
        paper.sheet.draw(plane, node, Bounds(middle[0] - width / 2, middle[1] - height / 2, width, height))
    for node in [m for m in members if local(m) == "boundaryEvent"]:
        host = paper.sheet.bounds(node.get("attachedToRef") or "")
        if host is not None:
            paper.sheet.draw(plane, node, Bounds(host.right - 46, host.bottom - 18, 36, 36))
    for flow in process.iterchildren(BPMN + "sequenceFlow"):
        paper.sheet.connect(flow.get("id") or "", flow.get("sourceRef") or "", flow.get("targetRef") or "")
    _pool(paper, process, plane, members)


def _plane(paper: Paper, process: Element) -> Element:
    found = paper.root.find(f".//{BPMNDI}BPMNPlane")
    if found is not None:
        return found
    about = next(paper.root.iterchildren(BPMN + "collaboration"), process)
    diagram = etree.SubElement(paper.root, BPMNDI + "BPMNDiagram", {"id": "sheet"}, nsmap=_PREFIXES)
    return etree.SubElement(diagram, BPMNDI + "BPMNPlane", {"id": "plane", "bpmnElement": about.get("id") or ""})


_PREFIXES = {
    "bpmndi": BPMNDI[1:-1],
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}


def _ranks(paper: Paper, members: list[Element]) -> dict[str, int]:
    """Give the column of each node: how many flows it is from where tokens begin."""
    firsts = [m for m in members if not paper.into(m) and local(m) != "boundaryEvent"] or members[:1]
    found = {m.get("id") or "": 0 for m in firsts}
    todo = deque(firsts)
    while todo:
        node = todo.popleft()
        for source in (node, *paper.boundaries(node)):
            for target in map(paper.target, paper.out_of(source)):
                if target.get("id") not in found:
                    found[target.get("id") or ""] = found[node.get("id") or ""] + 1
                    todo.append(target)
    return {m.get("id") or "": found.get(m.get("id") or "", 0) for m in members}


def _pool(paper: Paper, process: Element, plane: Element, members: list[Element]) -> None:
    """Draw the pool around what was drawn, behind it."""
    boxes = [b for m in members if (b := paper.sheet.bounds(m.get("id") or "")) is not None]
    for pool in paper.root.iter(BPMN + "participant"):
        if is_bpmn(pool) and pool.get("processRef") == process.get("id") and pool.get("id") not in paper.sheet.shapes:
            right, bottom = max(b.right for b in boxes) + 50, max(b.bottom for b in boxes) + 40
            x, y = min(b.x for b in boxes) - 80, min(b.y for b in boxes) - 40
            paper.sheet.draw(plane, pool, Bounds(x, y, right - x, bottom - y), first=True)
