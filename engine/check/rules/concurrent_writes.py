"""Two branches that run side by side don't write one variable: the last one would win, by chance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.check.order import MOST_NODES, reachable
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.check.texts import given_by
from engine.diagram import ACTIVITIES, Node


@rule(
    "concurrent-writes",
    "warning",
    mend=(
        "Pojmenujte údaje v každé větvi jinak a spojte je až za spojením větví.",
        "Name the values differently in each branch and put them together after the join.",
    ),
    both=(
        "Proměnnou {name} zapisuje i souběžná větev ({other}); platit bude ten, kdo skončí později.",
        "A branch that runs beside this one ({other}) also writes {name}; whoever ends later wins.",
    ),
)
def concurrent_writes(subject: Subject) -> Iterator[Found]:
    """Find variables written by two branches of one split."""
    said: set[tuple[str, str, str]] = set()
    if len(subject.model.nodes) > MOST_NODES:
        return
    for split in subject.nodes("parallelGateway", "inclusiveGateway", *ACTIVITIES):
        for one, other, name in _clashes(subject, split):
            if (one, other, name) not in said:
                said.add((one, other, name))
                shown = subject.model.nodes[other].name or other
                yield found("both", one, name=name, other=shown)


def _clashes(subject: Subject, split: Node) -> Iterator[tuple[str, str, str]]:
    ways = [f for f in split.outgoing if f.target in subject.model.nodes]
    if split.kind in ACTIVITIES:
        ways = [f for f in ways if not f.condition and f.id != split.default]
    if len(ways) < 2:
        return
    branches = [reachable(subject.model, f.target) for f in ways]
    for first, second in combinations(range(len(branches)), 2):
        only_first = branches[first] - branches[second]
        only_second = branches[second] - branches[first]
        written = [(n, names) for n in only_second if (names := _written(subject, n))]
        for node in sorted(only_first):
            names = _written(subject, node)
            for other, theirs in written:
                yield from ((node, other, name) for name in sorted(names & theirs))


def _written(subject: Subject, node: str) -> frozenset[str]:
    """Give what a node and all inside it certainly may write."""
    found_names: set[str] = set()
    todo = [subject.model.nodes[node]]
    while todo:
        one = todo.pop()
        found_names |= given_by(one, subject) or frozenset()
        todo += [subject.model.nodes[m] for m in one.members if m in subject.model.nodes]
    return frozenset(found_names)
