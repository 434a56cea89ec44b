"""Beginning to listen: timers, messages, signals and conditions."""

from __future__ import annotations

from dataclasses import asdict

from engine import calendar
from engine.diagram import Node, Offer, Trigger
from engine.errors import BadTime, ScriptError
from engine.expressions import names_in
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


def offer_again(machine: Machine, node: Node, sid: str) -> None:
    """Offer to begin an activity of a running body; a message that a person sends is the choice."""
    name = choice_named(node.id)
    wid = machine.hold(machine.scopes[sid], Wait(kind="message", node=node.id, i=0, scope=sid, name=name))
    facts: dict[str, Json] = {"kind": "message", "name": name, "correlation": {}, "offer": asdict(choice_of(node))}
    machine.tell("wait-set", node.id, wait=wid, **facts)


def choice_named(node: str) -> str:
    """Give the name of the message that is the choice to begin an activity."""
    return f"begin:{node}"


def choice_of(node: Node) -> Offer:
    """Give who may choose to begin an activity: those who would do it."""
    human = node.human
    audience = human.audience if human else "staff"
    return Offer(node.name or node.id, audience, group=human.group if human else node.lane)


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
        return never(machine, wait, text)
    wait["due"], wait["left"], wait["period"] = plan.first.isoformat(), plan.count, plan.period
    if plan.origin is not None:
        wait["origin"], wait["passed"] = plan.origin.isoformat(), plan.passed
    wid = listen(machine, where, wait)
    machine.tell("timer-set", wait["node"], wait=wid, due=wait["due"], derivation=plan.derivation)


def never(machine: Machine, wait: Wait, text: str) -> None:
    """Refuse to wait in a flow for a cycle of no times; anywhere else it just never goes off."""
    if machine.model.nodes[wait["node"]].kind == "intermediateCatchEvent":
        raise BadTime(f"{text!r} never comes")


def condition(machine: Machine, where: str, trigger: Trigger, wait: Wait) -> None:
    """Listen for a condition to become true; one that holds already occurs at once."""
    wid = listen(machine, where, wait)
    wait["last"] = condition_holds(machine, wait, trigger.text or "False")
    if wait["last"]:
        machine.urgent.append(wid)


def condition_holds(machine: Machine, wait: Wait, text: str) -> bool:
    """Tell whether an event's condition holds. One that fails is an incident, but for want of a variable it only
    doesn't hold yet."""
    where = wait.get("token") or wait["scope"]
    try:
        holds = machine.truth(where, text)
    except ScriptError as error:
        if not lacks_variable(machine, where, text):
            fail(machine, wait, str(error))
        return False
    if "incident" in wait:
        machine.tell("incident-resolved", wait["node"], wait.pop("incident"))
    return holds


def lacks_variable(machine: Machine, where: str, text: str) -> bool:
    """Tell whether a text names something that isn't there or not filled yet."""
    find = machine.lookup(where)
    return any(find(name)[1] is None for name in names_in(text))


def fail(machine: Machine, wait: Wait, message: str) -> None:
    """Make an incident of an event that can't be judged, once; what it belongs to goes on."""
    if "incident" not in wait:
        wait["incident"] = machine.id("a")
        machine.tell("incident", wait["node"], wait["incident"], message=message)


def wind(machine: Machine, wid: str) -> bool:
    """Set a repeating timer to its next time; tells whether it has one."""
    wait = machine.waits[wid]
    if wait["kind"] != "timer":
        return False
    if wait["left"] is not None:
        wait["left"] -= 1
    if wait["left"] == 0 or wait["period"] is None:
        return False
    last = calendar.parse_moment(wait["due"])
    # A state written by an earlier version has no origin.
    origin = calendar.parse_moment(wait.get("origin", wait["due"]))
    wait["origin"], wait["passed"] = origin.isoformat(), wait.get("passed", 0) + 1
    wait["due"] = calendar.next_of_cycle(last, wait["period"], origin, wait["passed"]).isoformat()
    machine.tell("timer-set", wait["node"], wait=wid, due=wait["due"])
    return True


ARM = {"message": named, "signal": named, "timer": timer, "conditional": condition}
