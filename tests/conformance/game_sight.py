"""What a run of a body sees of variables in the token game: its own, and those around it unless it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.conformance.game_pieces import Table, Work
from tests.conformance.graphs import Graph, Holds, factor


@dataclass(eq=False)
class Sight:
    """Variables by the place from which they are seen."""

    table: Table
    #: Variables of this run alone.
    own: dict[str, Any]
    #: None: nothing around is seen.
    around: Sight | None
    #: The whole game's.
    root: bool = False

    def home(self, name: str) -> dict[str, Any]:
        """Give where a variable lives that is seen from here."""
        if self.root:
            return self.table.variables
        return self.own if name in self.own or self.around is None else self.around.home(name)

    def holds(self, condition: Holds | None) -> bool:
        if condition is None:
            return True
        value: int = self.home(condition.variable)[condition.variable]
        return value % condition.by == condition.rest

    def mix(self, name: str, value: int) -> None:
        """Change a variable so that the order of changes shows."""
        home = self.home(name)
        home[name] = (home[name] * 3 + value) % 1009


def sight_of(graph: Graph, table: Table, outer: tuple[Any, Any] | None) -> Sight:
    """Give what a run sees that begins now."""
    if outer is None:
        return Sight(table, {}, None, root=True)
    around, work = outer
    if around.graph.nodes.get(work.node) == "call":
        return Sight(table, {name: around.sight.home(name)[name] for name in ("shared", "pick")}, None)
    own: dict[str, Any] = {"mine": None} if graph.declares else {}
    if isinstance(work, Work) and work.node in around.graph.rows:
        own["item"] = around.graph.rows[work.node][work.begun - 1]
    return Sight(table, own, around.sight)


#: Kinds of script tasks, and what they do.
SCRIPTS = ("count", "write", "note", "add", "own", "turn", "tell")


def run_script(game: Any, node: str, kind: str) -> None:
    """Do what a script does to data."""
    sight, table = game.sight, game.table
    if kind == "count":
        table.counts[node] += 1
    elif kind == "note":
        table.undone.append(node)
    elif kind == "own":
        sight.home("mine")["mine"] = factor(node)
    elif kind == "turn":
        sight.mix("mine", factor(node))
    else:
        added = {"write": lambda: factor(node), "add": lambda: sight.home("item")["item"]}
        sight.mix("shared", added.get(kind, lambda: sight.home("mine")["mine"])())
