"""Which outgoing flows a token takes."""

from __future__ import annotations

from engine.diagram import Flow, Node
from engine.kernel.machine import Machine, Stuck

NO_WAY_OUT = "No outgoing flow can be taken."


def one(machine: Machine, tid: str, node: Node) -> list[Flow]:
    """Give the first flow whose condition holds, else the default; nothing only where nothing goes out."""
    for flow in node.outgoing:
        if flow.id != node.default and (not flow.condition or machine.truth(tid, flow.condition)):
            return [flow]
    default = [flow for flow in node.outgoing if flow.id == node.default]
    if node.outgoing and not default:
        raise Stuck(NO_WAY_OUT)
    return default


def some(machine: Machine, tid: str, node: Node) -> list[Flow]:
    """Give every unconditional flow and every one whose condition holds; the default when no condition holds."""
    if len(node.outgoing) == 1 and not node.outgoing[0].condition:
        return node.outgoing
    held = {f.id for f in node.outgoing if f.condition and f.id != node.default and machine.truth(tid, f.condition)}
    flows = [
        flow
        for flow in node.outgoing
        if flow.id in held or (not held if flow.id == node.default else not flow.condition)
    ]
    if node.outgoing and not flows:
        raise Stuck(NO_WAY_OUT)
    return flows
