"""Makes a model smaller without changing what soundness asks.

Tasks in a row become one, and so do blocks whose split and join fit: what lies between always comes through. Without
this, ten branches of twenty tasks have more states than anybody can visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.diagram import Flow, Loop, Model, Node

#: Tasks that wait for somebody; the others are done at once.
WAITING = frozenset({"task", "userTask", "manualTask", "serviceTask"})
SIMPLE = WAITING | {"scriptTask", "businessRuleTask"}
BLOCKS = frozenset({"parallelGateway", "inclusiveGateway", "exclusiveGateway"})


@dataclass
class Reduced:
    """A smaller model, and what its nodes stand for."""

    model: Model
    #: Node that stayed → flows and nodes on the way through it, itself included; only where it stands for more.
    ways: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Node that stayed → all nodes that are reached when it is.
    members: dict[str, frozenset[str]] = field(default_factory=dict)


def reduce(model: Model) -> Reduced:
    """Give the smaller model."""
    nodes = {
        i: replace(n, incoming=[*n.incoming], outgoing=[*n.outgoing], members=[*n.members], loop=_uncounted(n.loop))
        for i, n in model.nodes.items()
    }
    reduced = Reduced(replace(model, nodes=nodes, flows=dict(model.flows), memo={}))
    caught = any(t.kind == "error" for n in nodes.values() for t in n.triggers if n.kind != "endEvent")
    reducer = _Reducer(reduced, WAITING if caught else SIMPLE)
    todo = list(nodes)
    while todo:
        node = nodes.get(todo.pop())
        if node is not None:
            todo += reducer.at(node)
    return reduced


def _uncounted(loop: Loop | None) -> Loop | None:
    """Let a loop of so many rounds end after any of them: one round looks like the other where data doesn't matter."""
    if loop is None or loop.kind != "standard" or loop.condition or loop.maximum is None or loop.maximum < 2:
        return loop
    return replace(loop, condition=f"loopCounter < {loop.maximum}", maximum=None, test_before=False)


class _Reducer:
    def __init__(self, reduced: Reduced, kinds: frozenset[str]) -> None:
        self.reduced, self.kinds = reduced, kinds
        self.nodes = reduced.model.nodes

    def at(self, node: Node) -> Iterator[str]:
        """Reduce what begins at a node; gives where to look again."""
        if self.is_simple(node) and self.row(node):
            return iter([node.id, *(f.source for f in node.incoming)])
        if node.kind in BLOCKS and self.block(node):
            return iter([node.id, *(f.source for f in node.incoming)])
        return iter(())

    def is_simple(self, node: Node) -> bool:
        """Say whether a node is a task that takes one token and gives one."""
        parent = self.nodes.get(node.parent or "")
        plain = node.kind in self.kinds and not (node.boundaries or node.loop or node.compensation or node.instantiate)
        once = node.start_quantity == node.completion_quantity == 1
        through = len(node.outgoing) == 1 and node.outgoing[0].condition is None
        return plain and once and through and parent is not None and parent.kind != "adHocSubProcess"

    def row(self, first: Node) -> bool:
        """Make one of a task and what follows it: another task, or the end."""
        flow = first.outgoing[0]
        second = self.nodes[flow.target]
        if second is first or len(second.incoming) != 1 or second.parent != first.parent:
            return False
        if self.is_simple(second):
            waits = second.kind if second.kind in WAITING else first.kind
            self.become(first, waits, second.outgoing, [first.id, flow.id, second.id], [second])
            return True
        if second.kind == "endEvent" and not second.triggers and self.is_aside(first):
            self.become(first, "endEvent", [], [first.id, flow.id, second.id], [second])
            return True
        return False

    def is_aside(self, node: Node) -> bool:
        """Say whether a task only follows an event beside what goes on waiting; when it ends changes nothing."""
        sources = [self.nodes[f.source] for f in node.incoming]
        return len(sources) == 1 and sources[0].kind == "boundaryEvent" and not sources[0].interrupting

    def block(self, split: Node) -> bool:
        """Make one of a split, its branches and the join that fits."""
        if len(split.outgoing) < 2 or (split.kind != "exclusiveGateway" and len(split.incoming) != 1):
            return False
        branches = [self.branch(f) for f in split.outgoing]
        ends = {b[-1].target for b in branches if b}
        if not all(branches) or len(ends) != 1:
            return False
        join = self.nodes[ends.pop()]
        if join.kind != split.kind or join is split or len(join.incoming) != len(branches) or not self.leads_on(join):
            return False
        tasks = [self.nodes[b[0].target] for b in branches if len(b) == 2]
        waits = [t.kind in WAITING for t in tasks]
        if split.kind == "exclusiveGateway" and any(waits) and not (all(waits) and len(tasks) == len(branches)):
            return False
        shown = branches if split.kind == "parallelGateway" else branches[:1]
        way = [split.id, *(piece for b in shown for piece in self.pieces(b)), join.id]
        kind = "task" if any(waits) else "scriptTask"
        self.become(split, kind, join.outgoing, way, [*tasks, join])
        return True

    def branch(self, flow: Flow) -> list[Flow]:
        """Give the flows of a branch: straight to the join, or through one task; [] for any other."""
        target = self.nodes[flow.target]
        if target.kind in BLOCKS:
            return [flow]
        return [flow, target.outgoing[0]] if self.is_simple(target) and len(target.incoming) == 1 else []

    def leads_on(self, join: Node) -> bool:
        return len(join.outgoing) == 1 and join.outgoing[0].condition is None

    def pieces(self, branch: list[Flow]) -> Iterator[str]:
        yield branch[0].id
        if len(branch) == 2:
            yield from (*self.way_of(branch[0].target), branch[1].id)

    def way_of(self, node: str) -> tuple[str, ...]:
        return self.reduced.ways.get(node, (node,))

    def become(self, node: Node, kind: str, outgoing: list[Flow], way: list[str], gone: list[Node]) -> None:
        """Let a node stand for others, too."""
        members = {m for n in (node, *gone) for m in self.reduced.members.get(n.id, frozenset({n.id}))}
        whole = [piece for p in way for piece in self.way_of(p)]
        self.reduced.ways[node.id], self.reduced.members[node.id] = tuple(whole), frozenset(members)
        for lost in gone:
            del self.nodes[lost.id]
        body = self.nodes[node.parent or ""]
        body.members = [m for m in body.members if m in self.nodes]
        node.kind, node.default, node.script = kind, None, None
        node.before = node.after = None
        node.outgoing = [replace(flow, source=node.id) for flow in outgoing]
        for flow in node.outgoing:
            self.reduced.model.flows[flow.id] = flow
            target = self.nodes[flow.target]
            target.incoming = [flow if f.id == flow.id else f for f in target.incoming]


__all__ = ["Reduced", "reduce"]
