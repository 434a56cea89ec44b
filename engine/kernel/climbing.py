"""Errors and escalations climb from the inside out until somebody catches them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.diagram import Node
from engine.kernel.machine import Machine
from engine.kernel.occurring import boundary, start_event_sub
from engine.kernel.state import Token


@dataclass(frozen=True, slots=True)
class Catcher:
    """Who catches: a boundary event of an activity's token, or a start event in a scope."""

    node: Node
    #: The token of the activity, or the scope.
    where: str


def raise_error(machine: Machine, tid: str, code: str | None, message: str | None) -> bool:
    """Throw an error from a token; tells whether somebody caught it."""
    catcher = raised(machine, tid, code, message)
    if catcher is not None:
        take(machine, catcher)
    return catcher is not None


def raised(machine: Machine, tid: str, code: str | None, message: str | None) -> Catcher | None:
    """Tell of an error and find who catches it. An error without a code fits every catcher."""
    thrower = machine.tokens[tid]
    node, activity = thrower["node"], thrower.get("activity")
    catcher = find(machine, tid, "error", code, code is None)
    caught_by = catcher.node.id if catcher else None
    machine.tell("error", node, activity, code=code, message=message, caught_by=caught_by)
    return catcher


def take(machine: Machine, catcher: Catcher) -> None:
    """Let the catcher act."""
    if catcher.where in machine.tokens:
        boundary(machine, catcher.node, catcher.where)
    else:
        start_event_sub(machine, catcher.node, catcher.where)


def find(machine: Machine, tid: str, kind: str, code: str | None, any_code: bool) -> Catcher | None:
    """Find the nearest catcher; at one place those that name the code go before those that take all."""
    for where, ids in places(machine, tid):
        nodes = [machine.model.nodes[i] for i in ids]
        fitting = [
            (trigger.name is None, node)
            for node in nodes
            for trigger in node.triggers
            if trigger.kind == kind and (any_code or trigger.name in (None, code))
        ]
        if fitting:
            return Catcher(min(fitting, key=lambda pair: pair[0])[1], where)
    return None


def places(machine: Machine, tid: str) -> Iterator[tuple[str, Iterable[str]]]:
    """Give, from the inside out, tokens and scopes with the catching nodes they have."""
    at: str | None = tid
    while at is not None:
        at = whole(machine, at)
        token = machine.tokens[at]
        if at != tid or is_running(token):
            yield at, machine.node(at).boundaries
        sid = token["scope"]
        scope = machine.scopes[sid]
        # What an event sub-process throws isn't caught by a sibling in the scope that it has taken over.
        if not machine.node(at).event_sub and not scope.get("interrupted"):
            yield sid, [s for e in machine.model.nodes[scope["node"]].event_subs for s in machine.model.nodes[e].starts]
        at = scope["owner"]


def whole(machine: Machine, tid: str) -> str:
    """Give the token of the whole activity that an item belongs to; boundary events sit on the whole."""
    while "of" in machine.tokens[tid]:
        tid = machine.tokens[tid]["of"]
    return tid


def is_running(token: Token) -> bool:
    """Tell whether a token is inside its activity, so that its own boundary events catch."""
    return token["state"] in ("active", "multi", "incident")
