"""What can be asked of a case: one function per command, each checks that it fits the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine import calendar
from engine.diagram import Node
from engine.errors import HumanTaskNotOpen, InstanceNotRunning, NoSuchStart, NothingWaits
from engine.kernel import arming, climbing
from engine.kernel.bodies import end, plain_starts
from engine.kernel.bundling import unbundle_one
from engine.kernel.cancelling import clear
from engine.kernel.machine import Machine
from engine.kernel.moving import move
from engine.kernel.occurring import broadcast, listening, occur, take_payload
from engine.kernel.parking import unpark_one
from engine.kernel.state import Wait
from engine.kernel.work import Send
from engine.model import Json

Asked = Mapping[str, Json]


def start(machine: Machine, asked: Asked) -> None:
    """`{"do": "start", "process", "data"?, "at"?, "name"?, "which"?, "payload"?, "correlation"?}`: begin a case.

    `at` is the node that it begins with, `name` the message or signal, `which` of its timers and conditions occurred.
    `held`: don't move, be an incident that says so.
    """
    process = machine.model.nodes.get(machine.state["process"])
    if process is None or process.kind != "process":
        raise NoSuchStart(process=machine.state["process"])
    entries = [asked["at"]] if asked.get("at") else plain_starts(machine, process)
    if not entries and process.members:
        raise NoSuchStart(process=process.id)
    sid = machine.open_scope(process, None)
    machine.take_in(sid, asked.get("data"))
    arming.arm_event_subs(machine, sid, process)
    if asked.get("at"):
        enter_at(machine, sid, asked)
    else:
        for entry in entries:
            machine.put(entry, sid)
    if asked.get("held"):
        hold_all(machine, asked["held"])
    machine.check_done(sid)


def hold_all(machine: Machine, why: str) -> None:
    """Turn every token that could move into an incident; a retry lets it."""
    for tid in list(iter(machine.next_ready, None)):
        machine.stuck(tid, why, machine.tokens[tid].get("phase"))


def enter_at(machine: Machine, sid: str, asked: Asked) -> None:
    """Begin at a start event, or at what a message begins with: a receive task or an event behind a gateway."""
    node = machine.model.nodes.get(asked["at"])
    if node is None or node.parent != machine.state["process"]:
        raise NoSuchStart(node=asked["at"])
    converse(machine, node, asked)
    tid = machine.put(node.id, sid)
    take_payload(machine, tid, node, asked.get("payload"))
    if node.kind == "startEvent" and not node.all_triggers:
        return
    machine.tokens[tid]["state"] = "active"
    if node.all_triggers:
        return first_of_all(machine, tid, node, asked)
    machine.tokens[tid]["activity"] = machine.id("a")
    for flow in other_starts(machine, node):
        machine.put(flow, sid)
    machine.behaviour(node).caught(machine, tid, node)


def first_of_all(machine: Machine, tid: str, node: Node, asked: Asked) -> None:
    """Begin with one event of several that must all occur: the token waits at the beginning for the others."""
    arming.arm(machine, node, tid)
    heard = [w for w in machine.tokens[tid].get("waits", ()) if has_begun(machine.waits[w], asked)]
    if heard:
        occur(machine, heard[0])


def has_begun(wait: Wait, asked: Asked) -> bool:
    """Tell whether a wait is for what a case begins with."""
    return wait["i"] == asked["which"] if "which" in asked else wait.get("name") == asked.get("name")


def other_starts(machine: Machine, node: Node) -> list[str]:
    """Give the other events of a parallel event-based gateway that starts a process: they are still waited for."""
    for flow in node.incoming:
        gate = machine.model.nodes[flow.source]
        if gate.instantiate and gate.parallel_start:
            return [f.target for f in gate.outgoing if f.target != node.id]
    return []


def complete(machine: Machine, asked: Asked) -> None:
    """`{"do": "complete", "activity", "data"?}`: a task is done and gives variables, or a job and gives its result."""
    tid = open_token(machine, str(asked["activity"]))
    node, data = machine.node(tid), asked.get("data")
    if machine.tokens[tid]["open"] == "job":
        call = node.connector
        data = {call.result: data} if call is not None and call.result else None
    machine.take_in(tid, data)
    behaviour = machine.behaviour(node)
    if isinstance(behaviour, Send):
        behaviour.completed(machine, tid, node)
    else:
        behaviour.body_done(machine, tid, node)


def token_of(machine: Machine, activity: str) -> str:
    """Find the token of an activity instance."""
    unbundle_one(machine.state, activity)
    unpark_one(machine.tokens, activity)
    for tid, token in machine.tokens.items():
        if token.get("activity") == activity:
            return tid
    raise NothingWaits(activity=activity)


def open_token(machine: Machine, activity: str) -> str:
    """Find the token of an open task or job; a stale activity instance is refused."""
    unbundle_one(machine.state, activity)
    unpark_one(machine.tokens, activity)
    for tid, token in machine.tokens.items():
        if token.get("activity") == activity and "open" in token and token["state"] == "active":
            return tid
    raise HumanTaskNotOpen(activity=activity)


def fire(machine: Machine, asked: Asked) -> None:
    """`{"do": "fire", "wait"}`: a timer's moment has come."""
    unbundle_one(machine.state, asked["wait"])
    wait = machine.waits.get(asked["wait"])
    if wait is None or wait["kind"] != "timer" or calendar.parse_moment(wait["due"]) > machine.now:
        raise NothingWaits(wait=asked["wait"])
    occur(machine, asked["wait"])


