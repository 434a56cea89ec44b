"""An independent token game: tokens lie on flows, as the standard tells it. Nothing of the engine is used here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.graphs import Arrow, Graph

MOST_STEPS = 600


class TooLong(Exception):
    """The game doesn't come to rest."""


@dataclass
class Table:
    """What all bodies of one game share."""

    pick: int = 0
    steps: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    #: What was undone, in order.
    undone: list[str] = field(default_factory=list)
    #: Two inclusive joins could fire; the standard doesn't say which goes first.
    ambiguous: bool = False
    #: An error that nobody catches: the game is over.
    failed: bool = False


@dataclass
class Work:
    """An activity (or an event-based gateway, or a catch event) that is running."""

    node: str
    #: Bodies that run in it, and the logs of those that are done.
    bodies: list[Game] = field(default_factory=list)
    done: list[Any] = field(default_factory=list)
    #: Open items of a multi-instance activity, and those that have not begun.
    items: int = 1
    waiting: int = 0


class Game:
    """One run of a body."""

    def __init__(self, graph: Graph, table: Table, outer: tuple[Game, Work] | None = None) -> None:
        self.graph, self.table, self.outer = graph, table, outer
        self.tokens: Counter[str] = Counter()
        self.work: list[Work] = []
        self.handlers: list[tuple[str, Game]] = []
        #: What was done and can be undone: handlers, and logs of finished sub-processes.
        self.done: list[str | list[Any]] = []
        #: An interrupting event sub-process has taken over.
        self.taken_over = False
        self.leave(next(n for n, kind in graph.nodes.items() if kind == "start"))

    # --- rules of the standard

    def leave(self, node: str) -> None:
        """Put tokens on the flows that are taken out of a node."""
        kind, arrows = self.graph.nodes.get(node, "on"), self.graph.leaving(node)
        if kind in ("xor", "or") and len(arrows) > 1:
            held = [a for a in arrows if a.holds and self.table.pick % a.holds[1] == a.holds[0]]
            plain = [a for a in arrows if not a.holds][:1]
            arrows = (held or plain)[:1] if kind == "xor" else held or plain
        for arrow in arrows:
            self.tokens[arrow.id] += 1

    def arrive(self, arrow: Arrow) -> bool:
        """Let a token on a flow enter its target; tells whether it could."""
        node = arrow.target
        kind, entering = self.graph.nodes[node], self.graph.entering(node)
        if kind == "or" and len(entering) > 1:
            return False
        if kind == "and" and len(entering) > 1:
            if not all(self.tokens[a.id] for a in entering):
                return False
            self.tokens.subtract(a.id for a in entering)
        else:
            self.tokens[arrow.id] -= 1
        self.enter(node, kind)
        return True

    def enter(self, node: str, kind: str) -> None:
        """Do what a node does with a token."""
        if kind in ("user", "catch", "events"):
            self.work.append(Work(node))
        elif kind in ("many", "turns", "sub", "subs", "queue"):
            self.begin_items(node, kind)
        elif kind != "end":
            self.pass_on(node, kind)

    def pass_on(self, node: str, kind: str) -> None:
        """Do what a node does that a token passes at once."""
        if kind == "stop":
            return self.clear()
        if kind == "fail":
            return self.fail()
        if kind == "raise":
            return self.call_for_help(node)
        if kind == "regret":
            self.undo(self.done)
            self.done = []
        self.table.counts[node] += kind == "count"
        self.leave(node)

    def begin_items(self, node: str, kind: str) -> None:
        number = self.graph.items.get(node, 1)
        if not number:
            return self.leave(node)
        at_once = number if kind in ("many", "subs") else 1
        work = Work(node, items=at_once, waiting=number - at_once)
        self.work.append(work)
        for _ in range(at_once if node in self.graph.bodies else 0):
            self.begin_body(work)

    def begin_body(self, work: Work) -> None:
        work.bodies.append(Game(self.graph.bodies[work.node], self.table, (self, work)))

    def clear(self) -> None:
        """Take everything off this body."""
        self.tokens.clear()
        self.work.clear()
        self.handlers.clear()

    def undo(self, done: list[Any]) -> None:
        """Undo what was done, the last thing first."""
        for entry in reversed(done):
            if isinstance(entry, str):
                self.table.undone.append(entry)
            else:
                self.undo(entry)

    def finish(self, work: Work) -> None:
        """An activity is done: it may be undone from now on, and its token goes on."""
        handlers = [b.handler for b in self.graph.boundaries.values() if b.host == work.node and b.handler]
        self.done += [*handlers, work.done]
        self.work.remove(work)
        self.leave(work.node)

    def call_for_help(self, node: str) -> None:
        """The escalation X climbs to the nearest boundary event that catches it; nobody is no harm."""
        at: Game = self
        while at.outer is not None:
            outer, work = at.outer
            for name, boundary in outer.graph.boundaries.items():
                if boundary.host == work.node and boundary.kind == "escalation":
                    outer.leave(name)
                    if boundary.interrupting:
                        return outer.work.remove(work)
                    return self.leave(node)
            at = outer
        self.leave(node)

    def fail(self) -> None:
        """The error E climbs to the nearest boundary event that catches it."""
        at: Game = self
        while at.outer is not None:
            outer, work = at.outer
            for name, boundary in outer.graph.boundaries.items():
                if boundary.host == work.node and boundary.kind == "error":
                    outer.work.remove(work)
                    return outer.leave(name)
            at = outer
        self.table.failed = True

    # --- moves from outside

    def complete(self, work: Work) -> None:
        """A task, a body, or one of the items is done."""
        work.items -= 1
        if not work.items and work.waiting:
            work.items, work.waiting = 1, work.waiting - 1
            if work.node in self.graph.bodies:
                self.begin_body(work)
        if not work.items:
            self.finish(work)

    def hear(self, receiver: str) -> None:
        """A message for a boundary event, an event sub-process or a catch event that waits for it here."""
        if receiver in self.graph.boundaries:
            boundary = self.graph.boundaries[receiver]
            if boundary.interrupting:
                self.work.remove(next(w for w in self.work if w.node == boundary.host))
            self.leave(receiver)
        elif receiver in self.graph.handlers:
            graph, interrupting = self.graph.handlers[receiver]
            if interrupting:
                self.clear()
                self.taken_over = True
            self.handlers.append((receiver, Game(graph, self.table)))
        else:
            gates = {a.source for a in self.graph.entering(receiver)} | {receiver}
            self.work.remove(next(w for w in self.work if w.node in gates))
            self.leave(receiver)

    # --- coming to rest

    def settle(self) -> None:
        """Move until nothing can."""
        self.table.steps = 0
        while not self.table.failed and (self.step() or self.fire_inclusive_join()):
            self.table.steps += 1
            if self.table.steps > MOST_STEPS:
                raise TooLong

    def step(self) -> bool:
        """Move one token somewhere, or end one body; False at rest."""
        return any(game.step_here() for game in list(self.games()))

    def step_here(self) -> bool:
        for arrow in self.graph.arrows:
            if self.tokens[arrow.id] and self.arrive(arrow):
                return True
        for work in self.work:
            for body in work.bodies:
                if body.is_over():
                    work.bodies.remove(body)
                    work.done.append(body.done)
                    self.complete(work)
                    return True
        for entry in self.handlers:
            if entry[1].is_over():
                self.handlers.remove(entry)
                return True
        return False

    def is_over(self) -> bool:
        return not (any(self.tokens.values()) or self.work or self.handlers)

    def games(self) -> Iterator[Game]:
        """Give this body and all that run inside of it."""
        yield self
        for inner in [*(b for w in self.work for b in w.bodies), *(g for _, g in self.handlers)]:
            yield from inner.games()

    # --- inclusive joins (BPMN 2.0.2, 13.4.3)

    def fire_inclusive_join(self) -> bool:
        ready = [(game, node) for game in self.games() for node in game.ready_joins()]
        if not ready:
            return False
        self.table.ambiguous |= len(ready) > 1
        game, node = ready[0]
        full = [a.id for a in game.graph.entering(node) if game.tokens[a.id]]
        game.tokens.subtract(full)
        game.leave(node)
        return True

    def ready_joins(self) -> Iterator[str]:
        for node, kind in self.graph.nodes.items():
            entering = {a.id for a in self.graph.entering(node)}
            full = {a for a in entering if self.tokens[a]}
            if kind == "or" and len(entering) > 1 and full and not self.is_awaited(node, full, entering - full):
                yield node

    def is_awaited(self, node: str, full: set[str], empty: set[str]) -> bool:
        """Tell whether some token can still come to an empty way in, and not to a full one."""
        begins = [[f] for f, number in self.tokens.items() if number and f not in full]
        begins += [self.ways_out(work.node) for work in self.work]
        return any(reached & empty and not reached & full for reached in (self.reach(b, node) for b in begins))

    def ways_out(self, node: str) -> list[str]:
        """Give the flows a running activity's token may go on over, boundary events included."""
        hosts = [node, *(b for b, facts in self.graph.boundaries.items() if facts.host == node)]
        return [a.id for host in hosts for a in self.graph.leaving(host)]

    def reach(self, begins: list[str], join: str) -> set[str]:
        """Give the flows that can be reached without passing the join."""
        arrows = {a.id: a for a in self.graph.arrows}
        seen: set[str] = set()
        todo = list(begins)
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo += [] if arrows[at].target == join else self.ways_out(arrows[at].target)
        return seen

    # --- what can happen next

    def open_tasks(self) -> list[tuple[Game, Work]]:
        """Give running human tasks, one entry per open item."""
        kinds = ("user", "many", "turns")
        return [(g, w) for g in self.games() for w in g.work if g.graph.nodes[w.node] in kinds for _ in range(w.items)]

    def receivers(self) -> list[tuple[Game, str]]:
        """Give everything that waits for a message."""
        return [(game, name) for game in self.games() if not game.is_over() for name in game.receivers_here()]

    def receivers_here(self) -> Iterator[str]:
        for work in self.work:
            yield from (b for b, f in self.graph.boundaries.items() if f.host == work.node and f.kind == "message")
            if self.graph.nodes[work.node] == "catch":
                yield work.node
            elif self.graph.nodes[work.node] == "events":
                yield from (a.target for a in self.graph.leaving(work.node))
        if not self.taken_over:
            yield from self.graph.handlers
