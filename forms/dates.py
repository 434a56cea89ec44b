"""Days and times as Czechs write them: "1. 7. 2027", "1. července 2027", "14:30"; stored as ISO 8601.

In English "1 July 2027"; a day of digits only has its month second in both.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

PRAGUE = ZoneInfo("Europe/Prague")
_MONTHS = (
    *("ledna", "února", "března", "dubna", "května", "června"),
    *("července", "srpna", "září", "října", "listopadu", "prosince"),
)
_ENGLISH = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WRITTEN = re.compile(r"([0-9]{1,2})\s*[./]\s*([0-9]{1,2})\s*[./]\s*([0-9]{4})")
_NAMED = re.compile(r"([0-9]{1,2})(?:\s*\.\s*|\s+)([^\W\d_]+)\s+([0-9]{4})")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\s+([0-9]{1,2}),?\s+([0-9]{4})")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_ISO_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-][01][0-9]:[0-5][0-9])?")
_ISO_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9:.]{5,20})([Zz]|[+-][01][0-9]:[0-5][0-9])")


def is_date(text: str) -> bool:
    """Say whether this is a day that exists, written YYYY-MM-DD."""
    return _ISO_DATE.fullmatch(text) is not None and _day(text[:4], text[5:7], text[8:]) is not None


def tidy_date(text: str) -> str:
    """Bring a day as typed to YYYY-MM-DD; what isn't a day stays as it was typed."""
    typed = " ".join(text.split())
    found = _day_of(typed)
    return found.isoformat() if found else typed


def show_date(text: str) -> str:
    """Show a stored day: 1. 7. 2027."""
    return f"{int(text[8:])}. {int(text[5:7])}. {text[:4]}" if is_date(text) else text


def show_date_english(text: str) -> str:
    """Show a stored day: 1 July 2027."""
    return f"{int(text[8:])} {_ENGLISH[int(text[5:7]) - 1].capitalize()} {text[:4]}" if is_date(text) else text


def _day_of(text: str) -> date | None:
    if found := _WRITTEN.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := _NAMED.fullmatch(text):
        return _day(found[3], str(_month(found[2])), found[1])
    found = _MONTH_FIRST.fullmatch(text)
    return _day(found[3], str(_month(found[1])), found[2]) if found else None


def _month(name: str) -> int:
    """Give the number of a month by its name, an English one also by its first three letters; 0 for no month."""
    small = name.lower()
    if small in _MONTHS:
        return _MONTHS.index(small) + 1
    return next((at for at, month in enumerate(_ENGLISH, 1) if small in (month, month[:3])), 0)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_time(text: str) -> bool:
    """Say whether this is a time of day, HH:MM with or without seconds and offset."""
    return bool(_ISO_TIME.fullmatch(text))


def tidy_time(text: str) -> str:
    """Bring a time as typed ("9.30") to HH:MM."""
    found = _TIME.fullmatch(text.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else text.strip()


def show_time(text: str) -> str:
    """Show a stored time: 9:30."""
    return f"{int(text[:2])}{text[2:]}" if is_time(text) else text


def is_moment(text: str) -> bool:
    """Say whether this is a moment with its offset, as RFC 3339 writes it."""
    found = _ISO_MOMENT.fullmatch(text)
    return bool(found and is_date(found[1]) and is_time(found[2]))


def tidy_moment(text: str) -> str:
    """Bring "1. 7. 2027 14:30" (Prague time) to a moment with its offset."""
    typed = " ".join(text.split())
    head, _, tail = typed.rpartition(" ")
    day, found = _day_of(head), _TIME.fullmatch(tail)
    if day is None or found is None:
        return typed
    return datetime.combine(day, time(int(found[1]), int(found[2])), PRAGUE).isoformat()


def show_moment(text: str) -> str:
    """Show a stored moment in Prague time: 1. 7. 2027 14:30."""
    local = _in_prague(text)
    return f"{local.day}. {local.month}. {local.year:04} {local.hour}:{local.minute:02}" if local else text


def show_moment_english(text: str) -> str:
    """Show a stored moment in Prague time: 1 July 2027 14:30."""
    local = _in_prague(text)
    return f"{show_date_english(local.date().isoformat())} {local.hour}:{local.minute:02}" if local else text


def _in_prague(text: str) -> datetime | None:
    if not is_moment(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(PRAGUE)
    except (ValueError, OverflowError):
        return None
