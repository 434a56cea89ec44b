"""Works FEEL out. As the standard says, what can't be computed is null; what has no end is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from engine.dmn.feel import nodes
from engine.dmn.feel.arithmetic import calculate, negated
from engine.dmn.feel.compare import equal, ordered, within
from engine.dmn.feel.functions import FUNCTIONS, PARAMETERS
from engine.dmn.feel.nodes import Node
from engine.dmn.feel.values import Between, Value
from engine.errors import DecisionError

#: Pieces that one decision may work out, so that nested loops end.
MOST_STEPS = 200_000
#: Parts of one list or context.
MOST_PARTS = 50_000
#: Handling so much takes about as long as working out one piece.
PARTS_A_PIECE, CHARACTERS_A_PIECE = 16, 4_096
INPUT = "?"


class Scope:
    """The names in reach, and how much may still be computed."""

    def __init__(
        self,
        names: Mapping[str, Value],
        functions: Mapping[str, Callable[..., Value]] | None = None,
        steps: list[int] | None = None,
    ) -> None:
        self.names = names
        self.functions = functions or {}
        self.steps = steps if steps is not None else [MOST_STEPS]

    def with_names(self, names: Mapping[str, Value]) -> Scope:
        """Give a scope that knows more names; both draw on the same budget."""
        return Scope({**self.names, **names}, self.functions, self.steps)

    def spend(self, pieces: int = 1) -> None:
        """Count pieces. Raises DecisionError."""
        self.steps[0] -= pieces
        if self.steps[0] < 0:
            raise DecisionError("the decision computes longer than it may")


def evaluate(node: Node, scope: Scope) -> Value:
    """Give the value of an expression. Raises DecisionError only for what has no end."""
    scope.spend()
    value = _EVALUATORS[type(node)](node, scope)
    if isinstance(value, (list, dict)):
        scope.spend(_bound(value) // PARTS_A_PIECE)
    elif isinstance(value, str):
        scope.spend(len(value) // CHARACTERS_A_PIECE)
    return value


def _bound(value: Value) -> int:
    """Count the parts of a value; refuse too many: lists of lists of one list are small here and endless in JSON."""
    waiting, left = [value], MOST_PARTS
    while waiting:
        part = waiting.pop()
        left -= 1
        if isinstance(part, (list, dict)):
            left -= len(part)
            waiting += part if isinstance(part, list) else part.values()
        if left < 0:
            raise DecisionError("a value of the decision is larger than it may be")
    return MOST_PARTS - left


def passes(tests: nodes.Tests, value: Value, scope: Scope) -> bool:
    """Say whether a value passes a cell. What can't be compared doesn't, and neither passes `not(…)`."""
    return _judged(tests, value, scope) is True


def _judged(tests: nodes.Tests, value: Value, scope: Scope) -> bool | None:
    if not tests.tests:
        return True
    inner = scope.with_names({INPUT: value})
    found = _either(_judged_by(test, value, inner) for test in tests.tests)
    return None if found is None else found != tests.negated


def _judged_by(test: Node, value: Value, scope: Scope) -> bool | None:
    if isinstance(test, nodes.Tests):
        return _judged(test, value, scope)
    found = evaluate(test, scope)
    if _speaks_of_input(test) and (found is None or isinstance(found, bool)):
        return found
    if isinstance(found, Between):
        return within(value, found)
    if isinstance(found, list) and not isinstance(value, list):
        return _either(equal(value, item) for item in found)
    return equal(value, found)


def _either(judged: Iterable[bool | None]) -> bool | None:
    """Say whether one holds; None where none does, but one can't be told."""
    unknown = False
    for one in judged:
        if one:
            return True
        unknown = unknown or one is None
    return None if unknown else False


def _speaks_of_input(test: Node) -> bool:
    """Say whether a test is a statement, such as `? > 5`, and not a value to compare with."""
    if isinstance(test, (nodes.Operation, nodes.Membership, nodes.Iteration)):
        return True
    return isinstance(test, nodes.Call) and INPUT in _names(test)


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    if isinstance(node, nodes.Call):
        for argument in node.arguments:
            yield from _names(argument)


def _literal(node: nodes.Literal, scope: Scope) -> Value:
    return node.value


def _name(node: nodes.Name, scope: Scope) -> Value:
    return scope.names.get(node.name)


def _operation(node: nodes.Operation, scope: Scope) -> Value:
    left = evaluate(node.left, scope)
    if node.sign in ("and", "or"):
        return _logic(node, left, scope)
    right = evaluate(node.right, scope)
    match node.sign:
        case "=":
            return equal(left, right)
        case "!=":
            same = equal(left, right)
            return None if same is None else not same
        case "<" | "<=" | ">" | ">=":
            return ordered(node.sign, left, right)
    return calculate(node.sign, left, right)


