"""Values worked out without an expression typed: a price by a choice or by size, times numbers; a sum of amounts."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forms.edit.rules import Answer, quoted, spelled
from forms.pointers import join

Json = Any
#: An amount as it is stored.
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
#: Longer texts were written by nobody here.
LONGEST = 20_000


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """The same price for everybody."""

    amount: str


@dataclass(frozen=True, kw_only=True)
class ByChoice:
    """A price for each answer of a question: its stored value and the amount; of several ticked ones their sum."""

    by: Answer
    amounts: tuple[tuple[Json, str], ...]
    several: bool = False


@dataclass(frozen=True, kw_only=True)
class BySize:
    """A price by a number: from so many on this amount, the least first; below all of them the other."""

    by: Answer
    steps: tuple[tuple[int | float, str], ...]
    below: str


Price = Fixed | ByChoice | BySize


@dataclass(frozen=True, kw_only=True)
class Days:
    """How many days there are from one day to another, both counted; or nights between them. Never less than none."""

    since: Answer
    until: Answer
    nights: bool = False


Factor = Answer | Days


@dataclass(frozen=True, kw_only=True)
class Product:
    """A price times numbers; worked out once all of them are known."""

    price: Price
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """The sum of one answer over all rows of a repeated group."""

    rows: Answer
    name: str


@dataclass(frozen=True, kw_only=True)
class Total:
    """The sum of answers and columns; what isn't answered counts as nothing."""

    parts: tuple[Answer | Column, ...]


Worth = Product | Total


def written(worth: Worth) -> str:
    """Give the expression."""
    if isinstance(worth, Total):
        return f"sum([{', '.join(_summed(one) for one in worth.parts)}])"
    text = _priced(worth.price)
    for factor in worth.factors:
        text = f"times({text}, {_counted(factor)})"
    return text


def _counted(factor: Factor) -> str:
    if isinstance(factor, Answer):
        return spelled(factor)
    more = "" if factor.nights else " + 1"
    return f"max(0, days_between({spelled(factor.since)}, {spelled(factor.until)}){more})"


def _summed(one: Answer | Column) -> str:
    if isinstance(one, Answer):
        return f"{spelled(one)} or 0"
    return f"sum([row.get({quoted(one.name)}) or 0 for row in ({spelled(one.rows)} or [])])"


def _priced(price: Price) -> str:
    if isinstance(price, Fixed):
        return quoted(price.amount)
    if isinstance(price, BySize):
        higher = [f"{quoted(amount)} if {spelled(price.by)} >= {least!r} else " for least, amount in price.steps]
        return "".join(reversed(higher)) + quoted(price.below)
    table = ", ".join(f"{_key(value)}: {quoted(amount)}" for value, amount in price.amounts)
    if price.several:
        return f"sum([{{{table}}}.get(one) for one in ({spelled(price.by)} or [])])"
    return f"{{{table}}}.get({spelled(price.by)})"


def _key(value: Json) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)


# --- read back -------------------------------------------------------------------------------------------------------


class _Strange(Exception):
    """The expression says something else."""


