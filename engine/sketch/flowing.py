"""Second: flows lead from element to element, and every body has a beginning and an end."""

from __future__ import annotations

from collections import deque

from engine.diagram import ACTIVITIES, FLOW_NODES, TASKS
from engine.reading.xml import BPMN, Element, flag, is_bpmn, local
from engine.sketch.paper import Paper, title

#: Kinds of events that may also stand in the middle.
PASSABLE = frozenset({"message", "signal", "escalation", "compensate", "link"})


def mend_flows(paper: Paper) -> None:
    """Put the flows right, then beginnings and ends."""
    for flow in paper.flows():
        _ends(paper, flow)
    _no_twins(paper)
    for node in paper.nodes("startEvent"):
        _behind_start(paper, node)
    for node in paper.nodes("endEvent"):
        _through_end(paper, node)
    for node in paper.nodes("boundaryEvent"):
        for flow in paper.into(node):
            paper.say("into_boundary", node, name=title(flow))
            paper.drop(flow)
    mend_message_flows(paper)


def _ends(paper: Paper, flow: Element) -> None:
    source, target = (paper.by_id.get(flow.get(end) or "") for end in ("sourceRef", "targetRef"))
    if source is None or target is None or not _is_node(source) or not _is_node(target):
        paper.say("dangling", _nearest(flow), name=title(flow))
        paper.drop(flow)
    elif source.getparent() is not target.getparent():
        _across(paper, flow, source, target)
    elif flow.getparent() is not source.getparent():
        source.getparent().append(flow)  # type: ignore[union-attr]


def _is_node(element: Element) -> bool:
    return is_bpmn(element) and local(element) in FLOW_NODES


def _nearest(flow: Element) -> str | None:
    body = flow.getparent()
    return body.get("id") if body is not None else None


def _across(paper: Paper, flow: Element, source: Element, target: Element) -> None:
    """Lead a flow that crosses a border to the sub-process on its way, or keep it as an association between pools."""
    ours, theirs = [source, *source.iterancestors()], [target, *target.iterancestors()]
    shared = next((e for e in ours if e in theirs and local(e) != "definitions"), None)
    if shared is None:
        as_association(paper, flow, "between_pools")
        return
    one, other = ours[ours.index(shared) - 1], theirs[theirs.index(shared) - 1]
    if shared in (source, target) or one is other or not (_is_node(one) and _is_node(other)):
        paper.say("dangling", _nearest(flow), name=title(flow))
        paper.drop(flow)
        return
    shared.append(flow)
    paper.lead(flow, source=one.get("id") or "", target=other.get("id") or "")
    paper.say("across_border", flow, name=title(flow))


def as_association(paper: Paper, flow: Element, sentence: str) -> None:
    """Keep a line as a picture that nothing follows."""
    paper.say(sentence, flow, name=title(flow))
    flow.tag = BPMN + "association"
    for name in [n for n in flow.attrib if n not in ("id", "sourceRef", "targetRef")]:
        del flow.attrib[name]
    for child in list(flow):
        if local(child) not in ("documentation", "extensionElements"):
            flow.remove(child)
    flow.set("associationDirection", "One")


def _no_twins(paper: Paper) -> None:
    """Two flows between the same ends that say nothing different are one."""
    seen: dict[tuple[str | None, str | None, str], Element] = {}
    for flow in paper.flows():
        key = (flow.get("sourceRef"), flow.get("targetRef"), (flow.get("name") or "").strip())
        source = paper.source(flow)
        kept = seen.setdefault(key, flow)
        if kept is not flow and flow.find(BPMN + "conditionExpression") is None and not flow.get("name"):
            paper.say("twice", source)
            paper.drop(flow)


def _behind_start(paper: Paper, start: Element) -> None:
    """What leads to the start leads to what comes after it."""
    following = [paper.target(f) for f in paper.out_of(start) if paper.target(f) is not start]
    for flow in paper.into(start):
        source = paper.source(flow)
        if following and source is not start and (following[0] is not source or local(source) in TASKS):
            paper.lead(flow, target=following[0].get("id") or "")
            paper.say("into_start", start, name=title(flow))
        else:
            paper.say("dangling", start, name=title(flow))
            paper.drop(flow)


def _through_end(paper: Paper, end: Element) -> None:
    onward = paper.out_of(end)
    if not onward:
        return
    kinds = {local(c).removesuffix("EventDefinition") for c in end if local(c).endswith("EventDefinition")}
    if kinds <= PASSABLE:
        end.tag = BPMN + "intermediateThrowEvent"
        paper.say("through_end", end)
        return
    for flow in onward:
        paper.say("from_end", end, name=title(flow))
        paper.drop(flow)


