"""The kernel and the token game side by side.

What the standard leaves open, the game may do in several ways. All games that agree with what the kernel has shown so
far are kept; there must always be one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from engine.calendar import parse_moment
from engine.errors import Spinning
from tests.conformance.all_orders import Leaning, TooMany, all_settled
from tests.conformance.game_pieces import Table, TooLong, shape
from tests.conformance.graphs import Graph, bpmn
from tests.conformance.token_game import Game
from tests.unit.kernel.playing import Case

#: Orders drawn for every move, and for one after which no game agrees. If none does then, all orders of all moves so
#: far are tried.
FEW, MANY = 3, 150
#: More games than these are not followed up.
MOST_GAMES = 12
#: An unsound process may put out more tokens in each round; with so many open tasks a move takes minutes to judge.
MOST_OPEN = 100
BUDGET = 3_000
#: Variables of called processes and of bodies that declare one.
OF_BODIES = ("mine", "pick", "shared")

Seen = dict[str, Any]
#: Gives a game that has taken a move, with a source of chance.
Way = Callable[[Any], Game]


class Difference(AssertionError):
    """The kernel shows what no game gives."""


@dataclass(frozen=True)
class Move:
    """One thing that happens from outside: complete (a task), message, ring (a timer), signal, or change (of data)."""

    kind: str
    name: str = ""
    pick: int | None = None


class Duel:
    """One case beside all games that agree with it."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self.graph, self.random, self.seed = graph, Random(seed), seed
        self.counters = {n: 0 for g in graph.inside() for n, kind in g.nodes.items() if kind == "count"}
        self.moves: list[Move] = []
        # The case first: what never comes to rest is no question.
        self.case = Case(bpmn(graph), pick=0, shared=1, undone=[], budget=BUDGET, **self.counters)
        self.games: list[Game] = []
        #: What the case showed, at first and after each move.
        self.shown: list[Seen] = []
        self.keep(None)

    def new_game(self, random: Any) -> Game:
        return Game(self.graph, Table(random))

    # --- moves -------------------------------------------------------------------------------------------------------

    def possible(self) -> list[Move]:
        """Give what could happen next."""
        found = [Move("complete", node) for node in dict.fromkeys(self.case.open)]
        for name, wait in self.waits():
            if wait["kind"] in ("message", "timer"):
                found.append(Move("ring" if wait["kind"] == "timer" else "message", name))
            else:
                found.append(Move("signal" if wait["kind"] == "signal" else "change"))
        return list(dict.fromkeys(found))

    def play(self, move: Move) -> None:
        """Let something happen on both sides and compare."""
        self.moves.append(move)
        getattr(self, f"case_{move.kind}")(move)
        self.keep(move)

    def case_complete(self, move: Move) -> None:
        self.case.complete(move.name, pick=move.pick)

    def case_message(self, move: Move) -> None:
        self.case.message(move.name, pick=move.pick)

    def case_signal(self, move: Move) -> None:
        self.case.signal("S", pick=move.pick)

    def case_change(self, move: Move) -> None:
        self.case.do({"do": "change", "data": {"pick": move.pick}})

    def case_ring(self, move: Move) -> None:
        wid = min((w for n, w in self.waits_by_id("timer") if n == move.name), key=lambda w: int(w[1:]))
        self.case.now = max(self.case.now, parse_moment(self.case.facts["waits"][wid]["due"]))
        self.case.do({"do": "fire", "wait": wid})

    def ways(self, games: list[Game], move: Move | None) -> Iterator[Way]:
        """Give how games can take a move: which of several equal receivers is meant is open. Without one they begin."""
        if move is None:
            yield self.new_game
            return
        for game in games:
            number = 1
            if move.kind == "complete":
                number = len(works_at(game, move.name))
            elif move.kind in ("message", "ring"):
                number = len(receivers(game, move))
            for one in range(number):
                yield partial(taken, game, move, one)

    # --- comparing ---------------------------------------------------------------------------------------------------

    def keep(self, move: Move | None) -> None:
        """Keep the games that agree with the case; there must be one. Raises TooMany where that can't be told."""
        self.shown.append(self.seen())
        few, many = ((self.ways(self.games, move), orders) for orders in (FEW, MANY))
        self.games = self.agreeing(*few) or self.agreeing(*many) or self.all_agreeing()

    def agreeing(self, ways: Iterator[Way], orders: int) -> list[Game]:
        """Play each way in some orders: in one of three drawn evenly, else rather the first things or the last."""
        found = dict[str, Game]()
        for way in ways:
            for number in range(orders):
                game = way(Leaning(self.random.random(), number % 3))
                game.settle()
                if seen_in(game, self.counters) == self.shown[-1]:
                    found.setdefault(repr(shape(game)), game)
                if not game.table.drawn:
                    break
        return list(found.values())

    def all_agreeing(self) -> list[Game]:
        """Play everything so far anew in every order: what was drawn before may have left the right game out."""
        games: list[Game] = []
        for move, shown in zip([None, *self.moves], self.shown, strict=True):
            met, told = dict[str, Game](), set[str]()
            for way in self.ways(games, move):
                for game in all_settled(way):
                    told.add(repr(seen := seen_in(game, self.counters)))
                    if seen == shown:
                        met.setdefault(repr(shape(game)), game)
            if not met:
                lines = [f"seed {self.seed}, after {self.moves}", f"the case: {shown}"]
                raise Difference("\n".join([*lines, *(f"a game: {one}" for one in sorted(told))]))
            games = list(met.values())
        return games

    def seen(self) -> Seen:
        """Give what the case shows: what can happen next, the end, the data."""
        if self.case.told("incident"):
            return {"failed": True}
        variables = self.case.variables
        return {
            "open": self.case.open,
            "waits": sorted((w["kind"], name) for name, w in self.waits()),
            "over": self.case.status == "completed",
            "undone": variables["undone"],
            "shared": variables["shared"],
            "counts": {n: variables[n] for n in self.counters},
            "inside": inside(s["vars"] for s in self.case.facts["scopes"].values() if s["owner"]),
        }

    def waits(self) -> list[tuple[str, dict[str, Any]]]:
        return [(self.receiver(w), w) for w in self.case.facts["waits"].values()]

    def waits_by_id(self, kind: str) -> list[tuple[str, str]]:
        return [(self.receiver(w), wid) for wid, w in self.case.facts["waits"].items() if w["kind"] == kind]

    def receiver(self, wait: dict[str, Any]) -> str:
        """Name a wait as the game does: an event sub-process by its own id."""
        node = self.case.model.nodes[wait["node"]]
        return node.parent or "" if node.kind == "startEvent" else node.id

    def rows_agree(self) -> None:
        """Compare what the effects leave in tables with the state itself."""
        tasks: set[str | None] = set()
        waits: set[str] = set()
        for effect in self.case.effects:
            if effect.do == "task-opened":
                tasks.add(effect.activity)
            elif effect.do in ("closed", "cancelled"):
                tasks.discard(effect.activity)
            elif effect.do in ("timer-set", "wait-set"):
                waits.add(effect.facts["wait"])
            elif effect.do == "wait-cleared":
                waits.remove(effect.facts["wait"])
        assert tasks == set(self.case.activities()), self.seed
        held = {wid for wid, wait in self.case.facts["waits"].items() if wait["kind"] != "conditional"}
        assert waits == held, self.seed
        ended = [] if self.case.status == "running" else [self.case.status]
        assert [e.facts["status"] for e in self.case.told("ended")] == ended, self.seed


