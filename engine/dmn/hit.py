"""Hit policies: what a table gives when several rules match, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.dmn.feel.compare import equal
from engine.dmn.feel.functions import FUNCTIONS
from engine.dmn.feel.nodes import Node
from engine.dmn.feel.values import Value
from engine.dmn.tables import Rule, Table
from engine.errors import DecisionError

Evaluate = Callable[[Node], Value]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A rule that matches, with its outputs by name."""

    rule: Rule
    outputs: dict[str, Value]


def choose(table: Table, hits: Sequence[Hit], evaluate: Evaluate) -> tuple[Sequence[Hit], Value]:
    """Give the rules that count and the table's value. Raises DecisionError."""
    if not hits:
        return (), _nothing(table, evaluate)
    chosen = _POLICIES[table.hit_policy](table, hits, evaluate)
    if table.hit_policy == "COLLECT":
        return chosen, _collected(table, chosen)
    if table.hit_policy in ("RULE ORDER", "OUTPUT ORDER"):
        return chosen, [_value(hit) for hit in chosen]
    return chosen, _value(chosen[0])


def _value(hit: Hit) -> Value:
    return next(iter(hit.outputs.values())) if len(hit.outputs) == 1 else hit.outputs


def _nothing(table: Table, evaluate: Evaluate) -> Value:
    """No rule matches: the default outputs; without any, null, and an empty list for policies that give lists."""
    if any(output.default for output in table.outputs):
        defaults = {o.name: evaluate(o.default) if o.default else None for o in table.outputs}
        return next(iter(defaults.values())) if len(defaults) == 1 else defaults
    if table.aggregation == "COUNT":
        return Decimal(0)
    gives_list = table.hit_policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT") and not table.aggregation
    return [] if gives_list else None


def _unique(table: Table, hits: Sequence[Hit], evaluate: Evaluate) -> Sequence[Hit]:
    if len(hits) > 1:
        raise DecisionError(f"rules {_numbers(hits)} match at once, but only one may (hit policy UNIQUE)")
    return hits


def _any(table: Table, hits: Sequence[Hit], evaluate: Evaluate) -> Sequence[Hit]:
    if not all(equal(hits[0].outputs, hit.outputs) for hit in hits):
        raise DecisionError(f"rules {_numbers(hits)} match and give different results (hit policy ANY)")
    return hits[:1]


def _first(table: Table, hits: Sequence[Hit], evaluate: Evaluate) -> Sequence[Hit]:
    return hits[:1]


def _all(table: Table, hits: Sequence[Hit], evaluate: Evaluate) -> Sequence[Hit]:
    return hits


def _by_priority(table: Table, hits: Sequence[Hit], evaluate: Evaluate) -> Sequence[Hit]:
    """Sort by the order of the output values, column by column."""
    orders = [[evaluate(value) for value in output.values] for output in table.outputs]

    def rank(hit: Hit) -> list[int]:
        return [_place(order, value) for order, value in zip(orders, hit.outputs.values(), strict=True) if order]

    return sorted(hits, key=rank)


def _priority(table: Table, hits: Sequence[Hit], evaluate: Evaluate) -> Sequence[Hit]:
    return _by_priority(table, hits, evaluate)[:1]


def _place(order: list[Value], value: Value) -> int:
    return next((place for place, other in enumerate(order) if equal(value, other)), len(order))


def _numbers(hits: Sequence[Hit]) -> str:
    return ", ".join(str(hit.rule.number) for hit in hits)


def _collected(table: Table, hits: Sequence[Hit]) -> Value:
    values = [_value(hit) for hit in hits]
    if not table.aggregation:
        return values
    if table.aggregation == "COUNT":
        return Decimal(len(FUNCTIONS["distinct values"](values)))
    if len(table.outputs) > 1:
        raise DecisionError(f"{table.aggregation} needs one output column")
    try:
        return FUNCTIONS[table.aggregation.lower()](values)
    except (TypeError, ArithmeticError) as error:
        raise DecisionError(f"{table.aggregation} needs numbers in every rule that matches") from error


_POLICIES: dict[str, Callable[[Table, Sequence[Hit], Evaluate], Sequence[Hit]]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _by_priority,
    "COLLECT": _all,
}