def mend_message_flows(paper: Paper) -> None:
    """Keep a message flow between what can't send or receive as a picture."""
    for flow in list(paper.root.iter(BPMN + "messageFlow")):
        source, target = (paper.by_id.get(flow.get(end) or "") for end in ("sourceRef", "targetRef"))
        if source is None or target is None:
            paper.say("dangling", None, name=title(flow))
            paper.drop(flow)


# --- beginnings and ends ---------------------------------------------------------------------------------------------


def begin_and_end(paper: Paper) -> None:
    """Give every body with something in it a beginning and an end, and every loose node a connection."""
    for body in paper.bodies():
        if local(body) != "adHocSubProcess" and paper.members(body):
            _begin(paper, body)
            _end(paper, body)
            _begin(paper, body)


def _begin(paper: Paper, body: Element) -> None:
    members = paper.members(body)
    starts = [m for m in members if local(m) == "startEvent"]
    loose = [m for m in members if not paper.into(m) and not stands_aside(paper, m) and local(m) != "startEvent"]
    loose = [m for m in loose if not begins_itself(m)]
    itself = any(begins_itself(m) for m in members)
    if not starts and not itself and not loose:
        loose = [m for m in members if not stands_aside(paper, m)][:1]
    sentence = "loose_start" if starts or itself else "new_start"
    if sentence == "new_start" and local(body) != "process" and not any(local(m) == "endEvent" for m in members):
        return
    for node in loose:
        if starts and flag(body, "triggeredByEvent"):
            # An event sub-process has one start event only.
            paper.join(starts[0], node)
            paper.say("joined_start", node)
            continue
        start = paper.add(body, "startEvent", f"start_{node.get('id')}")
        paper.sheet.put_before(start.get("id") or "", node.get("id") or "", "event")
        paper.in_lane_of(start, node)
        paper.join(start, node)
        paper.say(sentence, node)


def _end(paper: Paper, body: Element) -> None:
    """End what leads nowhere; a sub-process without start and end events may end anywhere, but not never."""
    members = paper.members(body)
    if local(body) == "process" or any(local(m) in ("startEvent", "endEvent") for m in members):
        for node in members:
            if not paper.out_of(node) and local(node) != "endEvent" and not stands_aside(paper, node, out=True):
                _new_end(paper, body, node)
    while (trapped := _trapped(paper, body)) is not None:
        _new_end(paper, body, trapped)


def _new_end(paper: Paper, body: Element, node: Element) -> None:
    end = paper.add(body, "endEvent", f"end_{node.get('id')}")
    paper.sheet.put_after(end.get("id") or "", node.get("id") or "", "event")
    paper.in_lane_of(end, node)
    paper.join(node, end)
    paper.say("new_end", node)


def _trapped(paper: Paper, body: Element) -> Element | None:
    """Give the last activity of a ring from which no way leads to an end; else None."""
    members = [m for m in paper.members(body) if not stands_aside(paper, m)]
    reach = distances_to_end(paper, body)
    inside = [m for m in members if m.get("id") not in reach]
    ring = [m for m in inside if goes_round(paper, m)]
    works = [m for m in ring if local(m) in ACTIVITIES]
    return (works or ring or [None])[-1]  # type: ignore[list-item]


def goes_round(paper: Paper, node: Element) -> bool:
    """Say whether a way out of a node leads back to it."""
    seen, todo = set(), [paper.target(f) for f in paper.out_of(node)]
    while todo:
        one = todo.pop()
        if one is node:
            return True
        if one.get("id") not in seen:
            seen.add(one.get("id"))
            todo += [paper.target(f) for f in paper.out_of(one)]
    return False


def distances_to_end(paper: Paper, body: Element) -> dict[str, int]:
    """Give how many steps the nodes of a body are from an end; those that reach none are left out."""
    before: dict[str, list[str]] = {}
    for flow in body.iterchildren(BPMN + "sequenceFlow"):
        before.setdefault(flow.get("targetRef") or "", []).append(flow.get("sourceRef") or "")
    found = {m.get("id") or "": 0 for m in paper.members(body) if not paper.out_of(m)}
    todo = deque(found)
    while todo:
        one = todo.popleft()
        for source in before.get(one, ()):
            if source not in found:
                found[source] = found[one] + 1
                todo.append(source)
    return found


def begins_itself(node: Element) -> bool:
    """Say whether a node begins the process without a start event."""
    return flag(node, "instantiate")


def stands_aside(paper: Paper, node: Element, out: bool = False) -> bool:
    """Say whether no flow has to lead to a node, or out of it."""
    if flag(node, "triggeredByEvent") or flag(node, "isForCompensation"):
        return True
    if local(node) == "boundaryEvent":
        return not out or node.find(BPMN + "compensateEventDefinition") is not None
    if node.find(BPMN + "linkEventDefinition") is not None:
        return local(node) == ("intermediateThrowEvent" if out else "intermediateCatchEvent")
    return False