# --- the game's side -------------------------------------------------------------------------------------------------


def works_at(game: Game, node: str) -> list[tuple[Game, Any]]:
    """Give the running activities of a node, each once."""
    return list({id(work): (g, work) for g, work in game.open_tasks() if work.node == node}.values())


def receivers(game: Game, move: Move) -> list[tuple[Game, str, Any]]:
    """Give who is meant by a message or a timer."""
    return [(g, name, work) for g, name, work, _ in game.listeners() if name == move.name]


def taken(game: Game, move: Move, which: int, random: Any) -> Game:
    """Give a game after a move, not yet at rest."""
    game = deepcopy(game)
    game.table.random, game.table.drawn = random, 0
    if move.kind == "complete":
        holder, work = works_at(game, move.name)[which]
        holder.sight.home("pick")["pick"] = move.pick or 0
        holder.complete(work)
    elif move.kind in ("message", "ring"):
        holder, name, work = receivers(game, move)[which]
        holder.hear(name, work, move.pick)
    elif move.kind == "signal":
        game.hear_all([one for one in game.listeners() if one[3].trigger.kind == "signal"], move.pick)
    elif move.kind == "change":
        game.table.variables["pick"] = move.pick or 0
    return game


def seen_in(game: Game, counters: dict[str, int]) -> Seen:
    """Give what a game shows."""
    if game.table.failed:
        return {"failed": True}
    return {
        "open": sorted(work.node for _, work in game.open_tasks()),
        "waits": sorted((armed.trigger.kind, name) for _, name, _, armed in game.listeners()),
        "over": game.is_over(),
        "undone": game.table.undone,
        "shared": game.table.variables["shared"],
        "counts": {n: game.table.counts[n] for n in counters},
        "inside": inside(inner.sight.own for inner in game.games()),
    }


def inside(owns: Iterable[dict[str, Any]]) -> list[str]:
    """Give the variables that runs of bodies have for themselves; an item has its value from the start."""
    named = ({name: own[name] for name in sorted(own) if name in OF_BODIES} for own in owns)
    return sorted(str(own) for own in named if own)


# --- whole games -----------------------------------------------------------------------------------------------------


def play(make: Callable[[Random], Graph], seed: int, most_moves: int, sound: bool) -> str:
    """Play one random process; gives how it ended. A sound one must never be without a move before its end."""
    random = Random(seed)
    try:
        duel = Duel(make(random), seed)
        for number in range(most_moves):
            duel.rows_agree()
            if duel.games[0].table.failed:
                return "failed"
            if len(duel.case.open) > MOST_OPEN:
                assert not sound, f"seed {seed}: a sound process puts out tokens without end"
                return "wide"
            moves = duel.possible()
            if not moves or len(duel.games) > MOST_GAMES:
                assert not sound or moves or duel.case.status != "running", f"seed {seed}: a sound process is stuck"
                return "vague" if moves else "done"
            duel.play(chosen(random, moves, hurry=number > most_moves // 2))
    except (TooLong, Spinning):
        return "spins"
    except TooMany:
        return "vague"
    assert not sound, f"seed {seed}: a sound process doesn't end"
    return "long"


def chosen(random: Random, moves: list[Move], hurry: bool) -> Move:
    """Choose a move; in a hurry rather one that leads on than one that begins something, and data that leaves loops."""
    tasks = [m for m in moves if m.kind == "complete"]
    if hurry:
        tasks = tasks or [m for m in moves if m.name.startswith("catch") or m.kind in ("signal", "change")]
    move = random.choice(tasks if tasks and (hurry or random.random() < 0.6) else moves)
    pick = 2 * random.randint(0, 14) if hurry else random.randint(0, 29)
    return Move(move.kind, move.name, None if move.kind == "ring" else pick)
