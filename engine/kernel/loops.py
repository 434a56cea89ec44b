"""Loop markers: the same activity again, one round after another or item beside item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from engine.diagram import Loop, Node, Trigger
from engine.kernel import compensation, logs
from engine.kernel.cancelling import cancel_items
from engine.kernel.machine import TROUBLE, Machine, Stuck
from engine.kernel.occurring import boundary
from engine.kernel.state import Entry, Scope, Token
from engine.model import Json, Variables

#: What the marker itself lets the activity see.
COUNTERS = (
    *("loopCounter", "numberOfInstances", "numberOfActiveInstances"),
    *("numberOfCompletedInstances", "numberOfTerminatedInstances"),
)


class Loops(Protocol):
    """What a loop marker does."""

    def start(self, machine: Machine, tid: str, node: Node) -> None:
        """Begin with the first round or the items."""

    def next(self, machine: Machine, tid: str, node: Node, scope: Scope | None) -> None:
        """Go on after a round or an item; `scope` is what ran in it."""

    def review(self, machine: Machine, tid: str, node: Node) -> None:
        """Judge whether the whole is done."""


def loop_of(node: Node) -> Loop:
    """Give the loop marker of a node that has one."""
    assert node.loop is not None
    return node.loop


def finish(machine: Machine, tid: str, node: Node) -> None:
    """Let the whole activity be done; what its rounds or items did is one entry of the scope's log."""
    token = machine.tokens[tid]
    log = token.pop("log", [])
    if log:
        compensation.remember(machine, token["scope"], Entry(node=node.id, log=log))
    for name in COUNTERS:
        token.get("vars", {}).pop(name, None)
    machine.leave(tid)


class Standard:
    """As long as a condition holds, tested before or after each round, at most so many times."""

    def start(self, machine: Machine, tid: str, node: Node) -> None:
        loop, token = loop_of(node), machine.tokens[tid]
        if loop.maximum is not None and loop.maximum < 1:
            raise Stuck(f"The loop maximum {loop.maximum} is not positive.")
        if loop.condition is None and loop.maximum is None:
            raise Stuck("The loop has neither a condition nor a maximum.")
        token.setdefault("vars", {})["loopCounter"] = 0
        if loop.test_before and loop.condition and not machine.truth(tid, loop.condition):
            return finish(machine, tid, node)
        self.round(machine, tid)

    def round(self, machine: Machine, tid: str) -> None:
        """Begin the next round."""
        machine.tokens[tid].setdefault("vars", {})["loopCounter"] += 1
        machine.wake(tid, "again")

    def next(self, machine: Machine, tid: str, node: Node, scope: Scope | None) -> None:
        token = machine.tokens[tid]
        entry = compensation.entry_of(machine, node, scope)
        if entry is not None:
            logs.append(token.setdefault("log", []), entry)
        machine.wake(tid, "review")

    def review(self, machine: Machine, tid: str, node: Node) -> None:
        loop, rounds = loop_of(node), machine.tokens[tid].get("vars", {})["loopCounter"]
        full = loop.maximum is not None and rounds >= loop.maximum
        if full or (loop.condition and not machine.truth(tid, loop.condition)):
            finish(machine, tid, node)
        else:
            self.round(machine, tid)


