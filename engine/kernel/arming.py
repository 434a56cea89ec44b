"""Beginning to listen: timers, messages, signals and conditions."""

from __future__ import annotations

from dataclasses import asdict

from engine import calendar
from engine.diagram import Node, Trigger
from engine.errors import ScriptError
from engine.kernel.machine import Machine
from engine.kernel.state import Wait
from engine.model import Json, Variables

#: Events that are waited for; errors, escalations, compensation and cancel are found by climbing outwards instead.
HELD = frozenset({"message", "signal", "timer", "conditional"})


def arm(machine: Machine, node: Node, where: str) -> None:
    """Listen for every trigger of an event node on behalf of a token or scope."""
    for i, trigger in enumerate(node.triggers):
        if trigger.kind in HELD:
            arm_one(machine, node, i, where)


def arm_one(machine: Machine, node: Node, i: int, where: str) -> None:
    """Listen for one trigger of an event node."""
    trigger = node.triggers[i]
    wait = Wait(kind=trigger.kind, node=node.id, i=i)
    if where in machine.tokens:
        wait["token"] = where
    else:
        wait["scope"] = where
    ARM[trigger.kind](machine, where, trigger, wait)


def arm_event_subs(machine: Machine, sid: str, body: Node) -> None:
    """Listen for the start events of a body's event sub-processes."""
    for event_sub in body.event_subs:
        for start in machine.model.nodes[event_sub].starts:
            arm(machine, machine.model.nodes[start], sid)


def listen(machine: Machine, where: str, wait: Wait) -> str:
    """Hold a wait for a token or scope."""
    return machine.hold(machine.tokens[where] if "token" in wait else machine.scopes[where], wait)


def named(machine: Machine, where: str, trigger: Trigger, wait: Wait) -> None:
    """Listen for a message or signal; correlation keys are evaluated now."""
    node = machine.model.nodes[wait["node"]]
    wait["name"] = trigger.name
    correlation = correlation_of(machine, where, node) if trigger.kind == "message" else {}
    if correlation:
        wait["correlation"] = correlation
    facts: dict[str, Json] = {"kind": trigger.kind, "name": trigger.name, "correlation": correlation}
    if node.offer is not None:
        facts["offer"] = asdict(node.offer)
    machine.tell("wait-set", node.id, wait=listen(machine, where, wait), **facts)


def correlation_of(machine: Machine, where: str, node: Node) -> Variables:
    """Give the keys that a message must have: those of the conversation so far, and what the diagram says."""
    conversation = machine.state.get("keys", {})
    keys = {key: conversation[key] for key in node.keys if key in conversation}
    return {**keys, **machine.values(where, node.correlation)}


def timer(machine: Machine, where: str, trigger: Trigger, wait: Wait) -> None:
    """Set a timer; its text is a time as it stands, or an expression that gives one."""
    text = trigger.text or ""
    if not calendar.is_time_text(text):
        text = str(machine.value(where, text))
    plan = machine.logic.schedule(trigger.timer or "timeDuration", text, machine.now)
    if plan.count == 0:
        return
    wait["due"], wait["left"], wait["period"] = plan.first.isoformat(), plan.count, plan.period
    wid = listen(machine, where, wait)
    machine.tell("timer-set", wait["node"], wait=wid, due=wait["due"], derivation=plan.derivation)


def condition(machine: Machine, where: str, trigger: Trigger, wait: Wait) -> None:
    """Listen for a condition to become true; one that holds already occurs at once."""
    wait["last"] = condition_holds(machine, where, trigger.text or "False")
    wid = listen(machine, where, wait)
    if wait["last"]:
        machine.urgent.append(wid)


def condition_holds(machine: Machine, where: str, text: str) -> bool:
    """Tell whether an event's condition holds; one that can't be evaluated yet, for want of a variable, doesn't."""
    try:
        return machine.truth(where, text)
    except ScriptError:
        return False


def wind(machine: Machine, wid: str) -> bool:
    """Set a repeating timer to its next time; tells whether it has one."""
    wait = machine.waits[wid]
    if wait["kind"] != "timer":
        return False
    if wait["left"] is not None:
        wait["left"] -= 1
    if wait["left"] == 0 or wait["period"] is None:
        return False
    moment = calendar.parse_moment(wait["due"])
    wait["due"] = machine.logic.schedule("timeDuration", wait["period"], moment).first.isoformat()
    machine.tell("timer-set", wait["node"], wait=wid, due=wait["due"])
    return True


ARM = {"message": named, "signal": named, "timer": timer, "conditional": condition}
