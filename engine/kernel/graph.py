"""Questions about a diagram that don't depend on a case; answered once for each model."""

from __future__ import annotations

from engine.diagram import Flow, Model, Node

SENDING = frozenset({"sendTask", "endEvent", "intermediateThrowEvent"})
UNDECIDED = frozenset({"inclusiveGateway", "complexGateway"})


def upstream(model: Model, flow: Flow) -> frozenset[str]:
    """Give the nodes from which a token can still come through a flow without passing the flow's target."""
    memo: dict[str, frozenset[str]] = model.memo.setdefault("upstream", {})
    if flow.id not in memo:
        seen: set[str] = set()
        todo = [flow.source]
        while todo:
            at = todo.pop()
            if at not in seen and at != flow.target:
                seen.add(at)
                todo += before(model, model.nodes[at])
        memo[flow.id] = frozenset(seen)
    return memo[flow.id]


def before(model: Model, node: Node) -> list[str]:
    """Give the nodes from which a token gets to this one in one move."""
    found = [flow.source for flow in node.incoming]
    if node.attached_to:
        found.append(node.attached_to)
    if node.kind == "intermediateCatchEvent":
        found += [
            n.id for n in model.nodes.values() if n.kind == "intermediateThrowEvent" and link_target(model, n) is node
        ]
    return found


def link_target(model: Model, node: Node) -> Node | None:
    """Give the link catch event that a link throw event leads to."""
    names = {t.name for t in node.triggers if t.kind == "link"}
    for other in model.nodes.values() if names else ():
        same_place = other.kind == "intermediateCatchEvent" and other.parent == node.parent
        if same_place and any(t.kind == "link" and t.name in names for t in other.triggers):
            return other
    return None


def message_targets(model: Model, node: Node, name: str) -> tuple[str, ...]:
    """Give the receivers that message flows lead to from a node; a pool or sub-process stands for those inside it."""
    memo: dict[str, tuple[str, ...]] = model.memo.setdefault("message targets", {})
    if node.id not in memo:
        ends = [target for source, target, _ in model.message_flows if source == node.id]
        memo[node.id] = tuple(dict.fromkeys(found for end in ends for found in receivers(model, end, name)))
    return memo[node.id]


def receivers(model: Model, end: str, name: str) -> list[str]:
    """Give what receives a message at one end of a message flow; nothing where that isn't in the file."""
    todo = [end, *(p.process for p in model.participants if p.id == end and p.process)]
    found = []
    while todo:
        node = model.nodes.get(todo.pop(0))
        if node is not None:
            todo += node.members
            if node.kind not in SENDING and any(t.kind == "message" and t.name == name for t in node.triggers):
                found.append(node.id)
    return found


def takes_turns(model: Model) -> bool:
    """Tell whether some activities must wait until others are done, flows or no flows."""
    if "turns" not in model.memo:
        nodes = model.nodes.values()
        model.memo["turns"] = any(n.kind == "adHocSubProcess" and n.ordering == "Sequential" for n in nodes)
    return bool(model.memo["turns"])


def has_undecided_joins(model: Model) -> bool:
    """Tell whether some join can only be judged when all other tokens rest."""
    if "undecided" not in model.memo:
        model.memo["undecided"] = any(n.kind in UNDECIDED for n in model.nodes.values())
    return bool(model.memo["undecided"])


def is_judged_at_rest(model: Model) -> bool:
    """Tell whether a diagram has joins or turns that can only be judged when all tokens rest."""
    found: bool | None = model.memo.get("at rest")
    if found is None:
        found = model.memo["at rest"] = has_undecided_joins(model) or takes_turns(model)
    return found
