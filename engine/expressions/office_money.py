"""Exact numbers and money. Whole numbers stay whole; anything else is a decimal text, never a float."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from engine.model import Json

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:[.,]\d{1,20})?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
NBSP = "\u00a0"
MINUS = "\u2212"
MOST_PLACES = 12


def exact(number: Json) -> Decimal:
    """Read a number or a decimal text: `7620`, `"7620.50"`, `"7 620,50"`."""
    if isinstance(number, bool) or not isinstance(number, (int, float, str)):
        raise ValueError(f"{number!r} is not a number")
    text = _SPACES.sub("", f"{Decimal(repr(number)):f}" if isinstance(number, float) else str(number))
    text = text.replace(MINUS, "-")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a number")
    return Decimal(text.replace(",", "."))


def plain(number: Decimal) -> int | str:
    """Give a whole number as int, any other as a decimal text without needless zeros."""
    if number == number.to_integral_value():
        return int(number)
    return f"{number.normalize():f}"


def plus(*numbers: Json) -> int | str:
    return sum(list(numbers))


def minus(first: Json, second: Json) -> int | str:
    with localcontext(_EXACT):
        return plain(exact(first) - exact(second))


def times(first: Json, second: Json) -> int | str:
    with localcontext(_EXACT):
        return plain(exact(first) * exact(second))


def divide(first: Json, second: Json, places: int = 2) -> int | str:
    """Divide and round half up."""
    with localcontext(_EXACT):
        divisor = exact(second)
        if not divisor:
            raise ValueError("division by zero")
        return plain(_rounded(exact(first) / divisor, places))


def sum(numbers: Json) -> int | str:
    """Add a list up exactly; an empty list gives 0."""
    if not isinstance(numbers, list):
        raise ValueError("sum needs a list of numbers")
    with localcontext(_EXACT):
        total = Decimal(0)
        for number in numbers:
            total += exact(number)
        return plain(total)


def round_half_up(number: Json, places: int = 0) -> int | str:
    """Round as money is rounded. With places the text keeps them all: `"3810.50"`."""
    rounded = _rounded(exact(number), places)
    return int(rounded) if places <= 0 else f"{rounded:f}"


def _rounded(number: Decimal, places: int) -> Decimal:
    if not isinstance(places, int) or abs(places) > MOST_PLACES:
        raise ValueError(f"{places!r} decimal places are not possible")
    with localcontext(_EXACT):
        rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def money(amount: Json) -> str:
    """Write crowns as people read them: `7 620,00 Kč`."""
    return f"{_grouped(_rounded(exact(amount), 2), 2)}{NBSP}Kč"


def money_short(amount: Json) -> str:
    """Write whole crowns as contracts do, `7 620,- Kč`; with haléře like money()."""
    rounded = _rounded(exact(amount), 2)
    if rounded != rounded.to_integral_value():
        return money(amount)
    return f"{_grouped(rounded, 0)},-{NBSP}Kč"


def format_number(number: Json, places: int | None = None) -> str:
    """Write a number as people read it: `2 540`, `12,5`."""
    value = exact(number)
    if places is None:
        places = max(0, -int(value.normalize().as_tuple().exponent))
    return _grouped(_rounded(value, places), max(0, places))


def _grouped(number: Decimal, places: int) -> str:
    return f"{number:,.{places}f}".replace(",", NBSP).replace(".", ",").replace("-", MINUS)


def to_halere(amount: Json) -> int:
    """Turn crowns into whole haléře."""
    return int(_rounded(exact(amount) * 100, 0))


def from_halere(halere: Json) -> str:
    """Turn haléře into crowns with two places."""
    return f"{_rounded(exact(halere) / 100, 2):f}"


BUILTINS: dict[str, Callable[..., Json]] = {
    "plus": plus,
    "minus": minus,
    "times": times,
    "divide": divide,
    "sum": sum,
    "round_half_up": round_half_up,
    "money": money,
    "money_short": money_short,
    "format_number": format_number,
    "to_halere": to_halere,
    "from_halere": from_halere,
}
