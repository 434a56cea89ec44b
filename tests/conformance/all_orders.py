"""Every order in which a token game can go on, where drawing some would leave it to luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from tests.conformance.game_pieces import shape
from tests.conformance.token_game import Game

#: States looked at for one move.
MOST_STATES = 500


T = TypeVar("T")


class TooMany(Exception):
    """There are more orders than are followed up: nothing can be said."""


@dataclass
class Chooser:
    """Stands for a source of chance: takes the choices that it is given, then the first each time."""

    given: list[int]
    #: (choice, of how many) so far.
    made: list[tuple[int, int]] = field(default_factory=list)

    def pick(self, of: int) -> int:
        taken = self.given[len(self.made)] if len(self.made) < len(self.given) else 0
        self.made.append((taken, of))
        return taken

    def choice(self, things: list[Any]) -> Any:
        return things[self.pick(len(things))]

    def shuffle(self, things: list[Any]) -> None:
        rest = list(things)
        things[:] = [rest.pop(self.pick(len(rest))) for _ in range(len(rest))]


class Leaning(Random):
    """Chance that rather takes the first of several things, or the last, as real engines do."""

    def __init__(self, seed: float, leaning: int) -> None:
        super().__init__(seed)
        self.leaning, self.strength = leaning, (self.random() if leaning else 0.0)

    def choice(self, things: Any) -> Any:
        if self.random() < self.strength:
            return things[0 if self.leaning == 1 else -1]
        return super().choice(things)


def all_choices(play: Callable[[Chooser], T]) -> Iterator[T]:
    """Play with every row of choices; each time anew."""
    given: list[int] | None = []
    while given is not None:
        chooser = Chooser(given)
        yield play(chooser)
        made = chooser.made
        while made and made[-1][0] + 1 == made[-1][1]:
            made.pop()
        given = [*(taken for taken, _ in made[:-1]), made[-1][0] + 1] if made else None


def all_settled(way: Callable[[Any], Game]) -> Iterator[Game]:
    """Give every game at rest that a move can lead to. Raises TooMany."""
    todo = list(all_choices(way))
    seen = {state(game) for game in todo}
    while todo:
        game = todo.pop()
        for after, moved in all_choices(lambda chooser, game=game: one_on(game, chooser)):  # type: ignore[misc]
            if not moved:
                yield after
            elif (shown := state(after)) not in seen:
                seen.add(shown)
                todo.append(after)
        if len(seen) > MOST_STATES:
            raise TooMany


def one_on(game: Game, chooser: Any) -> tuple[Game, bool]:
    game = deepcopy(game)
    game.table.random = chooser
    return game, game.move_on()


def state(game: Game) -> str:
    table = game.table
    return repr(
        (shape(game), sorted(table.variables.items()), sorted(table.counts.items()), table.undone, table.failed)
    )
