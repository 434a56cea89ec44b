"""Events as elements: start, end, intermediate throw and catch, boundary."""

from __future__ import annotations

from engine.diagram import Node
from engine.kernel import arming, stores, throwing
from engine.kernel.machine import Machine, Stuck
from engine.kernel.state import Scope


class Event:
    """What events share: a token passes and goes on."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        """Pass at once."""
        self.pass_on(machine, tid, node)

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        """Go on after what was waited for has occurred."""
        self.pass_on(machine, tid, node)

    def caught(self, machine: Machine, tid: str, node: Node) -> None:
        """Pass when its turn comes: what fails on the way out is this token's trouble, not the sender's."""
        machine.wake(tid, "pass")

    def body_done(self, machine: Machine, tid: str, node: Node, scope: Scope | None = None) -> None:
        """Events have no body."""
        raise Stuck(f"A {node.kind} has no body.")

    def pass_on(self, machine: Machine, tid: str, node: Node) -> None:
        """Tell that the event is done, give its data out and take its flows."""
        given = machine.copies(tid, node.gives)
        stores.write(machine, tid, node)
        machine.take_in(tid, given)
        machine.passed(tid, node)
        machine.follow(tid, node.outgoing)


class Throw(Event):
    """Intermediate throw event and end event; an end event has no flows, so its token is consumed."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        throwing.begin(machine, tid, node)

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        throwing.go_on(machine, tid, node, self.pass_on)


class Catch(Event):
    """Intermediate catch event."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        if any(trigger.kind == "link" for trigger in node.triggers):
            return self.pass_on(machine, tid, node)
        if not node.triggers:
            raise Stuck("The event doesn't say what it waits for.")
        machine.tokens[tid]["state"] = "active"
        arming.arm(machine, node, tid)
