"""What stands between nodes: flows, boundaries, entry points, message flows."""

from __future__ import annotations

from engine.diagram import BODIES, Model, Node, Trigger
from engine.reading.problems import not_executable


def connect(model: Model, handlers: dict[str, str]) -> None:
    """Tie the nodes of a model together. `handlers`: compensation boundary → the activity that undoes."""
    for name in list(model.flows):
        connect_flow(model, name)
    for boundary, handler in handlers.items():
        if boundary in model.nodes:
            model.nodes[boundary].handler = handler
    for node in model.nodes.values():
        if node.attached_to in model.nodes:
            model.nodes[node.attached_to].boundaries.append(node.id)
    for body in model.nodes.values():
        if body.kind in BODIES:
            entry_points(model, body)
            inherit_lane(model, body)
    name_message_flows(model)


def connect_flow(model: Model, name: str) -> None:
    """Put a flow among those of its ends; a flow that leads nowhere is reported and left out."""
    flow = model.flows[name]
    source, target = model.nodes.get(flow.source), model.nodes.get(flow.target)
    if source is None or target is None or "process" in (source.kind, target.kind):
        model.problems.append(not_executable(name, "The sequence flow leads from or to something that isn't there."))
        del model.flows[name]
        return
    if source.parent != target.parent:
        model.problems.append(not_executable(name, "A sequence flow stays within its process or sub-process."))
    source.outgoing.append(flow)
    target.incoming.append(flow)
    if source.default is not None and flow.id.rpartition("/")[2] == source.default:
        source.default = flow.id


def entry_points(model: Model, body: Node) -> None:
    """Find where tokens begin: start events, else everything that nothing leads to."""
    members = [model.nodes[m] for m in body.members]
    body.event_subs = [n.id for n in members if n.event_sub]
    explicit = [n.id for n in members if n.kind == "startEvent" or (n.instantiate and begins(n))]
    body.starts = explicit or [n.id for n in members if begins(n)]


def begins(node: Node) -> bool:
    """Tell whether a token starts here when the body has no start event."""
    if node.incoming or node.event_sub or node.compensation or node.kind == "boundaryEvent":
        return False
    return not any(t.kind == "link" for t in node.triggers)


def inherit_lane(model: Model, body: Node) -> None:
    """What lies in a sub-process lies in its lane."""
    if body.lane is None:
        return
    todo = list(body.members)
    while todo:
        node = model.nodes[todo.pop()]
        if node.lane is None:
            node.lane = body.lane
            if node.human is not None and node.human.group is None:
                node.human.group = body.lane
            todo += node.members


def name_message_flows(model: Model) -> None:
    """Give a message without a name that of the flow's other end, else the flow's own, so both ends mean the same."""
    for source, target, flow in model.message_flows:
        triggers = [*messages(model.nodes.get(source)), *messages(model.nodes.get(target))]
        name = next((t.name for t in triggers if t.name), "#" + flow)
        for trigger in triggers:
            trigger.name = trigger.name or name


def messages(node: Node | None) -> list[Trigger]:
    """Give the message triggers of a node."""
    return [t for t in node.triggers if t.kind == "message"] if node else []