def message(machine: Machine, asked: Asked) -> None:
    """`{"do": "message", "name", "correlation"?, "payload"?, "wait"?, "to"?}`: one receiver gets a message."""
    if asked.get("wait"):
        unbundle_one(machine.state, asked["wait"])
    addressed = [asked["wait"]] if asked.get("wait") else listening(machine, "message")
    for wid in addressed:
        if wid in machine.waits and hears(machine.waits[wid], asked):
            converse(machine, machine.model.nodes[machine.waits[wid]["node"]], asked)
            return occur(machine, wid, asked.get("payload"))
    raise NothingWaits(name=asked["name"])


def converse(machine: Machine, node: Node, asked: Asked) -> None:
    """Remember the correlation properties with which a message has come, or that are found in what it carries."""
    given, payload = asked.get("correlation") or {}, asked.get("payload") or {}
    found = {key: given[key] for key in node.keys if key in given}
    for key, text in node.keys.items():
        if key not in given and payload:
            found[key] = machine.logic.value(text, lambda name: (name in payload, payload.get(name)))
    machine.converse(found)


def hears(wait: Wait, asked: Asked) -> bool:
    """Tell whether a wait is for this message: the message flow, else the name, fits, and all its keys are equal."""
    to = asked.get("to")
    if wait["kind"] != "message" or not (wait["node"] in to if to else wait.get("name") == asked["name"]):
        return False
    given = asked.get("correlation") or {}
    return all(key in given and given[key] == value for key, value in wait.get("correlation", {}).items())


def signal(machine: Machine, asked: Asked) -> None:
    """`{"do": "signal", "name", "payload"?}`: everybody in the case who listens hears it."""
    if not broadcast(machine, asked["name"], asked.get("payload")):
        raise NothingWaits(name=asked["name"])


def fail(machine: Machine, asked: Asked) -> None:
    """`{"do": "fail", "activity", "code"?, "message"?}`: a business error of a task or job."""
    tid = open_token(machine, str(asked["activity"]))
    code, words = asked.get("code"), asked.get("message")
    if climbing.raise_error(machine, tid, code, words):
        return
    token = machine.tokens[tid]
    token.pop("open", None)
    machine.tell("cancelled", token["node"], token.get("activity"))
    machine.stuck(tid, words or f"Nobody catches the error {code}.", "again")


def retry(machine: Machine, asked: Asked) -> None:
    """`{"do": "retry", "activity", "reason"?}`: try an incident again."""
    why = {"reason": asked["reason"]} if asked.get("reason") else {}
    for tid, token in machine.tokens.items():
        if token.get("activity") == asked["activity"] and token["state"] == "incident":
            token.pop("problem", None)
            token["state"] = "ready"
            machine.ready.append(tid)
            return machine.tell("incident-resolved", token["node"], token.get("activity"), **why)
    for wait in machine.waits.values():
        if wait.get("incident") == asked["activity"]:
            machine.dirty = True
            return machine.tell("incident-resolved", wait["node"], wait.pop("incident"), **why)
    raise NothingWaits(activity=asked["activity"])


def change(machine: Machine, asked: Asked) -> None:
    """`{"do": "change", "data", "activity"?}`: correct variables of the case, or those that an activity sees."""
    where = token_of(machine, asked["activity"]) if asked.get("activity") else root(machine)
    machine.take_in(where, asked["data"])


def cancel(machine: Machine, asked: Asked) -> None:
    """`{"do": "cancel"}`: end the case by an operator's decision."""
    sid = root(machine)
    clear(machine, sid)
    end(machine, sid, "terminated")


def root(machine: Machine) -> str:
    """Give the scope of the case itself."""
    for sid, scope in machine.scopes.items():
        if scope["owner"] is None:
            return sid
    raise InstanceNotRunning


COMMANDS: dict[str, Callable[[Machine, Asked], None]] = {
    "start": start,
    "complete": complete,
    "fire": fire,
    "message": message,
    "signal": signal,
    "fail": fail,
    "retry": retry,
    "change": change,
    "cancel": cancel,
    "move": move,
}
