"""FEEL's + - * / **: exact numbers with 34 digits, texts, dates and durations. What has no result is null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine import calendar
from engine.dmn.feel.compare import alike
from engine.dmn.feel.values import ARITHMETIC, Months, Value

LONGEST_TEXT = 100_000
_ANY_DAY = date(2000, 1, 3)

_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "**": ARITHMETIC.power,
}


def calculate(sign: str, left: Value, right: Value) -> Value:
    """Give the result; None where the two don't go together."""
    try:
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return _NUMBERS[sign](left, right)
        if sign == "+" and isinstance(left, str) and isinstance(right, str):
            return left + right if len(left) + len(right) <= LONGEST_TEXT else None
        if sign in "+-" and isinstance(left, date):
            return _days(sign, left, right)
        if sign == "+" and isinstance(right, date):
            return _days(sign, right, left)
        if sign in "+-" and isinstance(left, time):
            return _clock(sign, left, right)
        if sign == "+" and isinstance(right, time):
            return _clock(sign, right, left)
        return _durations(sign, left, right)
    except (ArithmeticError, ValueError):
        return None


def negated(value: Value) -> Value:
    """Give the number or duration with the other sign."""
    if isinstance(value, Months):
        return Months(-value.count)
    return -value if isinstance(value, (Decimal, timedelta)) else None


def _days(sign: str, day: date, other: Value) -> Value:
    if isinstance(other, Months):
        moved = calendar.add_months(day, other.count if sign == "+" else -other.count)
        return datetime.combine(moved, day.timetz()) if isinstance(day, datetime) else moved
    if isinstance(other, timedelta):
        return _moved(day, other if sign == "+" else -other)
    if sign == "-" and isinstance(other, date) and isinstance(day, datetime) == isinstance(other, datetime):
        first, second = alike(day, other)
        # Moments of one zone would be taken for readings of its clock, which is changed twice a year.
        return first.astimezone(UTC) - second.astimezone(UTC) if isinstance(first, datetime) else first - second
    return None


def _moved(day: date, by: timedelta) -> date:
    if isinstance(day, datetime) and day.tzinfo is not None:
        return (day.astimezone(UTC) + by).astimezone(day.tzinfo)
    return day + by


def _clock(sign: str, clock: time, other: Value) -> Value:
    """Move a time of day, over midnight too, or say how long it is from one to the other."""
    at = datetime.combine(_ANY_DAY, clock)
    if isinstance(other, timedelta):
        return (at + other if sign == "+" else at - other).timetz()
    if sign == "-" and isinstance(other, time) and (clock.tzinfo is None) == (other.tzinfo is None):
        return at - datetime.combine(_ANY_DAY, other)
    return None


def _durations(sign: str, left: Value, right: Value) -> Value:
    if isinstance(left, Decimal) and sign == "*":
        left, right = right, left
    if isinstance(right, Decimal):
        return _scaled(sign, left, right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        if sign == "/":
            return Decimal(str(left / right))
        return left + right if sign == "+" else left - right if sign == "-" else None
    if isinstance(left, Months) and isinstance(right, Months):
        if sign == "/":
            return ARITHMETIC.divide(Decimal(left.count), Decimal(right.count))
        return Months(left.count + (right.count if sign == "+" else -right.count)) if sign in "+-" else None
    return None


def _scaled(sign: str, length: Value, factor: Decimal) -> Value:
    if sign not in ("*", "/"):
        return None
    if isinstance(length, timedelta):
        return length * float(factor) if sign == "*" else length / float(factor)
    if isinstance(length, Months):
        exact = length.count * factor if sign == "*" else length.count / factor
        return Months(int(exact))
    return None
