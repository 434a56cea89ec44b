"""Activities: quantity, boundary events, loop, then the body; and the way back out."""

from __future__ import annotations

from engine.diagram import Loop, Node
from engine.kernel import arming, choice, climbing, compensation
from engine.kernel.loops import LOOPS, Loops
from engine.kernel.machine import TROUBLE, Machine
from engine.kernel.state import Scope


class Activity:
    """What all activities share. A kind of activity says in begin() what its body does.

    Phases: listen (the start quantity is there) · begin (boundary events listen, now loop or body) · again (the body
    once more: round, item, retry) · review (a multi-instance activity that couldn't judge its items) · leave (done,
    now choose flows).
    """

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        """Wait for the start quantity, then listen at the boundaries."""
        if node.start_quantity == 1:
            self.listen(machine, tid, node)
        elif self.gather(machine, tid, node):
            machine.wake(tid, "listen")

    def listen(self, machine: Machine, tid: str, node: Node) -> None:
        """Listen at the boundaries; the body begins after what occurs at once has occurred."""
        machine.disarm(machine.tokens[tid])
        for boundary in node.boundaries:
            arming.arm(machine, machine.model.nodes[boundary], tid)
        machine.wake(tid, "begin")

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        """Go on in one of the phases."""
        machine.tokens[tid]["state"] = "active"
        if phase == "leave":
            self.leave(machine, tid, node)
        elif phase == "listen":
            self.listen(machine, tid, node)
        elif phase == "review" and node.loop is not None:
            self.loop(node.loop).review(machine, tid, node)
        elif phase == "begin":
            self.begin_all(machine, tid, node)
        else:
            self.attempt(machine, tid, node)

    def begin_all(self, machine: Machine, tid: str, node: Node) -> None:
        """Take the data in, then begin the loop or the body."""
        if node.takes or node.private:
            machine.tokens[tid]["vars"] = {**dict.fromkeys(node.private), **machine.copies(tid, node.takes)}
        if node.loop is not None:
            self.loop(node.loop).start(machine, tid, node)
        else:
            self.attempt(machine, tid, node)

    def gather(self, machine: Machine, tid: str, node: Node) -> bool:
        """Wait until as many tokens have come as the start quantity says; they become one."""
        machine.tokens[tid]["state"] = "join"
        waiting = machine.at(node.id, machine.tokens[tid]["scope"])
        if len(waiting) < node.start_quantity:
            return False
        for other in [t for t in waiting if t != tid][: node.start_quantity - 1]:
            machine.drop(other)
        return True

    def loop(self, loop: Loop) -> Loops:
        """Give what the loop marker does."""
        return LOOPS[loop.kind]

    def attempt(self, machine: Machine, tid: str, node: Node) -> None:
        """Run the body as a fresh activity instance; what fails in it is an error that a boundary event may catch."""
        token = machine.tokens[tid]
        token["activity"] = machine.id("a")
        item = {"item": token["i"]} if "of" in token else {}
        machine.tell("entered", node.id, token["activity"], **item)
        try:
            if node.before:
                machine.take_in(tid, machine.logic.script(node.before, machine.lookup(tid)))
            self.begin(machine, tid, node)
        except TROUBLE as error:
            if tid not in machine.tokens:
                raise
            if not climbing.raise_error(machine, tid, None, str(error)):
                machine.stuck(tid, str(error), "again")

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        """Do what this kind of activity does."""
        raise NotImplementedError

    def given_out(self, machine: Machine, tid: str, node: Node) -> list[tuple[str, str]]:
        """Give the data associations out of the activity, without outputs that it has not set."""
        own = machine.tokens[tid].get("vars", {})
        unset = {name for name in node.private if own.get(name) is None}
        return [(name, text) for name, text in node.gives if text not in unset]

    def caught(self, machine: Machine, tid: str, node: Node) -> None:
        """Go on after an event that the body waited for."""
        self.body_done(machine, tid, node)

    def body_done(self, machine: Machine, tid: str, node: Node, scope: Scope | None = None) -> None:
        """One run of the body is over: the next item or round, or the way out."""
        token = machine.tokens[tid]
        if token.pop("open", None):
            machine.tell("closed", node.id, token.get("activity"))
        try:
            if node.after:
                machine.take_in(tid, machine.logic.script(node.after, machine.lookup(tid)))
        except TROUBLE as error:
            if not climbing.raise_error(machine, tid, None, str(error)):
                machine.stuck(tid, str(error), "again")
            return
        machine.passed(tid, node)
        if node.loop is None:
            compensation.remember(machine, token["scope"], compensation.entry_of(machine, node, scope))
            machine.leave(tid)
        else:
            self.loop(node.loop).next(machine, tid, node, scope)

    def leave(self, machine: Machine, tid: str, node: Node) -> None:
        """Give the data out and take the outgoing flows."""
        machine.take_in(tid, machine.copies(tid, self.given_out(machine, tid, node)))
        flows, sid = choice.some(machine, tid, node), machine.tokens[tid]["scope"]
        machine.follow(tid, flows, node.completion_quantity)
        scope, body = machine.scopes.get(sid), machine.model.nodes.get(node.parent or "")
        if body and body.completion and body.kind == "adHocSubProcess" and scope and not scope.get("undoing"):
            machine.behaviour(body).resume(machine, scope["owner"] or "", body, "completion")
