"""A gateway lets every case through: some condition holds whatever the variables are, or there is a default flow."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import islice, product

from engine.check.domains import probes
from engine.check.rule import Found, found, rule
from engine.check.subject import Subject
from engine.diagram import ACTIVITIES, Node
from engine.errors import ScriptError
from engine.expressions import evaluate_value, names_in, read
from engine.model import Json

MOST_CASES = 500
MOST_VARIABLES = 4


@rule(
    "some-way-out",
    "warning",
    mend=(
        "Doplňte výchozí cestu nebo chybějící podmínku.",
        "Add a default flow or the missing condition.",
    ),
    certain=(
        "Když je {values}, neplatí žádná podmínka a případ tu uvázne; přidejte výchozí spojnici.",
        "When {values}, no condition holds and the case gets stuck here; add a default flow.",
    ),
    possible=(
        "Podmínky nemusí pokrýt všechno (třeba {values}) a výchozí spojnice chybí.",
        "The conditions may not cover everything (for example {values}) and there is no default flow.",
    ),
    unknown=(
        "Když neplatí žádná podmínka, případ tu uvázne; přidejte výchozí spojnici.",
        "When no condition holds, the case gets stuck here; add a default flow.",
    ),
)
def some_way_out(subject: Subject) -> Iterator[Found]:
    """Find splits in which nothing may hold."""
    for node in subject.nodes("exclusiveGateway", "inclusiveGateway", "complexGateway", *ACTIVITIES):
        conditions = [f.condition for f in node.outgoing if f.condition and f.id != node.default]
        if node.outgoing and not node.default and len(conditions) == len(node.outgoing):
            yield from _judged(subject, node, conditions)


def _judged(subject: Subject, node: Node, conditions: Sequence[str]) -> Iterator[Found]:
    names = list(dict.fromkeys(n for text in conditions for n in names_in(text)))
    parsed = [_parsed(text) for text in conditions]
    if len(names) > MOST_VARIABLES or any(p is None for p in parsed) or not all(read(t).light for t in conditions):
        yield found("unknown", node.id)
        return
    trials = [probes(subject, name, [p for p in parsed if p is not None]) for name in names]
    if not all(values for values, _ in trials):
        yield found("unknown", node.id)
        return
    for values in islice(product(*(values for values, _ in trials)), MOST_CASES):
        given = dict(zip(names, values, strict=True))
        if not any(_holds(text, given) for text in conditions):
            told = ", ".join(f"{name} = {value!r}" for name, value in given.items())
            yield found("certain" if all(sure for _, sure in trials) else "possible", node.id, values=told)
            return


def _holds(text: str, given: dict[str, Json]) -> bool:
    try:
        return bool(evaluate_value(text, given))
    except ScriptError:
        # It can't be judged with these values; give the author the benefit of the doubt.
        return True


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
