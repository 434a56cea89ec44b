"""Makes decisions: required ones first, then the table or expression, with an account of which rules fired on what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.dmn import hit
from engine.dmn.feel import Scope, evaluate, from_json, passes, to_json
from engine.dmn.feel.names import names_in
from engine.dmn.feel.values import Value, typed
from engine.dmn.tables import Decision, Decisions, Entries, Expression, Invocation, Items, Knowledge, Logic, Rule, Table
from engine.errors import DecisionError
from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was decided, and why. All JSON."""

    value: Json
    #: The same by name of the output column or of the decision.
    outputs: dict[str, Json]
    #: What the columns of the asked decision's table looked at.
    inputs: dict[str, Json]
    #: {"decision", "rule", "number", "inputs", "outputs", "annotation"} for every rule that fired, required
    #: decisions first.
    rules: list[dict[str, Json]] = field(default_factory=list)


def decide(decisions: Decisions, ref: str, variables: Mapping[str, Json]) -> Outcome:
    """Make a decision by id or name. Raises DecisionError."""
    decision = decisions.find(ref)
    if decision is None:
        raise DecisionError(f"there is no decision {ref}")
    try:
        work = _Work(decisions, {name: from_json(value) for name, value in variables.items()})
        value = work.decision(decision)
        result = to_json(value)
    except RecursionError as error:
        raise DecisionError("the decision's values are nested too deeply") from error
    outputs = result if isinstance(result, dict) else {_output_name(decision): result}
    return Outcome(value=result, outputs=outputs, inputs=work.inputs.get(decision.id, {}), rules=work.fired)


def _output_name(decision: Decision) -> str:
    if isinstance(decision.logic, Table) and len(decision.logic.outputs) == 1:
        return decision.logic.outputs[0].name
    return decision.variable


class _Work:
    """One question: what is known so far and which rules fired."""

    def __init__(self, decisions: Decisions, variables: dict[str, Value]) -> None:
        self.decisions = decisions
        self.variables = variables
        self.results: dict[str, Value] = {}
        self.inputs: dict[str, dict[str, Json]] = {}
        self.fired: list[dict[str, Json]] = []
        self.functions = {k.name: self._function(k) for k in decisions.knowledge.values()}
        self.scope = Scope({}, self.functions)

    def decision(self, decision: Decision) -> Value:
        """Give a decision's value; one that two others require is made once."""
        if decision.id not in self.results:
            names = dict(self.variables)
            for name, declared in decision.inputs.items():
                if name in names:
                    names[name] = typed(names[name], declared)
            for required in decision.requires:
                other = self.decisions.by_id.get(required)
                if other is None:
                    raise DecisionError(f"the decision {decision.id} requires {required}, which is not there")
                names[other.variable] = self.decision(other)
            if decision.logic is None:
                raise DecisionError(f"the decision {decision.id} has no logic")
            self.results[decision.id] = self.logic(decision.logic, self.scope.with_names(names), decision.id)
        return self.results[decision.id]

    def logic(self, logic: Logic, scope: Scope, place: str) -> Value:
        """Work out a boxed expression."""
        match logic:
            case Expression():
                return evaluate(logic.node, scope)
            case Table():
                return self._table(logic, scope, place)
            case Invocation():
                return self._invoke(logic, scope, place)
            case Items():
                return [self.logic(item, scope, place) for item in logic.items]
        return self._entries(logic, scope, place)

    def _entries(self, logic: Entries, scope: Scope, place: str) -> Value:
        found: dict[str, Value] = {}
        for name, inner in logic.entries:
            value = self.logic(inner, scope.with_names(found), place)
            if name is None:
                return value
            found[name] = value
        return found

    def _invoke(self, logic: Invocation, scope: Scope, place: str) -> Value:
        knowledge = self.decisions.knowledge.get(logic.function)
        if knowledge is None:
            raise DecisionError(f"the function {logic.function} is not known")
        arguments = {name: self.logic(inner, scope, place) for name, inner in logic.arguments.items()}
        return self.logic(knowledge.body, self.scope.with_names(arguments), knowledge.name)

    def _function(self, knowledge: Knowledge) -> Callable[..., Value]:
        def call(*arguments: Value) -> Value:
            names = dict(zip(knowledge.parameters, arguments, strict=True))
            return self.logic(knowledge.body, self.scope.with_names(names), knowledge.name)

        return call

    # --- tables ---------------------------------------------------------------------------------------------------

    def _table(self, table: Table, scope: Scope, place: str) -> Value:
        values = [typed(evaluate(column.expression, scope), column.type) for column in table.inputs]
        inputs = {column.name: to_json(value) for column, value in zip(table.inputs, values, strict=True)}
        self.inputs[place] = inputs
        self._refuse_unknown(table, values, scope)
        matching = [rule for rule in table.rules if self._matches(rule, values, scope)]
        hits = [hit.Hit(rule=rule, outputs=self._outputs(table, rule, scope)) for rule in matching]
        chosen, value = hit.choose(table, hits, lambda node: evaluate(node, scope))
        if value is None and not hits:
            self._refuse_missing(table, scope)
        for one in chosen:
            self.fired.append(
                {
                    "decision": place,
                    "rule": one.rule.id,
                    "number": one.rule.number,
                    "inputs": inputs,
                    "outputs": to_json(one.outputs),
                    "annotation": one.rule.annotation,
                }
            )
        return value

    def _matches(self, rule: Rule, values: list[Value], scope: Scope) -> bool:
        return all(passes(tests, value, scope) for tests, value in zip(rule.tests, values, strict=True))

    def _outputs(self, table: Table, rule: Rule, scope: Scope) -> dict[str, Value]:
        results = zip(table.outputs, rule.results, strict=True)
        return {o.name: typed(evaluate(node, scope), o.type) if node else None for o, node in results}

    def _refuse_missing(self, table: Table, scope: Scope) -> None:
        """A variable that isn't there at all is a slip of the author, not a case without a rule."""
        for column in table.inputs:
            for name in sorted(names_in(column.expression) - scope.names.keys()):
                raise DecisionError(f"no rule matches, and the variable {name} is not there")

    def _refuse_unknown(self, table: Table, values: list[Value], scope: Scope) -> None:
        for column, value in zip(table.inputs, values, strict=True):
            if column.allowed and value is not None and not passes(column.allowed, value, scope):
                raise DecisionError(f"{column.name} is {to_json(value)!r}, which the table does not allow")
