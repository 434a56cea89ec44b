"""The count: of ballots, rules and a seed always the same result, whoever counts and in whatever order.

The algorithm in words is in docs/counting.md; this module is all of it and knows neither a database nor a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from engine.voting.rules import Marks, MoneyClass, Option, Paper


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one option came out."""

    option: str
    #: Sum of what was given to it, and of what was given against it.
    plus: int
    minus: int
    #: Ballots that gave it something, and that were against it.
    people_for: int
    people_against: int
    #: chosen, over_budget, opposed, few_votes, no_quorum, withdrawn
    outcome: str
    #: From 1; 0 = not ranked, because it was opposed or withdrawn.
    place: int
    #: Its lot, where others have as many votes for and against; "" = it was not needed.
    lot: str = ""


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What was given out of a class, in whole crowns."""

    key: str
    budget: int
    spent: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """The whole result; standings by place, then those without one."""

    ballots: int
    blank: int
    #: Fewer ballots came than the rules ask for.
    quorum_met: bool
    standings: Sequence[Standing]
    classes: Sequence[Spent]

    @property
    def chosen(self) -> list[str]:
        """Options that were chosen, by place."""
        return [one.option for one in self.standings if one.outcome == "chosen"]


def lot_of(seed: str, option: str) -> str:
    """Draw the lot of an option: the smaller one wins a tie."""
    return sha256(f"{seed}:{option}".encode()).hexdigest()


def seed_of(secret: str, box: str) -> str:
    """Give the seed of lots: nobody knows it before the box is opened, and nobody can choose it then."""
    return sha256(f"{secret}:{box}".encode()).hexdigest()


def commitment_of(secret: str) -> str:
    """Give what is published before the vote: it binds to the secret and doesn't tell it."""
    return sha256(secret.encode()).hexdigest()


def count(paper: Paper, ballots: Iterable[tuple[Marks, int]], seed: str) -> Result:
    """Count ballots, each with how many times it was cast."""
    sums: dict[str, list[int]] = {option.id: [0, 0, 0, 0] for option in paper.options}
    total = blank = 0
    for marks, times in ballots:
        total += times
        blank += 0 if any(marks.values()) else times
        for name, number in marks.items():
            _add(sums[name], number, times)
    quorum_met = total >= paper.rules.quorum
    ranked, unranked = _ranked(paper, sums, seed)
    tied = _tied(ranked, sums)
    outcomes, classes = _given_out(paper, ranked, sums, quorum_met=quorum_met)
    places = {option.id: place for place, option in enumerate(ranked, 1)}
    standings = [
        Standing(
            option=option.id,
            plus=sums[option.id][0],
            minus=sums[option.id][1],
            people_for=sums[option.id][2],
            people_against=sums[option.id][3],
            outcome=outcomes.get(option.id) or ("withdrawn" if option.withdrawn else "opposed"),
            place=places.get(option.id, 0),
            lot=lot_of(seed, option.id) if option.id in tied else "",
        )
        for option in (*ranked, *unranked)
    ]
    return Result(ballots=total, blank=blank, quorum_met=quorum_met, standings=standings, classes=classes)


def _add(sums: list[int], number: int, times: int) -> None:
    if number > 0:
        sums[0] += number * times
        sums[2] += times
    elif number < 0:
        sums[1] -= number * times
        sums[3] += times


def _ranked(paper: Paper, sums: Mapping[str, Sequence[int]], seed: str) -> tuple[list[Option], list[Option]]:
    """Give options by place, and those without one by id: more positive votes, fewer negative ones, the lot."""

    def left_out(option: Option) -> bool:
        _plus, _minus, people_for, people_against = sums[option.id]
        return option.withdrawn or (paper.rules.exclude_opposed and people_against > people_for)

    by_id = sorted(paper.options, key=lambda option: option.id)
    ranked = [option for option in by_id if not left_out(option)]
    ranked.sort(key=lambda option: (-sums[option.id][0], sums[option.id][1], lot_of(seed, option.id)))
    return ranked, [option for option in by_id if left_out(option)]


def _tied(ranked: Sequence[Option], sums: Mapping[str, Sequence[int]]) -> set[str]:
    groups: dict[tuple[int, int], list[str]] = {}
    for option in ranked:
        groups.setdefault((sums[option.id][0], sums[option.id][1]), []).append(option.id)
    return {name for names in groups.values() if len(names) > 1 for name in names}


def _given_out(
    paper: Paper, ranked: Sequence[Option], sums: Mapping[str, Sequence[int]], *, quorum_met: bool
) -> tuple[dict[str, str], list[Spent]]:
    """Walk each class by place until its money is gone."""
    left = {one.key: one.budget for one in paper.classes}
    stopped: set[str] = set()
    outcomes = {}
    for option in ranked:
        outcome = "chosen"
        if not quorum_met:
            outcome = "no_quorum"
        elif sums[option.id][0] < paper.rules.least:
            outcome = "few_votes"
        elif option.group in stopped or option.price > left[option.group]:
            outcome = "over_budget"
            if paper.rules.over_budget == "stop":
                stopped.add(option.group)
        else:
            left[option.group] -= option.price
        outcomes[option.id] = outcome
    return outcomes, [_spent(one, left[one.key]) for one in paper.classes]


def _spent(one: MoneyClass, left: int) -> Spent:
    return Spent(key=one.key, budget=one.budget, spent=one.budget - left)
