"""An independent token game: tokens lie on flows, as the standard tells it. Nothing of the engine is used here.

Where the standard leaves an order open, the game draws one: played again it may go another way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.conformance.game_pieces import (
    Armed,
    Done,
    Handling,
    Table,
    TooLong,
    Work,
    ready_joins,
    ready_to_reset,
    ready_to_start,
    spend,
    undone_by,
    unfinished,
)
from tests.conformance.game_sight import SCRIPTS, run_script, sight_of
from tests.conformance.graphs import MULTIPLE, NO_CODE, Arrow, Boundary, Graph, Trigger

MOST_STEPS = 400
HELD = frozenset({"message", "timer", "signal", "conditional"})


class Game:
    """One run of a body."""

    def __init__(self, graph: Graph, table: Table, outer: tuple[Game, Work | Handling] | None = None) -> None:
        self.graph, self.table, self.outer = graph, table, outer
        self.sight = sight_of(graph, table, outer)
        self.tokens: Counter[str] = Counter()
        self.work: list[Work] = []
        self.handling: list[Handling] = []
        #: Throw events that wait until everything else rests.
        self.shouts: list[str] = []
        self.done: list[Done] = []
        #: Complex gateways that have started and wait for their other ways in: the ways used.
        self.started: dict[str, set[str]] = {}
        #: An interrupting event sub-process has taken over.
        self.taken_over = False
        self.armed = {h: self.arm(t) for h, (_, t) in graph.handlers.items() if t.kind in HELD}
        self.begins = True
        for name in [h for h, armed in self.armed.items() if armed.held]:
            if name in self.armed:
                self.start_handler(name)
        if self.begins:
            self.leave(graph.start())

    def arm(self, trigger: Trigger) -> Armed:
        held = trigger.kind == "conditional" and self.sight.holds(trigger.holds)
        return Armed(trigger, trigger.times, held)

    # --- tokens ------------------------------------------------------------------------------------------------------

    def leave(self, node: str) -> None:
        """Put tokens on the flows that are taken out of a node."""
        kind, arrows = self.graph.nodes.get(node, "on"), self.graph.leaving(node)
        if kind in ("xor", "or", "complex") and len(arrows) > 1:
            held = [a for a in arrows if a.holds and self.sight.holds(a.holds)]
            plain = [a for a in arrows if not a.holds][:1]
            arrows = (held or plain)[:1] if kind == "xor" else held or plain
        for arrow in arrows:
            self.tokens[arrow.id] += 1

    def may_enter(self, arrow: Arrow) -> bool:
        """Tell whether a token on a flow can enter its target now."""
        kind, entering = self.graph.nodes[arrow.target], self.graph.entering(arrow.target)
        if not self.tokens[arrow.id] or kind == "complex" or (kind == "or" and len(entering) > 1):
            return False
        return kind != "and" or (arrow is entering[0] and all(self.tokens[a.id] for a in entering))

    def arrive(self, arrow: Arrow) -> None:
        """Let a token on a flow enter its target."""
        node, kind = arrow.target, self.graph.nodes[arrow.target]
        self.tokens.subtract([a.id for a in self.graph.entering(node)] if kind == "and" else [arrow.id])
        if kind in ("catch", "events"):
            self.wait(node)
        elif kind in PASSED:
            PASSED[kind](self, node)
        elif kind in ("xor", "and", "or"):
            self.leave(node)
        elif kind != "end":
            self.begin(node)

    def wait(self, node: str) -> None:
        """Wait at a catch event or for the first of those behind a gateway."""
        names = [node] if node in self.graph.catches else [a.target for a in self.graph.leaving(node)]
        work = Work(node, {n: self.arm(self.graph.catches[n]) for n in names})
        held = [n for n, armed in work.armed.items() if armed.held]
        if held:
            self.leave(held[0])
        else:
            self.work.append(work)

    # --- activities --------------------------------------------------------------------------------------------------

    def begin(self, node: str) -> None:
        """Begin an activity: first its boundary events listen, what occurs at once comes first."""
        work = Work(node)
        self.work.append(work)
        for name, boundary in self.graph.attached(node):
            if boundary.trigger.kind in HELD:
                work.armed[name] = self.arm(boundary.trigger)
        for name in [n for n, armed in work.armed.items() if armed.held]:
            if work in self.work:
                self.occur_at(work, name)
        if work in self.work:
            self.begin_body(work)

    def begin_body(self, work: Work) -> None:
        """Begin with all items at once, with the first, or with the first round."""
        kind, loop = self.graph.nodes[work.node], self.graph.loops.get(work.node)
        if loop is not None:
            if loop.before and not self.sight.holds(loop.holds):
                return self.finish(work)
            return self.begin_item(work)
        number = self.graph.items.get(work.node, 1)
        if not number:
            return self.finish(work)
        at_once = 1 if MULTIPLE.get(kind) else number
        work.waiting = number - at_once
        for _ in range(at_once):
            self.begin_item(work)

    def begin_item(self, work: Work) -> None:
        work.items += 1
        work.begun += 1
        if work.node in self.graph.bodies:
            work.bodies.append(Game(self.graph.bodies[work.node], self.table, (self, work)))

    def complete(self, work: Work, body: Game | None = None) -> None:
        """A task, a body, or one of the items or rounds is done."""
        work.items -= 1
        work.finished += 1
        if body and self.graph.nodes[work.node] == "call":
            self.sight.home("shared")["shared"] = body.sight.own["shared"]
        own = self.own_undoing(work.node)
        handler = next((b.handler for _, b in self.graph.attached(work.node) if b.handler), "")
        work.done.append(Done(work.node, handler, body.done if body else [], own))
        loop, enough = self.graph.loops.get(work.node), self.graph.enough.get(work.node)
        if loop is not None:
            again = work.finished < loop.most and self.sight.holds(loop.holds)
            return self.begin_item(work) if again else self.finish(work)
        if enough is not None and work.finished >= enough:
            work.items, work.waiting = 0, 0
            work.bodies.clear()
        if not work.items and work.waiting:
            work.waiting -= 1
            self.begin_item(work)
        elif not work.items:
            self.finish(work)

    def own_undoing(self, node: str) -> Graph | None:
        body = self.graph.bodies.get(node)
        return next((g for g, t in body.handlers.values() if t.kind == "compensate"), None) if body else None

    def finish(self, work: Work) -> None:
        """An activity is done: it may be undone from now on, and its token goes on."""
        self.done.append(Done(work.node, inner=work.done))
        self.work.remove(work)
        self.leave(work.node)

    # --- what a token passes at once ---------------------------------------------------------------------------------

    def stop(self, node: str) -> None:
        self.tokens.clear()
        self.work.clear()
        self.handling.clear()
        self.shouts.clear()
        self.started.clear()

    def fail(self, node: str) -> None:
        """The error goes to the nearest that catches its code, or all."""
        if not self.climb("error", {"fail": "E", "fault": "F", "flaw": NO_CODE}[self.graph.nodes[node]]):
            self.table.failed = True

    def call_for_help(self, node: str) -> None:
        """The escalation X goes to the nearest that catches it; nobody is no harm."""
        caught = self.climb("escalation")
        if caught is None or not caught.interrupting:
            self.leave(node)

    def climb(self, kind: str, code: str = "") -> Trigger | None:
        """Look for a catcher from the inside out and let it act."""
        at, inner = self, None
        while True:
            fits = [h for h, (_, trigger) in at.graph.handlers.items() if trigger.catches(kind, code)]
            # An event sub-process doesn't catch what another one of the same body throws.
            if fits and not at.taken_over and not isinstance(inner, Handling):
                return at.start_handler(fits[0])
            if at.outer is None:
                return None
            outer, inner = at.outer
            named = "" if code == NO_CODE else code
            attached = sorted(outer.graph.attached(inner.node), key=lambda pair: pair[1].trigger.code != named)
            for name, boundary in attached:
                if boundary.trigger.catches(kind, code) and isinstance(inner, Work):
                    return outer.pass_boundary(inner, name, boundary)
            at = outer

    def script(self, node: str) -> None:
        run_script(self, node, self.graph.nodes[node])
        self.leave(node)

    def shout(self, node: str) -> None:
        self.shouts.append(node)

    def regret(self, node: str) -> None:
        """Have undone what can be seen from here: done in this body, and around an event sub-process."""
        at, name, undoing = self, self.graph.named.get(node), list[str]()
        while True:
            undoing += undone_by([d for d in at.done if name in (None, d.node)])
            at.done = [d for d in at.done if name not in (None, d.node)]
            if at.outer is None or not isinstance(at.outer[1], Handling):
                break
            at = at.outer[0]
        self.work.append(Work(node, undoing=undoing[::-1]))

    def abort(self, node: str) -> None:
        """End the transaction: what it did is undone, also what unfinished parts of it did."""
        undoing = undone_by([*self.done, *unfinished(self)])
        self.stop(node)
        self.done = []
        self.work.append(Work(node, undoing=undoing[::-1]))

    def aborted(self) -> None:
        """Go the cancel way."""
        assert self.outer is not None
        around, work = self.outer
        ways = around.graph.attached(work.node)
        name, boundary = next((n, b) for n, b in ways if b.trigger.kind == "cancel")
        assert isinstance(work, Work)
        around.pass_boundary(work, name, boundary)

    def undo_next(self, work: Work) -> None:
        """Undo one thing, the last one done first; then the token goes on."""
        if work.undoing:
            self.table.undone.append(work.undoing.pop())
        elif self.graph.nodes[work.node] == "abort":
            self.aborted()
        else:
            self.work.remove(work)
            self.leave(work.node)

    # --- events ------------------------------------------------------------------------------------------------------

    def start_handler(self, name: str) -> Trigger:
        """Start an event sub-process."""
        graph, trigger = self.graph.handlers[name]
        if trigger.interrupting:
            self.stop(name)
            self.armed.clear()
            self.taken_over, self.begins = True, False
        handling = Handling(name)
        self.handling.append(handling)
        handling.game = Game(graph, self.table, (self, handling))
        return trigger

    def pass_boundary(self, work: Work, name: str, boundary: Boundary) -> Trigger:
        if boundary.trigger.interrupting:
            self.work.remove(work)
        self.leave(name)
        return boundary.trigger

    def occur_at(self, work: Work, name: str) -> None:
        """What a running activity, catch event or gateway listened for has occurred."""
        if name in self.graph.boundaries:
            spend(work.armed, name)
            self.pass_boundary(work, name, self.graph.boundaries[name])
        else:
            self.work.remove(work)
            self.leave(name)

    def hear(self, name: str, work: Work | None, pick: int | None = None) -> None:
        """A receiver hears what it waits for; one without work is an event sub-process."""
        if pick is not None:
            self.sight.home("pick")["pick"] = pick
        if work is not None:
            return self.occur_at(work, name)
        if not self.graph.handlers[name][1].interrupting:
            spend(self.armed, name)
        self.start_handler(name)

    def listeners(self) -> Iterator[tuple[Game, str, Work | None, Armed]]:
        """Give everything that is listened for in this body and inside of it."""
        for game in self.games():
            for work in game.work:
                yield from ((game, name, work, armed) for name, armed in work.armed.items())
            if not game.is_over():
                yield from ((game, name, None, armed) for name, armed in game.armed.items())

    def hear_all(self, due: list[tuple[Game, str, Work | None, Armed]], pick: int | None = None) -> None:
        """Several things occur at once; what one of them ends can't hear any more."""
        self.table.drawn += len(due) > 1
        self.table.random.shuffle(due)
        for game, name, work, armed in due:
            if any(armed is other for _, _, _, other in self.listeners()):
                game.hear(name, work, pick)

    # --- coming to rest ----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Move until nothing can: tokens first, then conditions, inclusive joins, and what is shouted."""
        for _ in range(MOST_STEPS):
            if not self.move_on():
                return
        raise TooLong

    def move_on(self) -> bool:
        """Do the next thing; False at rest."""
        return not self.table.failed and (self.step() or self.watch() or self.join() or self.let_shout())

    def step(self) -> bool:
        """Move one token somewhere, or end one body; False at rest."""
        moves = [move for game in self.games() for move in game.moves()]
        if moves:
            act, *facts = self.table.draw(moves)
            act(*facts)
        return bool(moves)

    def moves(self) -> Iterator[tuple[Any, ...]]:
        for arrow in self.graph.arrows:
            if self.may_enter(arrow):
                yield self.arrive, arrow
        yield from ((self.activate, node, used) for node, used in ready_to_start(self))
        for work in self.work:
            yield from ((self.end_body, work, body) for body in work.bodies if body.is_over())
            if work.undoing is not None:
                yield self.undo_next, work
        yield from ((self.end_handler, h) for h in self.handling if h.game and h.game.is_over())

    def end_body(self, work: Work, body: Game) -> None:
        work.bodies.remove(body)
        self.complete(work, body)

    def end_handler(self, handling: Handling) -> None:
        self.handling.remove(handling)
        assert handling.game is not None
        self.done.append(Done(handling.node, inner=handling.game.done))

    def watch(self) -> bool:
        """Conditions that have become true occur."""
        rising = []
        for game, name, work, armed in self.listeners():
            if armed.trigger.kind == "conditional":
                held, armed.held = armed.held, game.sight.holds(armed.trigger.holds)
                if armed.held and not held:
                    rising.append((game, name, work, armed))
        self.hear_all(rising)
        return bool(rising)

    def let_shout(self) -> bool:
        """A signal is heard by all who listen, then its thrower goes on if it is still there."""
        shouting = [(game, node) for game in self.games() for node in game.shouts]
        if shouting:
            game, node = self.table.draw(shouting)
            self.hear_all([one for one in self.listeners() if one[3].trigger.kind == "signal"])
            if any(game is other for other in self.games()) and node in game.shouts:
                game.shouts.remove(node)
                game.leave(node)
        return bool(shouting)

    def is_over(self) -> bool:
        return not (any(self.tokens.values()) or self.started or self.work or self.handling or self.shouts)

    def games(self) -> Iterator[Game]:
        """Give this body and all that run inside of it."""
        yield self
        for inner in [*(b for w in self.work for b in w.bodies), *(h.game for h in self.handling if h.game)]:
            yield from inner.games()

    # --- inclusive joins (BPMN 2.0.2, 13.4.3) ------------------------------------------------------------------------

    def join(self) -> bool:
        ready = [(game, game.joined, node) for game in self.games() for node in ready_joins(game)]
        ready += [(game, game.start_over, node) for game in self.games() for node in ready_to_reset(game)]
        if ready:
            _, act, node = self.table.draw(ready)
            act(node)
        return bool(ready)

    def joined(self, node: str) -> None:
        self.tokens.subtract([a.id for a in self.graph.entering(node) if self.tokens[a.id]])
        self.leave(node)

    # --- complex gateways (BPMN 2.0.2, 13.4.5) -----------------------------------------------------------------------

    def activate(self, node: str, used: tuple[str, ...]) -> None:
        """Start: one token of each way in over which one has come makes one token for the ways out."""
        self.tokens.subtract(used)
        if len(used) < len(self.graph.entering(node)):
            self.started[node] = set(used)
        self.leave(node)

    def start_over(self, node: str) -> None:
        """Reset: what came over the other ways in is swallowed; only ways out whose condition holds get a token."""
        used = self.started.pop(node)
        self.tokens.subtract([a.id for a in self.graph.entering(node) if a.id not in used and self.tokens[a.id]])
        for arrow in self.graph.leaving(node):
            if arrow.holds and self.sight.holds(arrow.holds):
                self.tokens[arrow.id] += 1

    # --- what can be seen --------------------------------------------------------------------------------------------

    def open_tasks(self) -> list[tuple[Game, Work]]:
        """Give running human tasks, one entry per open item."""
        kinds = ("user", "many", "turns", "rounds")
        return [(g, w) for g in self.games() for w in g.work if g.graph.nodes[w.node] in kinds for _ in range(w.items)]


#: What happens at nodes that a token passes at once.
PASSED = {
    "stop": Game.stop,
    **dict.fromkeys(("fail", "fault", "flaw"), Game.fail),
    "raise": Game.call_for_help,
    "shout": Game.shout,
    "regret": Game.regret,
    "abort": Game.abort,
    **dict.fromkeys(SCRIPTS, Game.script),
}
