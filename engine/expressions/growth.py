"""Tells texts that can't hurt from texts that may: no loops, no functions, results a few times their input at most.

Every value gets a size in units of the whole input. A text that stays under the limit runs in this process, any other
one in the guarded process, so a mistake here costs a millisecond when it is too careful.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

LONGEST_LIGHT_TEXT = 4_000
DEEPEST = 40
#: How many times its input a value may grow.
LARGEST = 64

#: How many times writing a value down may lengthen it: every level of quoting doubles the backslashes.
QUOTING = 4
#: Calls whose result is one small value.
_SMALL = frozenset(
    [
        "len",
        "int",
        "float",
        "bool",
        "type",
        "hash",
        "hasattr",
        "money",
        "money_short",
        "to_halere",
        "from_halere",
        "round_half_up",
        "plus",
        "minus",
        "times",
        "divide",
        "date",
        "add_days",
        "add_months",
        "add_working_days",
        "working_days",
        "days_between",
        "months_between",
        "year",
        "month",
        "day",
        "weekday",
        "is_working_day",
        "next_working_day",
        "last_of_month",
        "format_date",
        "sum",
        "sum_of",
        "count_where",
        "period_end",
        "format_ico",
    ]
)
#: Calls whose result is no larger than their arguments together.
_KEEPING = frozenset(
    [
        "min",
        "max",
        "abs",
        "sorted",
        "reversed",
        "list",
        "dict",
        "tuple",
        "fail",
        "column",
        "join_and",
        "value_of",
        "any",
        "all",
    ]
)
_SAFE_METHODS = frozenset(
    [
        "get",
        "upper",
        "lower",
        "strip",
        "lstrip",
        "rstrip",
        "startswith",
        "endswith",
        "keys",
        "values",
        "items",
        "title",
        "capitalize",
        "removeprefix",
        "removesuffix",
        "count",
        "index",
        "find",
        "isdigit",
        "isalpha",
    ]
)
#: Calls whose result is a number.
_NUMERIC = frozenset(
    [
        "len",
        "int",
        "float",
        "abs",
        "round_half_up",
        "to_halere",
        "year",
        "month",
        "day",
        "weekday",
        "days_between",
        "months_between",
        "working_days",
    ]
)

#: Expressions whose value is made anew.
_MAKING = (ast.BinOp, ast.Call, ast.List, ast.Tuple, ast.Dict, ast.JoinedStr, ast.Subscript)


class _MayGrow(Exception):
    """The text belongs into the guarded process."""


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What a text that can't spin needs to be harmless."""

    #: Names that must be numbers.
    numbers: frozenset[str]
    #: How many times its input it computes with in all: what is made on the way is freed only at the end.
    work: int
    #: It multiplies or divides: the time of that grows faster than the length of the numbers.
    multiplies: bool


def growth_of(text: str, tree: ast.Module) -> Growth | None:
    """Give what a text needs to be harmless; None when it may grow whatever it is given."""
    if len(text) > LONGEST_LIGHT_TEXT:
        return None
    sizes = _Sizes()
    try:
        for statement in tree.body:
            sizes.statement(statement)
    except _MayGrow:
        return None
    return Growth(numbers=frozenset(sizes.numbers), work=sizes.work, multiplies=sizes.multiplies)


