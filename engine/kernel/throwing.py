"""What events throw.

Signals and messages wait until all other tokens rest, so nobody who is about to listen misses them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.diagram import Node, Trigger
from engine.kernel import climbing, compensation, stores
from engine.kernel.cancelling import cancel_items, clear
from engine.kernel.graph import link_target, message_targets
from engine.kernel.machine import TROUBLE, Machine, Stuck
from engine.kernel.occurring import broadcast, payload_value
from engine.model import Variables

LATE = frozenset({"signal", "message"})
#: What takes the token with it: of several results these come last, or the others would be lost.
FINAL = frozenset({"error", "cancel", "terminate"})


def begin(machine: Machine, tid: str, node: Node) -> None:
    """Begin to throw; the behaviour is resumed in the phase `throw`."""
    token = machine.tokens[tid]
    token["next"] = 0
    if any(trigger.kind in LATE for trigger in node.triggers):
        token["state"] = "throw"
        machine.late.append(tid)
    else:
        machine.wake(tid, "throw")


def go_on(machine: Machine, tid: str, node: Node, thrown: Callable[[Machine, str, Node], None]) -> None:
    """Throw what is left to throw, then let the token go on with `thrown`."""
    token = machine.tokens[tid]
    token["state"] = "throw"
    triggers = in_order(node.triggers)
    while (i := token.get("next", 0)) < len(triggers):
        token["next"] = i + 1
        try:
            stays = THROW[triggers[i].kind](machine, tid, node, triggers[i])
        except TROUBLE:
            token["next"] = i
            raise
        if not stays or machine.tokens.get(tid) is not token:
            return
    token.pop("next", None)
    thrown(machine, tid, node)


def in_order(triggers: Sequence[Trigger]) -> Sequence[Trigger]:
    """Give triggers in the order in which they are thrown."""
    return triggers if len(triggers) < 2 else sorted(triggers, key=lambda trigger: trigger.kind in FINAL)


def carried(machine: Machine, tid: str, node: Node) -> Variables:
    """Give what a message or signal carries: the data that the event takes in, and what the diagram says besides."""
    taken = {**machine.copies(tid, node.takes), **stores.read(machine, tid, node)}
    return {**taken, **machine.values(tid, node.payload)}


def message(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """Tell the world; who gets it is decided outside of the case."""
    if trigger.name is None:
        return True
    payload = carried(machine, tid, node)
    keys = {key: payload_value(machine, tid, text, payload) for key, text in node.keys.items()}
    machine.converse(keys)
    correlation = {**keys, **machine.values(tid, node.correlation)}
    to = message_targets(machine.model, node, trigger.name)
    activity = machine.tokens[tid].get("activity")
    machine.tell("message", node.id, activity, name=trigger.name, to=list(to), correlation=correlation, payload=payload)
    return True


def signal(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """Let this case hear it, and tell the world."""
    payload = carried(machine, tid, node)
    machine.tell("signal", node.id, name=trigger.name, payload=payload)
    broadcast(machine, trigger.name, payload)
    if tid not in machine.tokens:
        # Its own signal has stopped it; thrown it has all the same.
        machine.tell("passed", node.id)
    return True


def error(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """Climb to whoever catches the error; nobody is an incident, never a success."""
    catcher = climbing.raised(machine, tid, trigger.name, None)
    if catcher is None:
        machine.stuck(tid, f"Nobody catches the error {trigger.name}.")
    else:
        machine.passed(tid, node)
        climbing.take(machine, catcher)
    return False


def escalation(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """Climb to whoever catches the escalation; unless it interrupts, the token goes on."""
    catcher = climbing.find(machine, tid, "escalation", trigger.name)
    if catcher is not None:
        if catcher.node.interrupting:
            machine.passed(tid, node)
        climbing.take(machine, catcher)
    return True


def terminate(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """End everything in the scope."""
    machine.passed(tid, node)
    sid = machine.tokens[tid]["scope"]
    machine.scopes[sid]["closing"] = True
    clear(machine, sid, keep=tid)
    machine.consume(tid)
    return False


def cancel(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """End the transaction: everything in it stops, what it did is undone, and its cancel boundary goes on.

    The boundary is that of the whole activity, so of several items or rounds all are undone.
    """
    machine.passed(tid, node)
    sid = machine.tokens[tid]["scope"]
    while machine.model.nodes[machine.scopes[sid]["node"]].kind != "transaction":
        owner = machine.scopes[sid]["owner"]
        if owner is None:
            raise Stuck("A cancel event stands outside of a transaction.")
        sid = machine.tokens[owner]["scope"]
    owner = machine.scopes[sid]["owner"] or ""
    done = compensation.done_around(machine, owner)
    done += [*machine.scopes[sid].pop("log", []), *compensation.unfinished(machine, sid)]
    cancel_items(machine, climbing.whole(machine, owner), keep=owner)
    clear(machine, sid, keep=tid)
    if tid not in machine.tokens:
        tid = machine.put(node.id, sid)
    token = machine.tokens[tid]
    token["cancels"] = sid
    token.pop("next", None)
    compensation.begin(machine, tid, done)
    return False


def compensate(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """Have things undone; the token goes on when they are."""
    compensation.throw(machine, tid, trigger)
    return tid in machine.tokens and machine.tokens[tid]["state"] == "throw"


def link(machine: Machine, tid: str, node: Node, trigger: Trigger) -> bool:
    """Go on at the other half of the link."""
    target = link_target(machine.model, node)
    if target is None:
        raise Stuck(f"The link {trigger.name} leads nowhere.")
    machine.passed(tid, node)
    machine.move(tid, target.id)
    return False


THROW: dict[str, Callable[[Machine, str, Node, Trigger], bool]] = {
    "message": message,
    "signal": signal,
    "error": error,
    "escalation": escalation,
    "terminate": terminate,
    "cancel": cancel,
    "compensate": compensate,
    "link": link,
}
