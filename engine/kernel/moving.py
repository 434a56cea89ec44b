"""Putting a token elsewhere by an operator's decision: what it was doing ends, and another node of its body begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.diagram import FLOW_NODES, Model, Node
from engine.errors import CannotMove, NothingWaits
from engine.kernel.bundling import unbundle
from engine.kernel.cancelling import cancel
from engine.kernel.machine import Machine
from engine.kernel.parking import unpark
from engine.kernel.state import State, Token
from engine.model import Json

#: Gateways that hold a token until others have come over their other flows.
JOINS = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})


def move(machine: Machine, asked: Mapping[str, Json]) -> None:
    """`{"do": "move", "token", "from", "to", "over"?}`: end what a token does and put it before another node.

    `over` names the sequence flow where the node is a join. Raises CannotMove with a `code`, or NothingWaits where
    the token isn't there any more.
    """
    unbundle(machine.state)
    unpark(machine.tokens)
    tid = str(asked["token"])
    token = machine.tokens.get(tid)
    if token is None or token["node"] != asked["from"]:
        raise NothingWaits(node=asked["from"])
    if code := immovable(machine.model, machine.state, token):
        raise CannotMove(code=code, node=token["node"])
    place(machine, [tid], token["scope"], str(asked["to"]), asked.get("over"))


def place(machine: Machine, ending: Iterable[str], sid: str, to: str, over: str | None = None) -> None:
    """End tokens of a scope and put one before a node of the same body."""
    node = machine.model.nodes.get(to)
    if code := unreachable(machine.model, machine.scopes[sid]["node"], node):
        raise CannotMove(code=code, node=to)
    assert node is not None  # said by unreachable
    cancel(machine, ending)
    via = way_in(machine, sid, node, over)
    if via is None:
        machine.put(node.id, sid)
    else:
        machine.put(node.id, sid, via=via)


def immovable(model: Model, state: State, token: Token) -> str | None:
    """Say why a token can't be taken from where it is; None when it can."""
    if "of" in token:
        return "item"
    if token["state"] == "compensating" or state["scopes"][token["scope"]].get("undoing"):
        return "undoing"
    if model.nodes[token["node"]].event_sub:
        return "event-sub-process"
    return None


def unreachable(model: Model, body: str, node: Node | None) -> str | None:
    """Say why a token of a body can't be put before a node; None when it can."""
    if node is None or node.kind not in FLOW_NODES:
        return "no-such-node"
    if node.parent != body:
        return "other-body"
    if node.kind == "boundaryEvent" or node.event_sub or node.compensation:
        return "not-entered"
    return None


def way_in(machine: Machine, sid: str, node: Node, over: str | None) -> str | None:
    """Give the flow over which a token comes to a join; None where it makes no difference."""
    if node.kind not in JOINS or len(node.incoming) < 2:
        return None
    ways = [flow.id for flow in node.incoming]
    if over is not None and over not in ways:
        raise CannotMove(code="no-such-flow", node=node.id, flows=ways)
    taken = {machine.tokens[tid].get("via") for tid in machine.at(node.id, sid)}
    free = [way for way in ways if way not in taken]
    if over is None and len(free) != 1:
        raise CannotMove(code="which-flow", node=node.id, flows=ways)
    return over or free[0]


def targets(model: Model, body: str) -> list[Node]:
    """Give the nodes of a body before which a token can be put, in the order of the diagram."""
    found = (model.nodes[member] for member in model.nodes[body].members)
    return [node for node in found if unreachable(model, body, node) is None]
