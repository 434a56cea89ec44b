"""Activities: quantity, boundary events, loop, then the body; and the way back out."""

from __future__ import annotations

from collections.abc import Callable

from engine.diagram import Node
from engine.kernel import adhoc, arming, choice, climbing, compensation, stores, supply
from engine.kernel.loops import LOOPS
from engine.kernel.machine import TROUBLE, Machine
from engine.kernel.state import Scope

#: What goes on in which phase; in any other the body is attempted.
_PHASES = {
    "turn": "arrive",
    "supply": "supply",
    "listen": "listen",
    "begin": "begin_all",
    "after": "after",
    "review": "review",
    "leave": "leave",
}


class Activity:
    """What all activities share. A kind of activity says in begin() what its body does.

    Phases: turn (no other one runs) · supply (the start quantity is there) · listen (so is the data) · begin (boundary
    events listen, now loop or body) · again (the body once more: round, item, retry) · after (the body is done, only
    what comes after it failed) · review (a multi-instance activity that couldn't judge its items) · leave (done, now
    choose flows).
    """

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        """Wait for the turn, the start quantity and the data, then listen at the boundaries."""
        if adhoc.waits_for_turn(machine, tid, node):
            machine.tokens[tid]["state"] = "turn"
        else:
            self.arrive(machine, tid, node)

    def arrive(self, machine: Machine, tid: str, node: Node) -> None:
        """Wait for the start quantity and the data."""
        if node.start_quantity == 1:
            self.supply(machine, tid, node)
        elif self.gather(machine, tid, node):
            machine.wake(tid, "supply")

    def supply(self, machine: Machine, tid: str, node: Node) -> None:
        """Wait for the data of an input set."""
        if supply.supplied(machine, tid, node):
            self.listen(machine, tid, node)
        else:
            machine.tokens[tid]["state"] = "data"

    def listen(self, machine: Machine, tid: str, node: Node) -> None:
        """Listen at the boundaries; the body begins after what occurs at once has occurred."""
        machine.disarm(machine.tokens[tid])
        for boundary in node.boundaries:
            arming.arm(machine, machine.model.nodes[boundary], tid)
        machine.wake(tid, "begin")

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        """Go on in one of the phases."""
        machine.tokens[tid]["state"] = "active"
        go_on: Callable[[Machine, str, Node], None] = getattr(self, _PHASES.get(phase, "attempt"))
        go_on(machine, tid, node)

    def begin_all(self, machine: Machine, tid: str, node: Node) -> None:
        """Take the data in, then begin the loop or the body."""
        if node.takes or node.private or node.reads:
            machine.tokens[tid]["vars"] = {
                **dict.fromkeys(node.private),
                **machine.copies(tid, supply.taken(machine, tid, node)),
                **stores.read(machine, tid, node, supply.names_taken(machine, tid, node)),
            }
        if node.loop is not None:
            LOOPS[node.loop.kind].start(machine, tid, node)
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

    def review(self, machine: Machine, tid: str, node: Node) -> None:
        """Judge anew whether all rounds or items are done."""
        if node.loop is not None:
            LOOPS[node.loop.kind].review(machine, tid, node)

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
            if not climbing.fail_body(machine, tid, error):
                machine.stuck(tid, str(error), "again")

    def begin(self, machine: Machine, tid: str, node: Node) -> None:
        """Do what this kind of activity does."""
        raise NotImplementedError

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
            if not climbing.fail_body(machine, tid, error):
                machine.stuck(tid, str(error), "after")
                if scope is not None:
                    token["ran"] = scope
            return
        machine.passed(tid, node)
        if node.loop is None:
            compensation.remember(machine, token["scope"], compensation.entry_of(machine, node, scope))
            machine.leave(tid)
        else:
            LOOPS[node.loop.kind].next(machine, tid, node, scope)

    def after(self, machine: Machine, tid: str, node: Node) -> None:
        """Try what comes after the body again; the body is done."""
        self.body_done(machine, tid, node, machine.tokens[tid].pop("ran", None))

    def leave(self, machine: Machine, tid: str, node: Node) -> None:
        """Give the data out and take the outgoing flows."""
        given = machine.copies(tid, supply.given(machine, tid, node)) if node.gives or node.output_sets else {}
        if node.writes:
            stores.write(machine, tid, node, supply.unset(machine, tid, node))
        machine.take_in(tid, given)
        scope = machine.scopes[machine.tokens[tid]["scope"]]
        is_ad_hoc = machine.model.nodes[scope["node"]].kind == "adHocSubProcess"
        if is_ad_hoc and adhoc.is_closing(machine, scope):
            return machine.consume(tid)
        machine.follow(tid, choice.some(machine, tid, node), node.completion_quantity)
        if is_ad_hoc and adhoc.is_open(machine, scope):
            body = machine.model.nodes[scope["node"]]
            machine.behaviour(body).resume(machine, scope["owner"] or "", body, "completion")