def read(text: Json) -> Worth | None:
    """Read an expression; None when it isn't written in the one way in which these are."""
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = _worth(ast.parse(text, mode="eval").body)
        return made if written(made) == text else None
    except (_Strange, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _worth(node: ast.expr) -> Worth:
    if isinstance(node, ast.Call) and _called(node) == "sum" and (parts := _parts(node)):
        return Total(parts=parts)
    factors: list[Factor] = []
    while isinstance(node, ast.Call) and _called(node) == "times" and len(node.args) == 2:
        factors.append(_factor(node.args[1]))
        node = node.args[0]
    return Product(price=_price(node), factors=tuple(reversed(factors)))


def _factor(node: ast.expr) -> Factor:
    if not isinstance(node, ast.Call) or _called(node) != "max" or len(node.args) != 2:
        return _answer(node)
    counted = node.args[1]
    nights = not isinstance(counted, ast.BinOp)
    between = counted.left if isinstance(counted, ast.BinOp) else counted
    if not isinstance(between, ast.Call) or len(between.args) != 2:
        raise _Strange
    since, until = map(_answer, between.args)
    return Days(since=since, until=until, nights=nights)


def _parts(node: ast.Call) -> tuple[Answer | Column, ...]:
    listed = node.args[0] if len(node.args) == 1 else None
    return tuple(_part(one) for one in listed.elts) if isinstance(listed, ast.List) else ()


def _part(node: ast.expr) -> Answer | Column:
    if isinstance(node, ast.BoolOp):
        return _answer(node.values[0])
    over, element = _comprehended(node)
    if not isinstance(element, ast.BoolOp) or not isinstance(element.values[0], ast.Call):
        raise _Strange
    return Column(rows=over, name=_text(element.values[0].args))


def _price(node: ast.expr) -> Price:
    if isinstance(node, ast.Constant):
        return Fixed(amount=_amount(node))
    if isinstance(node, ast.IfExp):
        return _by_size(node)
    if isinstance(node, ast.Call) and _called(node) == "sum":
        over, element = _comprehended(node)
        return ByChoice(by=over, amounts=_table(element), several=True)
    if isinstance(node, ast.Call) and len(node.args) == 1:
        return ByChoice(by=_answer(node.args[0]), amounts=_table(node))
    raise _Strange


def _by_size(node: ast.expr) -> BySize:
    steps: list[tuple[int | float, str]] = []
    by = None
    while isinstance(node, ast.IfExp):
        test = node.test
        if not isinstance(test, ast.Compare) or len(test.comparators) != 1:
            raise _Strange
        by = _answer(test.left)
        least = ast.literal_eval(test.comparators[0])
        if isinstance(least, bool) or not isinstance(least, int | float):
            raise _Strange
        steps.append((least, _amount(node.body)))
        node = node.orelse
    if by is None:
        raise _Strange
    return BySize(by=by, steps=tuple(reversed(steps)), below=_amount(node))


def _table(node: ast.expr) -> tuple[tuple[Json, str], ...]:
    """Read the table of which a value is asked: `{…}.get(…)`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        raise _Strange
    table = node.func.value
    if not isinstance(table, ast.Dict):
        raise _Strange
    return tuple(_entries(table))


def _entries(table: ast.Dict) -> Iterator[tuple[Json, str]]:
    for key, value in zip(table.keys, table.values, strict=True):
        if key is None:
            raise _Strange
        yield ast.literal_eval(key), _amount(value)


def _comprehended(node: ast.expr) -> tuple[Answer, ast.expr]:
    """Read `sum([… for … in (… or [])])`: over which answer, and what of each."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or not isinstance(node.args[0], ast.ListComp):
        raise _Strange
    listed = node.args[0]
    over = listed.generators[0].iter
    if not isinstance(over, ast.BoolOp):
        raise _Strange
    return _answer(over.values[0]), listed.elt


def _answer(node: ast.expr) -> Answer:
    """Read `value_of("a", None)` or `(value_of("a", None) or {}).get("b")`."""
    names: list[str] = []
    while isinstance(node, ast.Call):
        names.append(_text(node.args[:1]))
        inner = node.func
        if not isinstance(inner, ast.Attribute):
            return Answer(pointer=join("", *reversed(names)))
        held = inner.value
        node = held.values[0] if isinstance(held, ast.BoolOp) else held
    raise _Strange


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _text(args: list[ast.expr]) -> str:
    if len(args) != 1 or not isinstance(args[0], ast.Constant) or not isinstance(args[0].value, str):
        raise _Strange
    return args[0].value


def _amount(node: ast.expr) -> str:
    text = _text([node])
    if not AMOUNT.fullmatch(text):
        raise _Strange
    return text