def _logic(node: nodes.Operation, left: Value, scope: Scope) -> Value:
    """Three-valued: false and anything is false, true or anything is true, otherwise null stays null."""
    decisive = node.sign == "or"
    if left is decisive:
        return decisive
    right = evaluate(node.right, scope)
    if right is decisive:
        return decisive
    return (not decisive) if left is right is (not decisive) else None


def _negation(node: nodes.Negation, scope: Scope) -> Value:
    return negated(evaluate(node.of, scope))


def _call(node: nodes.Call, scope: Scope) -> Value:
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    function = scope.functions.get(node.function) or FUNCTIONS.get(node.function)
    if function is None:
        raise DecisionError(f"the function {node.function} is not known")
    if node.names:
        arguments = _in_order(node, arguments)
    try:
        return function(*arguments)
    except (TypeError, ValueError, ArithmeticError, AttributeError, IndexError, KeyError):
        return None


def _in_order(node: nodes.Call, arguments: list[Value]) -> list[Value]:
    given = dict(zip(node.names, arguments, strict=True))
    for parameters in PARAMETERS.get(node.function, ()):
        if given.keys() <= set(parameters):
            return [given.get(name) for name in parameters if name in given]
    return arguments


def _path(node: nodes.Path, scope: Scope) -> Value:
    of = evaluate(node.of, scope)
    if isinstance(of, list):
        return [_member(item, node.name) for item in of]
    return _member(of, node.name)


def _member(of: Value, name: str) -> Value:
    if isinstance(of, dict):
        return of.get(name)
    if name == "weekday":
        return Decimal(of.isoweekday()) if isinstance(of, date) else None
    part = getattr(of, name, None) if name in ("year", "month", "day", "hour", "minute", "second") else None
    return Decimal(part) if isinstance(part, int) else None


def _filter(node: nodes.Filter, scope: Scope) -> Value:
    of = evaluate(node.of, scope)
    items = of if isinstance(of, list) else [] if of is None else [of]
    if isinstance(node.by, (nodes.Literal, nodes.Negation, nodes.Name)):
        index = evaluate(node.by, scope)
        if isinstance(index, Decimal):
            return _item(items, int(index))
    return [item for item in items if evaluate(node.by, scope.with_names(_row(item))) is True]


def _row(item: Value) -> dict[str, Value]:
    return {"item": item, **(item if isinstance(item, dict) else {})}


def _item(items: list[Value], index: int) -> Value:
    place = index - 1 if index > 0 else len(items) + index
    return items[place] if index and 0 <= place < len(items) else None


def _choice(node: nodes.Choice, scope: Scope) -> Value:
    return evaluate(node.then if evaluate(node.condition, scope) is True else node.otherwise, scope)


def _iteration(node: nodes.Iteration, scope: Scope) -> Value:
    values = [evaluate(node.body, inner) for inner in _rounds(node, 0, scope)]
    if node.kind == "for":
        return values
    wanted = node.kind == "some"
    if any(value is wanted for value in values):
        return wanted
    return None if any(not isinstance(value, bool) for value in values) else not wanted


def _rounds(node: nodes.Iteration, at: int, scope: Scope) -> Iterator[Scope]:
    if at == len(node.names):
        yield scope
        return
    for item in _items(evaluate(node.sources[at], scope), scope):
        yield from _rounds(node, at + 1, scope.with_names({node.names[at]: item}))


def _items(source: Value, scope: Scope) -> Iterator[Value]:
    if isinstance(source, Between) and isinstance(source.low, Decimal) and isinstance(source.high, Decimal):
        step = 1 if source.low <= source.high else -1
        for number in range(int(source.low), int(source.high) + step, step):
            scope.spend()
            yield Decimal(number)
    elif source is not None and not isinstance(source, Between):
        yield from source if isinstance(source, list) else [source]


def _list(node: nodes.ListOf, scope: Scope) -> Value:
    return [evaluate(item, scope) for item in node.items]


def _context(node: nodes.ContextOf, scope: Scope) -> Value:
    found: dict[str, Value] = {}
    for key, value in node.entries:
        found[key] = evaluate(value, scope.with_names(found))
    return found


def _interval(node: nodes.Interval, scope: Scope) -> Value:
    low = evaluate(node.low, scope) if node.low else None
    high = evaluate(node.high, scope) if node.high else None
    if (node.low and low is None) or (node.high and high is None):
        return None
    return Between(low, high, node.low_closed, node.high_closed)


def _membership(node: nodes.Membership, scope: Scope) -> Value:
    return passes(node.tests, evaluate(node.value, scope), scope)


_EVALUATORS: dict[type[Node], Callable[..., Value]] = {
    nodes.Literal: _literal,
    nodes.Name: _name,
    nodes.Operation: _operation,
    nodes.Negation: _negation,
    nodes.Call: _call,
    nodes.Path: _path,
    nodes.Filter: _filter,
    nodes.Choice: _choice,
    nodes.Iteration: _iteration,
    nodes.ListOf: _list,
    nodes.ContextOf: _context,
    nodes.Interval: _interval,
    nodes.Membership: _membership,
}
