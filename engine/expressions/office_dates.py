"""Days in Starlark: ISO texts in, ISO texts out."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Callable
from datetime import date, timedelta

from engine import calendar
from engine.errors import BadTime
from engine.model import Json

_MONTHS = [
    "ledna",
    "února",
    "března",
    "dubna",
    "května",
    "června",
    "července",
    "srpna",
    "září",
    "října",
    "listopadu",
    "prosince",
]


def date_of(value: Json, month: int | None = None, day: int | None = None) -> str:
    """Give the day: `date(2026, 7, 1)`, or of a date or moment as text."""
    if month is not None and day is not None:
        return date(int(value), month, day).isoformat()
    return _day(value).isoformat()


def add_days(day: Json, days: int) -> str:
    try:
        return (_day(day) + timedelta(days=days)).isoformat()
    except OverflowError as error:
        raise BadTime(f"{days} days lead out of the calendar") from error


def add_months(day: Json, months: int) -> str:
    return calendar.add_months(_day(day), months).isoformat()


def add_working_days(day: Json, days: int) -> str:
    return calendar.add_working_days(_day(day), days).isoformat()


def working_days(start: Json, end: Json) -> int:
    """Count working days after the first day up to and including the second."""
    return calendar.working_days_between(_day(start), _day(end))


def days_between(start: Json, end: Json) -> int:
    return (_day(end) - _day(start)).days


def months_between(start: Json, end: Json) -> int:
    """Count calendar months begun, both ends included: July to December are 6."""
    first, last = _day(start), _day(end)
    return (last.year - first.year) * 12 + last.month - first.month + 1


def period_end(start: Json, period: str) -> str:
    """Give the last day of a period as § 40 counts it: `period_end("2026-07-01", "P30D")`."""
    due = calendar.schedule("due", period, calendar.end_of(_day(start)))
    return calendar.day_in_prague(due.first).isoformat()


def format_date(day: Json, style: str = "short") -> str:
    """Write a day as Czechs do: `1. 7. 2026`, with "long" `1. července 2026`, with "digits" `01.07.2026`."""
    found = _day(day)
    if style == "digits":
        return f"{found.day:02}.{found.month:02}.{found.year}"
    month = f"{_MONTHS[found.month - 1]}" if style == "long" else f"{found.month}."
    return f"{found.day}.\u00a0{month} {found.year}" if style == "long" else f"{found.day}. {month} {found.year}"


def _day(value: Json) -> date:
    if not isinstance(value, str):
        raise BadTime(f"{value!r} is not a date")
    return calendar.parse_day(value)


def _last_of_month(day: Json) -> str:
    found = _day(day)
    return found.replace(day=gregorian.monthrange(found.year, found.month)[1]).isoformat()


BUILTINS: dict[str, Callable[..., Json]] = {
    "date": date_of,
    "add_days": add_days,
    "add_months": add_months,
    "add_working_days": add_working_days,
    "working_days": working_days,
    "days_between": days_between,
    "months_between": months_between,
    "period_end": period_end,
    "format_date": format_date,
    "last_of_month": _last_of_month,
    "year": lambda day: _day(day).year,
    "month": lambda day: _day(day).month,
    "day": lambda day: _day(day).day,
    "weekday": lambda day: _day(day).isoweekday(),
    "is_working_day": lambda day: calendar.is_working_day(_day(day)),
    "next_working_day": lambda day: calendar.next_working_day(_day(day)).isoformat(),
}
