"""Questions about a diagram that don't depend on a case; answered once for each model."""

from __future__ import annotations

from engine.diagram import Flow, Model, Node

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


def has_undecided_joins(model: Model) -> bool:
    """Tell whether some join can only be judged when all other tokens rest."""
    if "undecided" not in model.memo:
        model.memo["undecided"] = any(n.kind in UNDECIDED for n in model.nodes.values())
    return bool(model.memo["undecided"])
