"""Ad-hoc sub-processes (BPMN 2.0.2, 13.3.5): what people may begin in them, whose turn it is, and when they end."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram import ACTIVITIES, Node
from engine.kernel import arming
from engine.kernel.cancelling import cancel
from engine.kernel.graph import takes_turns
from engine.kernel.machine import Machine
from engine.kernel.state import Scope, Token
from engine.model import Json


def waits_for_turn(machine: Machine, tid: str, node: Node) -> bool:
    """Tell whether an activity begins only when no other one of its body runs."""
    body = machine.model.nodes.get(node.parent or "")
    if body is None or body.kind != "adHocSubProcess" or body.ordering != "Sequential" or node.event_sub:
        return False
    return not machine.scopes[machine.tokens[tid]["scope"]].get("undoing")


def give_turn(machine: Machine) -> bool:
    """Let one activity begin that waits for its turn; what follows the one just done goes before the others."""
    if not takes_turns(machine.model):
        return False
    waiting = (tid for tid, token in machine.tokens.items() if token["state"] == "turn")
    for tid in sorted(waiting, key=lambda tid: int(tid[1:])):
        sid = machine.tokens[tid]["scope"]
        if not any(token["scope"] == sid and runs(machine, token) for token in machine.tokens.values()):
            machine.wake(tid, "turn")
            return True
    return False


def runs(machine: Machine, token: Token) -> bool:
    """Tell whether a token is an activity that has begun; an event sub-process is none of the inner activities."""
    node, fresh = machine.model.nodes[token["node"]], token["state"] == "ready" and "phase" not in token
    return node.kind in ACTIVITIES and not node.event_sub and not fresh and token["state"] not in ("join", "turn")


def is_open(machine: Machine, scope: Scope) -> bool:
    """Tell whether people may still begin activities: the body says when it is complete, and it isn't."""
    body = machine.model.nodes[scope["node"]]
    ended = scope.get("closing") or scope.get("interrupted") or scope.get("undoing")
    return body.kind == "adHocSubProcess" and bool(body.completion) and not ended


def is_closing(machine: Machine, scope: Scope) -> bool:
    """Tell whether a body is complete and only what runs in it may be done to its end."""
    return bool(scope.get("closing")) and machine.model.nodes[scope["node"]].kind == "adHocSubProcess"


def offer(machine: Machine, sid: str) -> None:
    """Offer the activities that can be begun again: one by one where the body says so, else beside what runs."""
    scope = machine.scopes[sid]
    body = machine.model.nodes[scope["node"]]
    if body.ordering == "Sequential" and scope["n"]:
        return
    taken = {machine.waits[wid]["node"] for wid in scope.get("waits", ())}
    taken |= {token["node"] for token in machine.tokens.values() if token["scope"] == sid}
    for start in body.starts:
        if start not in taken:
            arming.offer_again(machine, machine.model.nodes[start], sid)


def begin_again(machine: Machine, wid: str, payload: Mapping[str, Json] | None) -> None:
    """Begin an activity that somebody has chosen."""
    wait = machine.waits[wid]
    sid, node = wait["scope"], machine.model.nodes[wait["node"]]
    tid = machine.put(node.id, sid)
    if machine.model.nodes[machine.scopes[sid]["node"]].ordering == "Sequential":
        withdraw(machine, sid)
    else:
        # A fresh wait for each time: who sends the same choice twice begins it once.
        machine.forget(wid)
        arming.offer_again(machine, node, sid)
    machine.take_in(tid, payload)


def withdraw(machine: Machine, sid: str) -> None:
    """Offer nothing more."""
    for wid in list(machine.scopes[sid].get("waits", ())):
        if machine.model.nodes[machine.waits[wid]["node"]].kind in ACTIVITIES:
            machine.forget(wid, False)


def close(machine: Machine, sid: str, node: Node) -> None:
    """Begin nothing more, and end what runs where the diagram says so; else it may be done to its end."""
    withdraw(machine, sid)
    machine.scopes[sid]["closing"] = True
    inside = {tid: token for tid, token in machine.tokens.items() if token["scope"] == sid and "of" not in token}
    spared = () if node.cancel_rest else (tid for tid, token in inside.items() if is_spared(machine, token))
    cancel(machine, inside.keys() - set(spared))
    machine.check_done(sid)


def is_spared(machine: Machine, token: Token) -> bool:
    """Tell whether a token may go on to its end in a body that is complete."""
    return runs(machine, token) or machine.model.nodes[token["node"]].event_sub
