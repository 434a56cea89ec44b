"""The pieces of the token game: what is shared, what runs, what listens, and what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random
from typing import Any

from tests.conformance.graphs import Fixed, Graph, Trigger


class TooLong(Exception):
    """The game doesn't come to rest."""


@dataclass
class Table:
    """What all bodies of one game share."""

    random: Random
    variables: dict[str, int] = field(default_factory=lambda: {"pick": 0, "shared": 1})
    counts: Counter[str] = field(default_factory=Counter)
    #: What was undone, in order.
    undone: list[str] = field(default_factory=list)
    #: How often an order was drawn.
    drawn: int = 0
    #: An error that nobody catches: the game is over.
    failed: bool = False

    def __deepcopy__(self, memo: dict[int, Any]) -> Table:
        return replace(self, variables=dict(self.variables), counts=Counter(self.counts), undone=list(self.undone))

    def draw(self, things: list[Any]) -> Any:
        """Draw one of several things that may come next."""
        self.drawn += len(things) > 1
        return self.random.choice(things)


@dataclass(eq=False)
class Armed:
    """Something listened for."""

    trigger: Trigger
    #: Timer: how often it still goes off.
    left: int
    #: Conditional: whether it held when last looked at.
    held: bool = False


@dataclass(eq=False)
class Done(Fixed):
    """An activity that could be undone, and what was done inside of it."""

    node: str
    handler: str = ""
    inner: list[Done] = field(default_factory=list)
    #: The event sub-process with which a body undoes itself.
    own: Graph | None = None


@dataclass(eq=False)
class Work:
    """An activity, an event-based gateway or a catch event that is running, or a throw event that has things undone."""

    node: str
    armed: dict[str, Armed] = field(default_factory=dict)
    #: Bodies that run in it, and what was done in it.
    bodies: list[Any] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    #: Open items, those that have not begun, and those that are done.
    items: int = 0
    waiting: int = 0
    finished: int = 0
    begun: int = 0
    #: What is still to be undone, the next one last.
    undoing: list[str] | None = None


@dataclass(eq=False)
class Handling:
    """A running event sub-process."""

    node: str
    game: Any = None


def undone_by(done: list[Done]) -> list[str]:
    """Give what is undone for a log, in this order: the last thing first."""
    found = []
    for entry in reversed(done):
        if entry.handler:
            found.append(entry.handler)
        elif entry.own is not None:
            found += own_undoing(entry, entry.own)
        else:
            found += undone_by(entry.inner)
    return found


def own_undoing(entry: Done, own: Graph) -> list[str]:
    """An event sub-process that undoes is a row of notes and of regrets that reach what was done in its body."""
    found, inner, node = list[str](), entry.inner, own.start()
    while arrows := own.leaving(node):
        node = arrows[0].target
        if own.nodes[node] == "note":
            found.append(node)
        elif own.nodes[node] == "regret":
            found += undone_by(inner)
            inner = []
    return found


def outline(done: list[Done]) -> list[Any]:
    """Give a log without what follows from the diagram."""
    return [(entry.node, outline(entry.inner)) for entry in done]


def ways_out(graph: Graph, node: str) -> list[str]:
    """Give the flows a token in a node may go on over, boundary events included."""
    return [a.id for host in [node, *dict(graph.attached(node))] for a in graph.leaving(host)]


def reach(graph: Graph, begins: list[str], join: str) -> set[str]:
    """Give the flows that can be reached from some without passing a join."""
    arrows = {a.id: a for a in graph.arrows}
    seen: set[str] = set()
    todo = list(begins)
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += [] if arrows[at].target == join else ways_out(graph, arrows[at].target)
    return seen


def shape(game: Any) -> Any:
    """Give everything that the future of a game depends on, to tell games apart."""
    armed = [(n, a.left, a.held) for n, a in game.armed.items()]
    works = [(work.node, *shape_of(work)) for work in game.work]
    handling = [(h.node, shape(h.game)) for h in game.handling if h.game]
    tokens = sorted((f, n) for f, n in game.tokens.items() if n)
    started = sorted((node, sorted(used)) for node, used in game.started.items())
    around = (started, game.shouts, outline(game.done), armed, game.taken_over, sorted(game.sight.own.items()))
    return tokens, sorted(works, key=repr), sorted(handling, key=repr), *around


def shape_of(work: Work) -> tuple[Any, ...]:
    armed = [(n, a.left, a.held) for n, a in work.armed.items()]
    bodies = sorted((shape(body) for body in work.bodies), key=repr)
    return armed, work.items, work.waiting, work.finished, work.undoing, outline(work.done), bodies


def unfinished(game: Any) -> list[Done]:
    """Give what running activities have done so far; in which order they have is open."""
    found = [Done(work.node, inner=list(work.done)) for work in game.work if work.done]
    bodies = [(work.node, body) for work in game.work for body in work.bodies]
    bodies += [(handling.node, handling.game) for handling in game.handling if handling.game]
    found += [Done(node, inner=[*body.done, *unfinished(body)]) for node, body in bodies]
    game.table.drawn += len(found) > 1
    game.table.random.shuffle(found)
    return found


# --- inclusive joins (BPMN 2.0.2, 13.4.3) ----------------------------------------------------------------------------


def ready_joins(game: Any) -> Iterator[str]:
    """Give the inclusive joins of a body that wait for no token any more."""
    for node, kind in game.graph.nodes.items():
        entering = {a.id for a in game.graph.entering(node)}
        full = {a for a in entering if game.tokens[a]}
        if kind == "or" and len(entering) > 1 and full and not is_awaited(game, node, full, entering - full):
            yield node


def ready_to_start(game: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the complex gateways with tokens on enough of their ways in, and by which it starts: how long a token is on
    its way is open."""
    for node, number in game.graph.thresholds.items():
        full = [] if node in game.started else [a.id for a in game.graph.entering(node) if game.tokens[a.id]]
        for size in range(number, len(full) + 1):
            yield from ((node, used) for used in combinations(full, size))


def ready_to_reset(game: Any) -> Iterator[str]:
    """Give the complex gateways that have started and to which no token can come over another way in any more."""
    for node, used in game.started.items():
        entering = {a.id for a in game.graph.entering(node)}
        full = used | {a for a in entering if game.tokens[a]}
        if not is_awaited(game, node, full, entering - full):
            yield node


def is_awaited(game: Any, node: str, full: set[str], empty: set[str]) -> bool:
    """Tell whether some token can still come to an empty way in, and not to a full one."""
    begins = [[f] for f, number in game.tokens.items() if number and f not in full]
    begins += [ways_out(game.graph, at) for at in [*(work.node for work in game.work), *game.shouts]]
    return any(reached & empty and not reached & full for reached in (reach(game.graph, b, node) for b in begins))


def spend(armed: dict[str, Armed], name: str) -> None:
    """A timer goes off only so many times."""
    if armed[name].trigger.kind == "timer":
        armed[name].left -= 1
        if not armed[name].left:
            del armed[name]
