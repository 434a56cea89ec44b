"""What a case listens for after its diagram has changed: what is kept keeps its moment, new events begin to listen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from engine.diagram import ACTIVITIES, Model, Node
from engine.kernel.arming import HELD, arm_one
from engine.kernel.fitting import Fitting
from engine.kernel.machine import Machine
from engine.kernel.state import Scope, Token, Wait

#: One trigger of an event node.
Spot = tuple[str, int]

#: Phases in which a stuck activity still listens at its boundaries.
LISTENING = frozenset({"begin", "again", "after", "review", "completion", "throw"})


def listeners(model: Model, owner: Token | Scope) -> list[str]:
    """Give the event nodes that a token or scope listens at."""
    return of_token(model, cast(Token, owner)) if "state" in owner else of_scope(model, owner)


def of_token(model: Model, token: Token) -> list[str]:
    """Give the boundary events of a running activity, and what the token itself waits for."""
    node, found = model.nodes[token["node"]], []
    if "of" not in token and node.kind in ACTIVITIES and is_inside(token):
        found += node.boundaries
    if token["state"] == "active" and node.kind in ("receiveTask", "intermediateCatchEvent"):
        found.append(node.id)
    if token["state"] == "gate":
        found += [flow.target for flow in node.outgoing]
    return found


def of_scope(model: Model, scope: Scope) -> list[str]:
    """Give the start events of a body's event sub-processes."""
    if scope.get("interrupted") or scope.get("undoing"):
        return []
    return [start for sub in model.nodes[scope["node"]].event_subs for start in model.nodes[sub].starts]


def is_inside(token: Token) -> bool:
    """Tell whether an activity listens at its boundaries."""
    return token["state"] in ("active", "multi") or (token["state"] == "incident" and token.get("phase") in LISTENING)


def spots(model: Model, nodes: Iterable[str]) -> list[Spot]:
    """Give every trigger of some event nodes that is waited for."""
    return [(node, i) for node in nodes for i, trigger in enumerate(model.nodes[node].triggers) if trigger.kind in HELD]


def rewire(machine: Machine, fitting: Fitting, where: str, before: list[Spot]) -> None:
    """Let a token or scope listen for what the new version says; `before` is what the old one said."""
    owner = machine.tokens.get(where) or machine.scopes[where]
    wanted = spots(machine.model, listeners(machine.model, owner))
    choices = [wid for wid in owner.get("waits", ()) if is_choice(fitting.old, machine.waits[wid])]
    held = {
        (machine.waits[wid]["node"], machine.waits[wid]["i"]): wid
        for wid in owner.get("waits", ())
        if wid not in choices
    }
    # What had been listened for and isn't any more has occurred: it must not occur again.
    spent = {(fitting.of(node), i) for node, i in before if (node, i) not in held}
    for wid in choices:
        keep_choice(machine, fitting, wid)
    for spot, wid in held.items():
        keep_or_clear(machine, fitting, wid, spot, wanted)
    kept = {(machine.waits[wid]["node"], machine.waits[wid]["i"]) for wid in owner.get("waits", ())}
    for node, i in wanted:
        if (node, i) not in kept and (node, i) not in spent:
            arm_one(machine, machine.model.nodes[node], i, where)


def keep_or_clear(machine: Machine, fitting: Fitting, wid: str, spot: Spot, wanted: list[Spot]) -> None:
    """Go on listening where the new version says the same, else stop."""
    wait, there = machine.waits[wid], fitting.of(spot[0])
    if there is None or (there, spot[1]) not in wanted:
        return machine.forget(wid, False)
    old, new = fitting.old.nodes[spot[0]], fitting.new.nodes[there]
    if not is_same(wait, old, new):
        return machine.forget(wid, False)
    relocate(machine, wid, there)


def is_choice(model: Model, wait: Wait) -> bool:
    """Tell whether a wait offers to begin an activity of an ad-hoc sub-process."""
    return "scope" in wait and model.nodes[wait["node"]].kind in ACTIVITIES


def keep_choice(machine: Machine, fitting: Fitting, wid: str) -> None:
    """Go on offering an activity where people may begin it in the new version too; what is new is offered in time."""
    wait = machine.waits[wid]
    there = fitting.of(wait["node"])
    if there in machine.model.nodes[machine.scopes[wait["scope"]]["node"]].starts:
        relocate(machine, wid, there or "")
    else:
        machine.forget(wid, False)


def relocate(machine: Machine, wid: str, there: str) -> None:
    """Let a wait belong to the node as the new version calls it."""
    wait = machine.waits[wid]
    if there != wait["node"]:
        machine.tell("wait-relocated", there, wait=wid, **{"from": wait["node"]})
        wait["node"] = there


def is_same(wait: Wait, old: Node, new: Node) -> bool:
    """Tell whether an event is waited for as before. A timer keeps its moment, whatever the new version would say."""
    a, b = old.triggers[wait["i"]], new.triggers[wait["i"]]
    if a.kind != b.kind:
        return False
    if a.kind == "conditional":
        return a.text == b.text
    if a.kind == "timer":
        return True
    return (a.name, old.offer, old.correlation, old.keys) == (b.name, new.offer, new.correlation, new.keys)
