"""Gateways: where tokens split and meet."""

from __future__ import annotations

from collections.abc import Iterable

from engine.diagram import Flow, Node
from engine.kernel import arming, choice
from engine.kernel.graph import has_undecided_joins, upstream
from engine.kernel.machine import TROUBLE, Machine, Stuck
from engine.kernel.state import Scope


class Gateway:
    """What gateways share."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        """Take a token that has arrived."""
        raise NotImplementedError

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        """Go on with a token that was stuck while it chose its way."""
        self.go(machine, tid, node)

    def go(self, machine: Machine, tid: str, node: Node) -> None:
        """Choose the ways out and take them."""
        flows = self.choose(machine, tid, node)
        machine.passed(tid, node)
        machine.follow(tid, flows)

    def choose(self, machine: Machine, tid: str, node: Node) -> list[Flow]:
        """Give the flows that the token takes."""
        raise NotImplementedError

    def caught(self, machine: Machine, tid: str, node: Node) -> None:
        """Gateways catch nothing themselves."""
        raise Stuck(f"A {node.kind} catches nothing.")

    def body_done(self, machine: Machine, tid: str, node: Node, scope: Scope | None = None) -> None:
        """Gateways have no body."""
        raise Stuck(f"A {node.kind} has no body.")


class Exclusive(Gateway):
    """Every token by itself takes one way."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        self.go(machine, tid, node)

    def choose(self, machine: Machine, tid: str, node: Node) -> list[Flow]:
        return choice.one(machine, tid, node)


class Parallel(Gateway):
    """One token from every way in becomes one on every way out."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        if len(node.incoming) > 1:
            machine.tokens[tid]["state"] = "join"
            waiting = one_per_flow(machine, machine.tokens[tid]["scope"], node)
            if len(waiting) < len(node.incoming):
                return
            for other in waiting.values():
                if other != tid:
                    machine.drop(other)
        self.go(machine, tid, node)

    def choose(self, machine: Machine, tid: str, node: Node) -> list[Flow]:
        return node.outgoing


class Inclusive(Gateway):
    """Joins all that can still come; splits by every condition that holds."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        if len(node.incoming) > 1:
            machine.tokens[tid]["state"] = "join"
        else:
            self.go(machine, tid, node)

    def choose(self, machine: Machine, tid: str, node: Node) -> list[Flow]:
        return choice.some(machine, tid, node)

    def at_rest(self, machine: Machine, sid: str, node: Node) -> bool:
        """Fire when no token can still reach a free way in (BPMN 2.0.2, 13.4.3); tells whether it did."""
        waiting = one_per_flow(machine, sid, node)
        if not waiting or blocked(machine, sid, node, waiting):
            return False
        first, *rest = waiting.values()
        for tid in rest:
            machine.drop(tid)
        try:
            self.go(machine, first, node)
        except TROUBLE as error:
            machine.stuck(first, str(error), "go")
        return True


