"""Equality and order of FEEL's values. Unlike kinds give None, which is FEEL's "can't be said"."""

from __future__ import annotations

import operator
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.dmn.feel.values import Between, Months, Value, temporal

_PRAGUE: tzinfo = ZoneInfo("Europe/Prague")
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_ORDERED = (Decimal, str, date, datetime, time, timedelta, Months)


def equal(one: Value, other: Value) -> bool | None:
    """Say whether two values are equal; None when they are of different kinds."""
    if one is None or other is None:
        return one is other
    one, other = alike(one, other)
    if kind(one) != kind(other):
        return None
    if isinstance(one, list):
        return len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return bool(one == other)


def ordered(sign: str, one: Value, other: Value) -> bool | None:
    """Compare by < <= > >=; None when the two have no order."""
    one, other = alike(one, other)
    if kind(one) != kind(other) or not isinstance(one, _ORDERED):
        return None
    try:
        return bool(_ORDER[sign](one, other))
    except TypeError:
        # A time of day with an offset against one without.
        return None


def alike(one: Value, other: Value) -> tuple[Value, Value]:
    """Make a text that stands against a date a date too, a naive moment one in Prague."""
    if isinstance(one, str) and isinstance(other, (date, time, timedelta, Months)):
        one = temporal(one)
    elif isinstance(other, str) and isinstance(one, (date, time, timedelta, Months)):
        other = temporal(other)
    if isinstance(one, datetime) or isinstance(other, datetime):
        return _aware(one), _aware(other)
    return one, other


def _aware(value: Value) -> Value:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=_PRAGUE)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=_PRAGUE)
    return value


def kind(value: Value) -> str:
    """Name the kind of a value; only values of one kind compare."""
    if isinstance(value, datetime):
        return "moment"
    return type(value).__name__


def within(value: Value, interval: Between) -> bool | None:
    """Say whether a value lies in an interval."""
    checks = []
    if interval.low is not None:
        checks.append(ordered(">=" if interval.low_closed else ">", value, interval.low))
    if interval.high is not None:
        checks.append(ordered("<=" if interval.high_closed else "<", value, interval.high))
    return None if None in checks else all(checks)
