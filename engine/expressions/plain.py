"""The plainest texts without Starlark: `approved == True`, `kind in ["a", "b"] and amount > 50000`, `n = n + 1`.

Most conditions of diagrams are such, and calling Starlark costs more than all else that a step does. Only what surely
means the same there is done here; where a value is of another type, or something is missing, Starlark is asked.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import NoneType

from engine.expressions.reading import tree_of
from engine.model import Json

Given = Mapping[str, Json]
#: Gives a value over variables, or raises Unsure.
Value = Callable[[Given], Json]
#: The value of the last expression and the variables that the text changed.
Plain = Callable[[Given], tuple[Json, dict[str, Json]]]

#: Texts and nestings of more characters have little use of being plain.
_LONGEST = 500
_MOST_BITS = 64
_EQUALITY: dict[type[ast.cmpop], bool] = {ast.Eq: True, ast.NotEq: False}
_ORDER: dict[type[ast.cmpop], Callable[[Json, Json], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SUMS: dict[type[ast.operator], Callable[[int, int], int]] = {ast.Add: operator.add, ast.Sub: operator.sub}


class Unsure(Exception):
    """Only Starlark can say."""


class _OtherText(Exception):
    """The text isn't of the plainest."""


@lru_cache(maxsize=4096)
def plain(text: str) -> Plain | None:
    """Give how a text is done here; None where it isn't of the plainest."""
    tree = tree_of(text) if len(text) <= _LONGEST else None
    if tree is None or not tree.body:
        return None
    reader = _Reader(text)
    try:
        match tree.body:
            case [ast.Expr(value=value)]:
                return _asked(reader.value(value), frozenset(reader.names))
            case steps:
                assignments = [reader.assignment(step) for step in steps]
                return _assigned(assignments, frozenset(reader.names) - {name for name, _ in assignments})
    except _OtherText:
        return None


def _asked(value: Value, names: frozenset[str]) -> Plain:
    def ask(given: Given) -> tuple[Json, dict[str, Json]]:
        _must_know(names, given)
        return _scalar(value(given)), {}

    return ask


def _assigned(steps: list[tuple[str, Value]], names: frozenset[str]) -> Plain:
    def assign(given: Given) -> tuple[Json, dict[str, Json]]:
        _must_know(names, given)
        known = dict(given)
        for name, value in steps:
            known[name] = _scalar(value(known))
        changed = dict.fromkeys(name for name, _ in steps if name not in given or not _equal(known[name], given[name]))
        return None, {name: known[name] for name in changed}

    return assign


def _must_know(names: frozenset[str], given: Given) -> None:
    # Starlark refuses a text with an unknown name even where it would never come to it.
    if not names <= given.keys():
        raise Unsure


class _Reader:
    """Makes functions of a text's tree; raises _OtherText for what isn't plain."""

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        #: What the text reads.
        self.names: set[str] = set()

    def assignment(self, step: ast.stmt) -> tuple[str, Value]:
        """Read `name = value`. A name that begins with _ stays in the text: Starlark's to tell."""
        match step:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_name(name) and name[0] != "_":
                return name, self.value(value)
        raise _OtherText

    def value(self, node: ast.expr) -> Value:
        """Read an expression."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                return self._name(name)
            case ast.BoolOp(op=op, values=values):
                return _joined(isinstance(op, ast.And), [self.value(each) for each in values])
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(left, op, right)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SUMS:
                return _sum(_SUMS[type(op)], self.value(left), self.value(right))
            case _:
                return self._of_one(node)

    def _of_one(self, node: ast.expr) -> Value:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.value(operand)
                return lambda given: not _truth(inner(given))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int()) as operand) if type(operand.value) is int:
                number = self._constant(operand)({})
                return lambda given: -number
            case ast.Subscript(value=whole, slice=ast.Constant(value=str(key)) as written):
                self._constant(written)
                return _part(self.value(whole), key)
        raise _OtherText

    def _name(self, name: str) -> Value:
        if not _is_name(name):
            raise _OtherText
        self.names.add(name)
        return lambda given: _known(given, name)

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Value:
        one = self.value(left)
        if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, (ast.List, ast.Tuple)):
            several = [self.value(each) for each in right.elts if isinstance(each, ast.Constant)]
            if len(several) < len(right.elts):
                raise _OtherText
            return _among(one, [each({}) for each in several], isinstance(op, ast.In))
        other = self.value(right)
        if type(op) in _EQUALITY:
            wanted = _EQUALITY[type(op)]
            return lambda given: _equal(one(given), other(given)) is wanted
        if type(op) in _ORDER:
            return _ordered(_ORDER[type(op)], one, other)
        raise _OtherText

    def _constant(self, node: ast.Constant) -> Value:
        """Read a literal that is written the same in both languages."""
        value, written = node.value, ast.get_source_segment(self._text, node)
        same = (
            written == repr(value)
            if type(value) in (int, bool, NoneType)
            else isinstance(value, str) and value.isascii() and written in (f'"{value}"', f"'{value}'")
        )
        if not same:
            raise _OtherText
        return lambda given: value


def _is_name(name: str) -> bool:
    """Whether Starlark takes it for a name too."""
    return name.isascii() and name != "load"


def _known(given: Given, name: str) -> Json:
    try:
        return given[name]
    except KeyError:
        raise Unsure from None


def _part(whole: Value, key: str) -> Value:
    def part(given: Given) -> Json:
        record = whole(given)
        if type(record) is not dict or key not in record:
            raise Unsure
        return record[key]

    return part


def _joined(every: bool, values: list[Value]) -> Value:
    def joined(given: Given) -> Json:
        value: Json = None
        for each in values:
            value = each(given)
            if _truth(value) is not every:
                break
        return value

    return joined


def _ordered(holds: Callable[[Json, Json], bool], one: Value, other: Value) -> Value:
    def ordered(given: Given) -> bool:
        left, right = one(given), other(given)
        if type(left) is not type(right) or type(left) not in (int, str):
            raise Unsure
        return holds(_scalar(left), _scalar(right))

    return ordered


def _sum(add: Callable[[int, int], int], one: Value, other: Value) -> Value:
    def total(given: Given) -> int:
        left, right = one(given), other(given)
        if type(left) is not int or type(right) is not int:
            raise Unsure
        return add(_scalar(left), _scalar(right))

    return total


def _among(one: Value, several: list[Json], wanted: bool) -> Value:
    def among(given: Given) -> bool:
        value = one(given)
        return any(_equal(value, each) for each in several) is wanted

    return among


def _truth(value: Json) -> bool:
    return bool(value if isinstance(value, (list, dict)) else _scalar(value))


def _equal(one: Json, other: Json) -> bool:
    """Compare as Starlark does: True is not 1."""
    one, other = _scalar(one), _scalar(other)
    return type(one) is type(other) and bool(one == other)


def _scalar(value: Json) -> Json:
    """Give a value that both languages have alike. Text with other letters could be what Starlark can't read."""
    if value is None or type(value) is bool:
        return value
    if type(value) is str and value.isascii():
        return value
    if type(value) is int and value.bit_length() <= _MOST_BITS:
        return value
    raise Unsure