class Complex(Inclusive):
    """Starts when its condition on activationCount holds; the ways in not used then only reset it (BPMN 13.4.5)."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        if not node.activation:
            return super().enter(machine, tid, node)
        token = machine.tokens[tid]
        token["state"] = "join"
        sid = token["scope"]
        if node.id in machine.scopes[sid].get("reset", {}):
            return
        waiting = one_per_flow(machine, sid, node)
        token["vars"] = {"activationCount": len(waiting), "waitingForStart": True}
        if machine.truth(tid, node.activation):
            self.activate(machine, tid, node, waiting)

    def activate(self, machine: Machine, tid: str, node: Node, waiting: dict[str, str]) -> None:
        """Send one token on for all that have come."""
        sid = machine.tokens[tid]["scope"]
        for other in waiting.values():
            if other != tid:
                machine.drop(other)
        if len(waiting) < len(node.incoming):
            machine.scopes[sid].setdefault("reset", {})[node.id] = list(waiting)
        # From here on the token is through: a retry must not wait for the others again.
        machine.wake(tid, "go")

    def at_rest(self, machine: Machine, sid: str, node: Node) -> bool:
        if not node.activation:
            return super().at_rest(machine, sid, node)
        reset = machine.scopes[sid].get("reset", {})
        if node.id not in reset:
            return False
        used = reset[node.id]
        late = {flow: tid for flow, tid in one_per_flow(machine, sid, node).items() if flow not in used}
        if blocked(machine, sid, node, {*used, *late}):
            return False
        del reset[node.id]
        self.reset(machine, sid, node, late)
        for tid in machine.at(node.id, sid):
            machine.tokens[tid]["state"] = "ready"
            machine.ready.append(tid)
        return True

    def reset(self, machine: Machine, sid: str, node: Node, late: dict[str, str]) -> None:
        """Take the late tokens; flows whose condition holds now get one, and it is no trouble when none does."""
        tid = machine.put(node.id, sid)
        token = machine.tokens[tid]
        token["state"], token["vars"] = "active", {"activationCount": len(late), "waitingForStart": False}
        for other in late.values():
            machine.drop(other)
        try:
            flows = [f for f in node.outgoing if f.condition and machine.truth(tid, f.condition)]
        except TROUBLE as error:
            return machine.stuck(tid, str(error), "go")
        machine.follow(tid, flows)


class EventBased(Gateway):
    """Waits for the first of several events; the token stands here until one occurs."""

    def enter(self, machine: Machine, tid: str, node: Node) -> None:
        for flow in node.outgoing:
            arming.arm(machine, machine.model.nodes[flow.target], tid)
        machine.passed(tid, node)
        machine.tokens[tid]["state"] = "gate"

    def resume(self, machine: Machine, tid: str, node: Node, phase: str) -> None:
        self.enter(machine, tid, node)


def one_per_flow(machine: Machine, sid: str, node: Node) -> dict[str, str]:
    """Give for each incoming flow the token that has waited longest."""
    waiting: dict[str, str] = {}
    for tid in machine.at(node.id, sid):
        waiting.setdefault(machine.tokens[tid].get("via", ""), tid)
    return waiting


def blocked(machine: Machine, sid: str, node: Node, covered: Iterable[str]) -> bool:
    """Tell whether some token can still come over a free flow, and not over a covered one."""
    taken = set(covered)
    free = [flow for flow in node.incoming if flow.id not in taken]
    if not free:
        return False
    held = [flow for flow in node.incoming if flow.id in taken]
    places = {
        t["node"] for t in machine.tokens.values() if t["scope"] == sid and t["node"] != node.id and "of" not in t
    }
    return any(
        any(place in upstream(machine.model, flow) for flow in free)
        and not any(place in upstream(machine.model, flow) for flow in held)
        for place in places
    )


INCLUSIVE, COMPLEX = Inclusive(), Complex()
UNDECIDED: dict[str, Inclusive] = {"inclusiveGateway": INCLUSIVE, "complexGateway": COMPLEX}


def reset_one(machine: Machine, sid: str, scope: Scope) -> None:
    """Let a complex gateway that has started reset before its body ends: nothing comes any more, yet it may go on."""
    COMPLEX.at_rest(machine, sid, machine.model.nodes[min(scope["reset"])])


def fire_joins(machine: Machine) -> bool:
    """Let one join fire that can only be judged when every other token rests; tells whether one did."""
    if not has_undecided_joins(machine.model):
        return False
    spots = {(t["scope"], t["node"]) for t in machine.tokens.values() if t["state"] == "join"}
    spots |= {(sid, node) for sid, scope in machine.scopes.items() for node in scope.get("reset", ())}
    for sid, node_id in sorted(spots):
        node = machine.model.nodes[node_id]
        if node.kind in UNDECIDED and UNDECIDED[node.kind].at_rest(machine, sid, node):
            return True
    return False
