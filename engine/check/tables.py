"""Checks DMN files: readable, without gaps and without rules that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice, product

from engine.check.rule import Found, Rule, found
from engine.diagram import Problem
from engine.dmn import Decision, Decisions, Table, read_decisions
from engine.dmn.feel import Scope, evaluate, passes, to_json
from engine.dmn.feel.compare import equal
from engine.dmn.feel.nodes import Interval, ListOf, Literal, Negation, Node, Tests
from engine.dmn.feel.values import Value
from engine.dmn.tables import Input
from engine.dmn.tables import Rule as Row
from engine.errors import DecisionError, UnreadableModel

#: Combinations of values tried in one table, and comparisons of them with rules.
MOST_CASES, MOST_COMPARISONS = 20_000, 400_000
ANYTHING_ELSE = "…"


def check_dmn(content: bytes, *, lang: str = "cs", file: str | None = None) -> list[Problem]:
    """Say everything that is wrong with a DMN file. Never raises for a bad file."""
    try:
        decisions = read_decisions(content)
    except UnreadableModel as error:
        text = str(error) if lang == "en" else f"Soubor nejde přečíst: {error}"
        mend = (
            "Save the table again in the modeller as DMN."
            if lang == "en"
            else "Uložte tabulku znovu v modeleru jako DMN."
        )
        return [Problem("error", "readable", error.facts.get("element"), text, file, mend=mend)]
    problems = [p for rule in (REQUIREMENTS, GAPS, OVERLAPS) for p in rule.problems(decisions, lang)]
    for problem in problems:
        problem.file = file
    return problems


def _requirements(decisions: Decisions) -> Iterator[Found]:
    for decision in decisions.by_id.values():
        if decision.logic is None:
            yield found("no_logic", decision.id)
        for required in decision.requires:
            if required not in decisions.by_id:
                yield found("missing", decision.id, required=required)


def _gaps(decisions: Decisions) -> Iterator[Found]:
    for decision, table in _tables(decisions):
        if any(output.default for output in table.outputs) or table.hit_policy == "COLLECT":
            continue
        for values in _cases(table):
            if not _hits(table, values):
                yield found("gap", decision.id, values=_told(table, values))
                break


def _overlaps(decisions: Decisions) -> Iterator[Found]:
    for decision, table in _tables(decisions):
        if table.hit_policy not in ("UNIQUE", "ANY"):
            continue
        for values in _cases(table):
            hits = _hits(table, values)
            if len(hits) > 1 and (table.hit_policy == "UNIQUE" or _differ(hits)):
                numbers = ", ".join(str(row.number) for row in hits)
                sentence = "overlap" if table.hit_policy == "UNIQUE" else "contradiction"
                clash = found(sentence, decision.id, numbers=numbers, values=_told(table, values))
                yield replace(clash, path=tuple(row.id for row in hits))
                break


REQUIREMENTS: Rule[Decisions] = Rule(
    "decision-requirements",
    "error",
    {
        "no_logic": ("Rozhodnutí nemá tabulku ani výraz.", "The decision has neither a table nor an expression."),
        "missing": (
            "Rozhodnutí potřebuje {required}, které v souboru není.",
            "The decision requires {required}, which is not in the file.",
        ),
    },
    ("Doplňte rozhodnutí do souboru.", "Put the decision into the file."),
    _requirements,
)
GAPS: Rule[Decisions] = Rule(
    "decision-gaps",
    "warning",
    {"gap": ("Pro {values} neplatí žádné pravidlo.", "No rule matches {values}.")},
    ("Doplňte pravidlo nebo výchozí výstup.", "Add a rule or a default output."),
    _gaps,
)
OVERLAPS: Rule[Decisions] = Rule(
    "decision-overlaps",
    "error",
    {
        "overlap": (
            "Pro {values} platí najednou pravidla {numbers}, smí jen jedno (UNIQUE).",
            "For {values} the rules {numbers} match at once; only one may (UNIQUE).",
        ),
        "contradiction": (
            "Pro {values} platí pravidla {numbers} s různým výsledkem; má být stejný (ANY).",
            "For {values} the rules {numbers} match with different results; they must agree (ANY).",
        ),
    },
    (
        "Zužte podmínky jednoho z pravidel, nebo změňte hit policy.",
        "Narrow the conditions of one rule or change the hit policy.",
    ),
    _overlaps,
)


# --- trying values ---------------------------------------------------------------------------------------------------


def _tables(decisions: Decisions) -> Iterator[tuple[Decision, Table]]:
    for decision in decisions.by_id.values():
        if isinstance(decision.logic, Table) and decision.logic.inputs:
            yield decision, decision.logic


def _cases(table: Table) -> Iterator[tuple[Value, ...]]:
    """Give combinations of values, one on each side of every border in every column."""
    columns = [_values(column, [row.tests[i] for row in table.rules]) for i, column in enumerate(table.inputs)]
    return islice(product(*columns), min(MOST_CASES, MOST_COMPARISONS // (len(table.rules) or 1)))


def _values(column: Input, cells: Sequence[Tests]) -> list[Value]:
    allowed = list(_literals(column.allowed)) if column.allowed else []
    found_values = allowed or [value for cell in cells for value in _literals(cell)]
    numbers = sorted({v for v in found_values if isinstance(v, Decimal)})
    values: list[Value] = [v for v in found_values if not isinstance(v, (Decimal, bool))]
    if column.type == "boolean" or any(isinstance(v, bool) for v in found_values):
        values += [True, False]
    values = list(dict.fromkeys(values)) + (numbers if allowed else _around(numbers))
    if not allowed and any(isinstance(v, str) for v in values):
        values.append(ANYTHING_ELSE)
    return values or [None]


def _around(numbers: Sequence[Decimal]) -> list[Value]:
    """Give each border with its neighbours; whole borders have whole neighbours."""
    whole = all(number == number.to_integral_value() for number in numbers)
    step = Decimal(1) if whole else Decimal("0.001")
    return sorted({value for number in numbers for value in (number - step, number, number + step)})


def _literals(node: Node | None) -> Iterator[Value]:
    match node:
        case Literal(value=value):
            yield value
        case Negation(of=Literal(value=Decimal() as number)):
            yield -number
        case Interval(low=low, high=high):
            yield from _literals(low)
            yield from _literals(high)
        case Tests(tests=parts) | ListOf(items=parts):
            for part in parts:
                yield from _literals(part)


def _hits(table: Table, values: Sequence[Value]) -> list[Row]:
    scope = Scope({})
    try:
        return [r for r in table.rules if all(passes(t, v, scope) for t, v in zip(r.tests, values, strict=True))]
    except DecisionError:
        return list(table.rules[:1])


def _differ(hits: Sequence[Row]) -> bool:
    scope = Scope({})
    outputs = [[evaluate(node, scope) if node else None for node in row.results] for row in hits]
    return not all(equal(outputs[0], other) for other in outputs)


def _told(table: Table, values: Sequence[Value]) -> str:
    pairs = zip(table.inputs, values, strict=True)
    return ", ".join(f"{column.name} = {to_json(value)}" for column, value in pairs if value is not None) or "—"
