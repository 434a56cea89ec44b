"""Activities with something running inside: sub-processes, ad-hoc ones, called processes; and the end of a scope."""

from __future__ import annotations

from engine.diagram import Node
from engine.kernel import adhoc, arming, compensation, gateways
from engine.kernel.activities import Activity
from engine.kernel.machine import TROUBLE, Machine, Stuck
from engine.kernel.state import Scope
from engine.model import Json, Variables


def fill(machine: Machine, sid: str, body: Node, starts: list[str]) -> None:
    """Listen for event sub-processes and put the first tokens; a body with nothing in it is done."""
    try:
        arming.arm_event_subs(machine, sid, body)
    except TROUBLE:
        machine.close_scope(sid)
        raise
    for start in starts:
        machine.put(start, sid)
    machine.check_done(sid)


class SubProcess(Activity):
    """A sub-process, transaction or event sub-process."""

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        sid = machine.open_scope(node, tid)
        start = machine.tokens[tid].pop("start", None)
        fill(machine, sid, node, [start] if start else node.starts)


class AdHoc(SubProcess):
    """An ad-hoc sub-process: all that nothing leads to begins, some of it again, until the condition holds.

    Phase: completion (an activity is done, only the condition couldn't be judged).
    """

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        if phase == "completion":
            machine.tokens[tid]["state"] = "active"
            self.review(machine, tid, node)
        else:
            super().resume(machine, tid, node, phase)

    def review(self, machine: Machine, tid: str, node: Node) -> None:
        """After each activity: is the completion condition met?"""
        for sid in [sid for sid, s in machine.scopes.items() if s["owner"] == tid and adhoc.is_open(machine, s)]:
            try:
                met = machine.truth(sid, node.completion or "False")
            except TROUBLE as error:
                return machine.stuck(tid, str(error), "completion")
            if met:
                adhoc.close(machine, sid, node)
            else:
                adhoc.offer(machine, sid)


class Call(Activity):
    """A called process. It sees a copy of the variables, and what it changed comes back, unless the call says what.

    Phase: results (the process is done, only what comes out of it couldn't be told).
    """

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        if phase == "results":
            machine.tokens[tid]["state"] = "active"
            machine.finished += [sid for sid, scope in machine.scopes.items() if scope["owner"] == tid]
        else:
            super().resume(machine, tid, node, phase)

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        callee = machine.model.nodes.get(node.called or "")
        if callee is None or callee.kind != "process":
            raise Stuck(f"The called process {node.called} isn't there.")
        sid = machine.open_scope(callee, tid, self.given(machine, tid, node))
        machine.scopes[sid]["changed"] = []
        fill(machine, sid, callee, plain_starts(machine, callee))

    def given(self, machine: Machine, tid: str, node: Node) -> Variables:
        """Give the variables that go in."""
        if not node.inputs:
            return machine.layers.held(tid)
        return machine.values(tid, dict(node.inputs))

    def taken(self, machine: Machine, sid: str, node: Node) -> Variables:
        """Give the variables that come out."""
        scope = machine.scopes[sid]
        changed = scope.get("changed", [])
        if not node.outputs:
            return machine.layers.read_all({name: scope["vars"][name] for name in changed})
        inner, outer = machine.lookup(sid), machine.lookup(scope["owner"] or sid)

        def find(name: str) -> tuple[bool, Json]:
            # What was copied and not changed is the caller's: corrected there, it is right here too.
            outside = (False, None) if node.inputs or name in changed else outer(name)
            return outside if outside[0] else inner(name)

        return {name: machine.logic.value(text, find) for name, text in node.outputs}


def plain_starts(machine: Machine, body: Node) -> list[str]:
    """Give where a process begins that was started by nothing in particular."""
    nodes = [machine.model.nodes[s] for s in body.starts]
    return [n.id for n in nodes if not n.instantiate and (not n.triggers or n.kind != "startEvent")]


def finish_scope(machine: Machine, sid: str) -> None:
    """Go on when the last token of a body is gone."""
    scope = machine.scopes.get(sid)
    if scope is None or scope["n"]:
        return
    if scope.get("reset"):
        return gateways.reset_one(machine, sid, scope)
    if adhoc.is_open(machine, scope):
        adhoc.offer(machine, sid)
    elif scope["owner"] is None:
        end(machine, sid, "completed")
    else:
        hand_back(machine, sid, scope, scope["owner"])


def hand_back(machine: Machine, sid: str, scope: Scope, owner: str) -> None:
    """Close a body's scope and let the activity that ran it go on."""
    node = machine.node(owner)
    if scope.get("undoing"):
        machine.close_scope(sid)
        return compensation.undo_next(machine, owner)
    try:
        results = CALL.taken(machine, sid, node) if "changed" in scope else {}
    except TROUBLE as error:
        return machine.stuck(owner, str(error), "results")
    machine.close_scope(sid)
    machine.take_in(owner, results)
    if node.event_sub:
        machine.passed(owner, node)
        compensation.remember(machine, machine.tokens[owner]["scope"], compensation.entry_of(machine, node, scope))
        machine.consume(owner)
    else:
        machine.behaviour(node).body_done(machine, owner, node, scope)


def end(machine: Machine, sid: str, status: str) -> None:
    """End the case; its variables stay."""
    scope = machine.close_scope(sid)
    machine.state["status"] = status
    machine.state["data"] = scope["vars"]
    machine.tell("ended", status=status)


CALL = Call()
