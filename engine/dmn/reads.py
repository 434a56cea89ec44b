"""Which variables a decision looks at, through all decisions it requires."""

from __future__ import annotations

from engine.dmn.feel.names import names_in
from engine.dmn.tables import Decision, Decisions, Entries, Expression, Invocation, Items, Logic, Table


def variables_of(decisions: Decisions, ref: str) -> frozenset[str]:
    """Give the variables that a decision reads from the case; none for an unknown decision."""
    decision = decisions.find(ref)
    return _of_decision(decisions, decision) if decision is not None else frozenset()


def _of_decision(decisions: Decisions, decision: Decision) -> frozenset[str]:
    found = _of_logic(decision.logic) if decision.logic is not None else frozenset()
    for required in decision.requires:
        other = decisions.by_id.get(required)
        if other is not None:
            found = (found - {other.variable}) | _of_decision(decisions, other)
    return found - set(decisions.knowledge)


def _of_logic(logic: Logic) -> frozenset[str]:
    match logic:
        case Table():
            return _of_table(logic)
        case Expression():
            return names_in(logic.node)
        case Invocation():
            return frozenset().union(*(_of_logic(inner) for inner in logic.arguments.values()))
        case Items():
            return frozenset().union(*(_of_logic(inner) for inner in logic.items))
    return _of_entries(logic)


def _of_entries(logic: Entries) -> frozenset[str]:
    found = frozenset[str]().union(*(_of_logic(inner) for _, inner in logic.entries))
    return found - {name for name, _ in logic.entries if name}


def _of_table(table: Table) -> frozenset[str]:
    nodes = [column.expression for column in table.inputs]
    nodes += [test for row in table.rules for test in row.tests]
    nodes += [result for row in table.rules for result in row.results if result is not None]
    return frozenset().union(*(names_in(node) for node in nodes))