def _whole(number: Json) -> Json:
    """Give 2 for 2.0: JSON and its schemas know one kind of whole numbers."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class Multi:
    """Multi-instance. The activity's token counts; each open item is a token of its own with its own variables."""

    def start(self, machine: Machine, tid: str, node: Node) -> None:
        loop, token = loop_of(node), machine.tokens[tid]
        items = self.items(machine, tid, loop)
        total = len(items) if items is not None else _whole(machine.value(tid, loop.cardinality or "0"))
        if not isinstance(total, int) or isinstance(total, bool) or total < 0:
            raise Stuck(f"The number of items {total!r} is not a whole number from zero up.")
        token["state"] = "multi"
        token["total"], token["started"], token["done"] = total, 0, 0
        if items is not None and loop.item:
            token["items"] = items
        for _ in range(total if loop.kind == "parallel" else min(total, 1)):
            self.item(machine, tid, node)
        if not total:
            self.finish(machine, tid, node)

    def items(self, machine: Machine, tid: str, loop: Loop) -> list[Json] | None:
        """Give what to go over; None where only a number is given."""
        if not loop.collection:
            return None
        items = machine.value(tid, loop.collection)
        if not isinstance(items, (list, tuple, dict)):
            raise Stuck(f"{loop.collection} is not a list.")
        return list(items)

    def item(self, machine: Machine, tid: str, node: Node) -> None:
        """Begin the next item."""
        token = machine.tokens[tid]
        machine.put(node.id, token["scope"], of=tid, i=token["started"], phase="again")
        token["started"] += 1

    def next(self, machine: Machine, tid: str, node: Node, scope: Scope | None) -> None:
        loop, item = loop_of(node), machine.tokens[tid]
        whole = item["of"]
        token = machine.tokens[whole]
        own = {**machine.layers.item_variables(item), **item.get("vars", {})}
        if loop.output and loop.output_item:
            token.setdefault("out", {})[str(item["i"])] = own.get(loop.output_item)
        entry = compensation.entry_of(machine, node, scope, own)
        if entry is not None:
            logs.append(token.setdefault("log", []), entry)
        machine.drop(tid)
        token["done"] += 1
        self.judge(machine, whole, node, thrown=False)

    def review(self, machine: Machine, tid: str, node: Node) -> None:
        self.judge(machine, tid, node, thrown=True)

    def judge(self, machine: Machine, tid: str, node: Node, thrown: bool) -> None:
        """Throw what is to be thrown after an item, then go on, or stop when the completion condition holds."""
        loop, token = loop_of(node), machine.tokens[tid]
        token["state"] = "multi"
        token.setdefault("vars", {}).update(counts(token))
        try:
            stop = not thrown and self.throw(machine, tid, node)
            stop = stop or bool(loop.condition and machine.truth(tid, loop.condition))
        except TROUBLE as error:
            return machine.stuck(tid, str(error), "review")
        if stop:
            cancel_items(machine, tid)
        if stop or token["done"] == token["total"]:
            self.finish(machine, tid, node)
        elif loop.kind == "sequential" and token["started"] == token["done"]:
            self.item(machine, tid, node)

    def throw(self, machine: Machine, tid: str, node: Node) -> bool:
        """Throw what the activity throws by itself when an item is done; tells whether a complex behaviour ends it.

        Its own boundary events catch it, and it goes on.
        """
        loop = loop_of(node)
        holding = [
            trigger
            for text, trigger in loop.complex
            if loop.behaviour == "Complex" and text and machine.truth(tid, text)
        ]
        for trigger in [*self.simple_throws(loop, machine.tokens[tid]), *filter(None, holding)]:
            for found in (machine.model.nodes[b] for b in node.boundaries):
                if any(t.kind == trigger.kind and t.name == trigger.name for t in found.triggers):
                    boundary(machine, found, tid, interrupting=False)
        return bool(holding)

    def simple_throws(self, loop: Loop, token: Token) -> Iterator[Trigger]:
        """Give what is thrown after each item (None) or after the first (One)."""
        after_this = loop.behaviour == "None" or (loop.behaviour == "One" and token["done"] == 1)
        if after_this and loop.throws is not None:
            yield loop.throws

    def finish(self, machine: Machine, tid: str, node: Node) -> None:
        """Gather the results in the order of the items."""
        token, loop = machine.tokens[tid], loop_of(node)
        ready = [machine.layers.read(part) for part in token.get("ready", {}).values()]
        out = {i: value for part in (*ready, token.get("out", {})) for i, value in part.items()}
        if loop.output and loop.output_item:
            machine.take_in(tid, {loop.output: [machine.layers.read(out[i]) for i in sorted(out, key=int)]})
        for key in ("total", "started", "done", "out", "items", "per", "slices", "ready"):
            token.pop(key, None)  # type: ignore[misc]
        finish(machine, tid, node)


def counts(token: Token) -> Variables:
    """Give the standard's counting attributes of a multi-instance activity."""
    return {
        "numberOfInstances": token["total"],
        "numberOfActiveInstances": token["started"] - token["done"],
        "numberOfCompletedInstances": token["done"],
        "numberOfTerminatedInstances": 0,
    }


LOOPS: dict[str, Loops] = {"standard": Standard(), "parallel": Multi(), "sequential": Multi()}
