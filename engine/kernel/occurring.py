"""What happens when something waited for occurs: at a catch event, a boundary, or in a scope (event sub-process)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram import ACTIVITIES, Node
from engine.kernel import adhoc
from engine.kernel.arming import arm, condition_holds, wind
from engine.kernel.bundling import unbundle
from engine.kernel.cancelling import cancel, clear
from engine.kernel.machine import Machine
from engine.kernel.state import Wait
from engine.model import Json

Payload = Mapping[str, Json] | None


def occur(machine: Machine, wid: str, payload: Payload = None) -> None:
    """Let a wait's event happen."""
    wait = machine.waits[wid]
    node = machine.model.nodes[wait["node"]]
    if "scope" in wait and node.kind in ACTIVITIES:
        return adhoc.begin_again(machine, wid, payload)
    again = wind(machine, wid)
    if node.all_triggers:
        if not completes_set(machine, wid, node, payload):
            return
        payload = None
    if "scope" in wait:
        start_event_sub(machine, node, wait["scope"], payload)
    elif node.kind == "boundaryEvent":
        boundary(machine, node, wait["token"], payload=payload)
    else:
        return caught(machine, wait["token"], node, payload, again)
    if node.all_triggers and not node.interrupting:
        arm(machine, node, wait.get("token") or wait["scope"])


def completes_set(machine: Machine, wid: str, node: Node, payload: Payload) -> bool:
    """Note one event of a parallel multiple event; tells whether it was the last."""
    wait = machine.waits[wid]
    take_payload(machine, wait.get("token") or wait["scope"], node, payload)
    machine.forget(wid)
    seen = machine.owner_of(wait).setdefault("seen", {})
    seen[node.id] = sorted({*seen.get(node.id, ()), wait["i"]})
    if len(seen[node.id]) < len(node.triggers):
        return False
    del seen[node.id]
    return True


def caught(machine: Machine, tid: str, node: Node, payload: Payload, again: bool) -> None:
    """Let a token that waited at a catch event, receive task or event-based gateway go on."""
    token = machine.tokens[tid]
    take_payload(machine, tid, node, payload)
    if token["node"] == node.id and node.kind == "receiveTask":
        for wid in [w for w in token.get("waits", ()) if machine.waits[w]["node"] == node.id]:
            machine.forget(wid)
    elif again and token["state"] == "active":
        # A cyclic timer gives a token each time, and goes on.
        tid = machine.put(node.id, token["scope"])
    else:
        choose(machine, tid, node)
    machine.tokens[tid]["state"] = "active"
    machine.behaviour(node).caught(machine, tid, node)


def choose(machine: Machine, tid: str, node: Node) -> None:
    """Stop listening; at an event-based gateway the token goes to the event that occurred."""
    token = machine.tokens[tid]
    machine.disarm(token)
    if token["node"] != node.id:
        for flow in machine.model.nodes[token["node"]].outgoing:
            if flow.target == node.id:
                machine.tell("flow", token["node"], flow=flow.id)
                break
        token["node"] = node.id


def boundary(machine: Machine, node: Node, tid: str, interrupting: bool | None = None, payload: Payload = None) -> None:
    """Let the boundary event of a running activity happen."""
    out = machine.put(node.id, machine.tokens[tid]["scope"])
    if node.interrupting if interrupting is None else interrupting:
        cancel(machine, [tid])
    else:
        forget_spent(machine, machine.tokens[tid].get("waits", []))
    take_payload(machine, out, node, payload)


def start_event_sub(machine: Machine, start: Node, sid: str, payload: Payload = None) -> None:
    """Start an event sub-process in a running scope."""
    scope = machine.scopes[sid]
    tid = machine.put(start.parent or "", sid, start=start.id)
    if start.interrupting:
        clear(machine, sid, keep=tid)
        machine.disarm(scope)
        scope["interrupted"] = True
    else:
        forget_spent(machine, scope.get("waits", []))
    take_payload(machine, tid, start, payload)


def forget_spent(machine: Machine, waits: list[str]) -> None:
    """Take off timers that have fired for the last time; what doesn't interrupt goes on listening otherwise."""
    for wid in list(waits):
        wait = machine.waits[wid]
        if wait["kind"] == "timer" and wait["left"] == 0:
            machine.forget(wid)


def take_payload(machine: Machine, where: str, node: Node, payload: Payload) -> None:
    """Take what came with a message or signal: everything, or what the event's own mapping makes of it."""
    if payload and node.payload:
        payload = {name: payload_value(machine, where, text, payload) for name, text in node.payload.items()}
    machine.take_in(where, payload)


def payload_value(machine: Machine, where: str, text: str, payload: Mapping[str, Json]) -> Json:
    """Evaluate an expression that sees the payload before the variables."""
    seen = machine.lookup(where)
    return machine.logic.value(text, lambda name: (True, payload[name]) if name in payload else seen(name))


def watch_conditions(machine: Machine) -> bool:
    """Look at all conditions; one acts when it becomes true, not while it stays so."""
    acted = False
    for wid in [wid for wid, wait in machine.waits.items() if wait["kind"] == "conditional"]:
        if wid in machine.waits and rises(machine, machine.waits[wid]):
            occur(machine, wid)
            acted = True
    return acted


def rises(machine: Machine, wait: Wait) -> bool:
    """Tell whether a condition has just become true."""
    text = machine.model.nodes[wait["node"]].triggers[wait["i"]].text or "False"
    holds = condition_holds(machine, wait, text)
    rising, wait["last"] = holds and not wait["last"], holds
    return rising


def is_for(wait: Wait, name: str | None) -> bool:
    """Tell whether a wait is for a signal."""
    return wait["kind"] == "signal" and wait.get("name") == name


def listening(machine: Machine, kind: str) -> list[str]:
    """Give all waits where events of a kind are awaited, the oldest first whatever has become of the order of keys."""
    unbundle(machine.state, kind)
    return sorted(machine.waits, key=lambda wid: int(wid[1:]))


def broadcast(machine: Machine, name: str | None, payload: Payload = None) -> bool:
    """Let everybody in the case who listens for a signal hear it; tells whether somebody did.

    Who interrupts nothing hears first: the order in which a file lists events must not say who hears.
    """
    heard = [wid for wid in listening(machine, "signal") if is_for(machine.waits[wid], name)]
    for wid in sorted(heard, key=lambda wid: machine.model.nodes[machine.waits[wid]["node"]].interrupting):
        if wid in machine.waits:
            occur(machine, wid, payload)
    return bool(heard)
