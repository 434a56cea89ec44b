"""FEEL's values: None, bool, Decimal, str, date, time, datetime, two durations, list, dict, and intervals of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.model import Json

#: 34 digits, as IEEE 754 decimal128 and the DMN standard have it.
ARITHMETIC = Context(prec=34, Emax=6144, Emin=-6143, traps=[DivisionByZero, InvalidOperation, Overflow])
#: Significant digits that a JSON number carries exactly.
_JSON_DIGITS = Context(prec=15)
_DURATION = re.compile(
    r"(?P<sign>-)?P(?=[\dT])(?:(?P<years>\d{1,6})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<days>\d{1,8})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10}(?:\.\d{1,6})?)S)?)?"
)
#: A reading of the clock in a zone: 2026-03-29T01:30:00@Europe/Prague.
_ZONED = re.compile(r"(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)@(?P<zone>[A-Za-z]+/[A-Za-z_]+)")
_NUMBER = re.compile(r"\s*[+-]?\d{1,34}(?:[.]\d{1,34})?\s*")

Value = Any


@dataclass(frozen=True, order=True)
class Months:
    """A duration in whole months."""

    count: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-" if self.count < 0 else "") + "P" + parts


@dataclass(frozen=True)
class Between:
    """An interval of values; None is no bound."""

    low: Value
    high: Value
    low_closed: bool = True
    high_closed: bool = True


def temporal(text: str) -> Value:
    """Read a date, time, moment or duration; None when it is none."""
    return duration(text) or _moment(text)


def _moment(text: str) -> Value:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
        if zoned := _ZONED.fullmatch(text):
            return datetime.fromisoformat(zoned["moment"]).replace(tzinfo=ZoneInfo(zoned["zone"]))
        if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text):
            return datetime.fromisoformat(text)
        if re.match(r"T?\d\d:\d\d(:\d\d)?", text):
            return time.fromisoformat(text)
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return None


def duration(text: str) -> Months | timedelta | None:
    """Read an ISO duration: months and years, or days and less."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        return None
    part = {name: float(value or 0) for name, value in found.groupdict().items() if name != "sign"}
    sign = -1 if found["sign"] else 1
    months = int(part["years"] * 12 + part["months"])
    rest = timedelta(days=part["days"], hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
    if months and rest:
        return None
    return Months(sign * months) if found["years"] or found["months"] else sign * rest


def from_json(value: Json) -> Value:
    """Take a variable into FEEL; numbers become exact."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [from_json(item) for item in value]
    return value


def to_json(value: Value) -> Json:
    """Give a value back as JSON: whole numbers as int, times and durations as ISO texts."""
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso_duration(value)
    return str(value) if isinstance(value, (Months, Between)) else value


def _number(value: Decimal) -> int | float:
    if value == value.to_integral_value() and value.adjusted() < 34:
        return int(value)
    return float(_JSON_DIGITS.plus(value))


def iso_duration(length: timedelta) -> str:
    """Write a duration in days and less."""
    seconds = abs(length).total_seconds()
    days, seconds = divmod(seconds, 86400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    clock = "".join(f"{amount:g}{unit}" for amount, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if amount)
    text = (f"{days:g}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if length < timedelta(0) else "") + "P" + (text or "T0S")


def number_or_none(value: Value) -> Decimal | None:
    """Read a number, also one written as text."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value.strip())
    return None


def typed(value: Value, type_name: str | None) -> Value:
    """Read a text as the type that a table's column declares: money and dates travel as texts in JSON."""
    if not isinstance(value, str) or not type_name:
        return value
    if type_name in ("number", "integer", "long", "double"):
        number = number_or_none(value)
        return value if number is None else number
    if type_name in ("date", "time", "dateTime", "date and time", "dayTimeDuration", "yearMonthDuration"):
        found = temporal(value)
        return value if found is None else found
    return value
