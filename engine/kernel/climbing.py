"""Errors and escalations climb from the inside out until somebody catches them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.diagram import Node
from engine.errors import ScriptError
from engine.kernel.machine import Machine
from engine.kernel.occurring import boundary, start_event_sub
from engine.kernel.state import Token


@dataclass(frozen=True, slots=True)
class Catcher:
    """Who catches: a boundary event of an activity's token, or a start event in a scope."""

    node: Node
    #: The token of the activity, or the scope.
    where: str


#: What Starlark says of `fail("code")` and `fail("code", "a sentence")`.
_MEANT = re.compile(r"fail: (\S+)")


def fail_body(machine: Machine, tid: str, error: Exception) -> bool:
    """Throw what an activity's own text or action has failed with; tells whether somebody caught it.

    A script that merely went wrong says nothing of what it means, so any error event at it catches that. What goes
    wrong before another activity has begun its work, as a parameter, is never taken for what its work may answer.
    """
    code = code_of(error)
    catcher = raised(machine, tid, code, str(error), any_code=code is None and machine.node(tid).kind == "scriptTask")
    if catcher is not None:
        take(machine, catcher)
    return catcher is not None


def code_of(error: Exception) -> str | None:
    """Give the code of an error that a text throws on purpose, by `fail`; what merely went wrong has none."""
    meant = _MEANT.match(str(error)) if isinstance(error, ScriptError) else None
    return meant[1] if meant else None


def raise_error(machine: Machine, tid: str, code: str | None, message: str | None) -> bool:
    """Throw an error from a token; tells whether somebody caught it."""
    catcher = raised(machine, tid, code, message)
    if catcher is not None:
        take(machine, catcher)
    return catcher is not None


def raised(
    machine: Machine, tid: str, code: str | None, message: str | None, *, any_code: bool = False
) -> Catcher | None:
    """Tell of an error and find who catches it. One without a code is caught by what takes all, or by any."""
    thrower = machine.tokens[tid]
    node, activity = thrower["node"], thrower.get("activity")
    catcher = find(machine, tid, "error", code, any_code=any_code)
    caught_by = catcher.node.id if catcher else None
    machine.tell("error", node, activity, code=code, message=message, caught_by=caught_by)
    return catcher


def take(machine: Machine, catcher: Catcher) -> None:
    """Let the catcher act."""
    if catcher.where in machine.tokens:
        boundary(machine, catcher.node, catcher.where)
    else:
        start_event_sub(machine, catcher.node, catcher.where)


def find(machine: Machine, tid: str, kind: str, code: str | None, *, any_code: bool = False) -> Catcher | None:
    """Find the nearest catcher; at one place those that name the code go first, then those that take all."""
    for where, ids in places(machine, tid):
        nodes = [machine.model.nodes[i] for i in ids]
        fitting = [
            (trigger.name != code, not trigger.takes_all, node)
            for node in nodes
            for trigger in node.triggers
            if trigger.catches(kind, code) or (any_code and trigger.kind == kind)
        ]
        if fitting:
            return Catcher(min(fitting, key=lambda one: one[:2])[2], where)
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