class _Sizes:
    """Walks a text in the order in which it runs."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        #: Names assigned in the text, with whether their last value was a number.
        self.numeric: dict[str, bool] = {}
        self.numbers: set[str] = set()
        #: Inside how many `if`s; what is assigned there may also keep its old value.
        self.branches = 0
        self.work = 0
        self.multiplies = False

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Expr():
                self.of(node.value)
            case ast.Assign(targets=[ast.Name(id=name)]):
                self._assign(name, self.of(node.value), self._is_number(node.value))
            case ast.AugAssign(target=ast.Name(id=name)):
                sum_of_both = ast.BinOp(left=ast.Name(id=name, ctx=ast.Load()), op=node.op, right=node.value)
                self._assign(name, self.of(sum_of_both), self._is_number(sum_of_both))
            case ast.If():
                self._branch(node)
            case ast.Pass():
                pass
            case _:
                raise _MayGrow

    def _branch(self, node: ast.If) -> None:
        self.of(node.test)
        self.branches += 1
        if self.branches > DEEPEST:
            raise _MayGrow
        for inner in [*node.body, *node.orelse]:
            self.statement(inner)
        self.branches -= 1

    def _assign(self, name: str, size: int, number: bool) -> None:
        self.known[name] = max(size, self.known.get(name, 1))
        self.numeric[name] = number and self.numeric.get(name, True)
        if self.branches and number:
            self.numbers.add(name)

    def of(self, node: ast.expr, depth: int = 0) -> int:
        """Give the size of an expression's value; refuse what can't be bounded."""
        if depth > DEEPEST:
            raise _MayGrow
        size = self._size(node, [self.of(child, depth + 1) for child in _parts(node)])
        if size > LARGEST:
            raise _MayGrow
        if isinstance(node, _MAKING):
            self.work += size
        return size

    def _size(self, node: ast.expr, parts: list[int]) -> int:
        match node:
            case ast.Name(id=name):
                return self.known.get(name, 1)
            case ast.Constant() | ast.Compare():
                return 1
            case ast.BoolOp() | ast.IfExp() | ast.UnaryOp() | ast.Subscript() | ast.Slice():
                return max(parts, default=1)
            case ast.BinOp():
                return self._operation(node, parts)
            case ast.Call():
                return self._call(node, parts)
            case ast.List() | ast.Tuple() | ast.Dict():
                return max(1, sum(parts))
            case ast.JoinedStr() | ast.FormattedValue():
                return QUOTING * max(1, sum(parts))
        raise _MayGrow

    def _operation(self, node: ast.BinOp, parts: list[int]) -> int:
        if isinstance(node.op, (ast.LShift, ast.Pow)):
            raise _MayGrow
        self.multiplies |= isinstance(node.op, (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod))
        if isinstance(node.op, ast.Mult) and not (self._must_be_number(node.left) and self._must_be_number(node.right)):
            raise _MayGrow
        return (QUOTING if isinstance(node.op, ast.Mod) else 1) * sum(parts)

    def _call(self, node: ast.Call, parts: list[int]) -> int:
        match node.func:
            case ast.Name(id=name) if name in _SMALL:
                return 1
            case ast.Name(id="str"):
                return QUOTING * max(1, sum(parts))
            case ast.Name(id=name) if name in _KEEPING:
                return max(1, sum(parts))
            case ast.Attribute(attr=name) if name in _SAFE_METHODS:
                return max(1, sum(parts))
        raise _MayGrow

    def _must_be_number(self, node: ast.expr) -> bool:
        """Say whether a value is a number, provided that some names are; remember these."""
        match node:
            case ast.Name(id=name) if name not in self.numeric:
                self.numbers.add(name)
                return True
            case ast.BinOp():
                return self._must_be_number(node.left) and self._must_be_number(node.right)
            case ast.UnaryOp():
                return self._must_be_number(node.operand)
        return self._is_number(node)

    def _is_number(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant():
                return isinstance(node.value, (int, float))
            case ast.Name(id=name):
                return self.numeric.get(name, name in self.numbers)
            case ast.UnaryOp():
                return self._is_number(node.operand)
            case ast.BinOp():
                return self._is_number(node.left) and self._is_number(node.right)
            case ast.Call(func=ast.Name(id=name)):
                return name in _NUMERIC
        return False


def _parts(node: ast.expr) -> list[ast.expr]:
    """Give the expressions that a value is made of."""
    if isinstance(node, ast.Call):
        inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        return [*inner, *node.args, *(k.value for k in node.keywords)]
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
