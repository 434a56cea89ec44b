"""Time: the clock, ISO 8601 texts, working days, Czech holidays and periods as the law counts them.

All moments are aware. Days are days in Prague, so `P1D` over the change to summer time lasts 23 hours.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol, TypedDict
from zoneinfo import ZoneInfo

import holidays

from engine.errors import BadTime

PRAGUE = ZoneInfo("Europe/Prague")
#: A day's last moment; a period measured in days ends here.
END_OF_DAY = time(23, 59, 59)
#: More working days than this is a slip of the pen, not a period.
MOST_WORKING_DAYS = 10_000

_DURATION = re.compile(
    r"(?P<sign>-)?P(?=[\dT])(?:(?P<years>\d{1,5})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10}(?:\.\d{1,6})?)S)?)?"
)
_WORKING_DAYS = re.compile(r"P(?P<days>\d{1,5})WD")
_CYCLE = re.compile(r"R(?P<count>\d{0,6})/(?:(?P<start>\d[^/]*)/)?(?P<period>P[^/]+)")
_INTERVALS = re.compile(r"R(?P<count>\d{0,6})/(?P<start>\d[^/]*)/(?P<end>\d[^/]*)")
_LOOKS_LIKE_TIME = re.compile(r"\s*(-?P[\dT]|R\d*/|\d{4}-\d\d-\d\d|\d{8}T\d)")


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock on the wall."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251


class SettableClock:
    """A virtual clock: stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        """Jump to a moment."""
        self.moment = moment.astimezone(UTC)

    def advance(self, by: timedelta | str) -> None:
        """Go on by a timedelta or an ISO duration."""
        self.moment = after(self.moment, by) if isinstance(by, str) else self.moment + by


class Reason(TypedDict):
    """One line of how a due date came about: the rule, a Czech and an English sentence, the day it speaks of."""

    rule: str
    text: str
    text_en: str
    date: str


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a timer fires first, and how it goes on."""

    first: datetime
    #: How often in all; None is for ever.
    count: int | None = 1
    #: Duration between two; None fires once.
    period: str | None = None
    #: A cycle counts from here, and how many periods after it the first time is.
    origin: datetime | None = None
    passed: int = 0
    derivation: list[Reason] = field(default_factory=list)


# --- days ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def holidays_of(year: int) -> dict[date, str]:
    """Give the Czech public holidays of a year with their names."""
    return dict(sorted(holidays.country_holidays("CZ", years=year, language="cs").items()))


def is_working_day(day: date) -> bool:
    """Say whether a day is neither Saturday, Sunday nor a public holiday."""
    return day.weekday() < 5 and day not in holidays_of(day.year)


def next_working_day(day: date) -> date:
    """Give the day itself when it is a working day, else the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """Give the count-th working day after a day (before it when negative); 0 is the day itself."""
    if abs(count) > MOST_WORKING_DAYS:
        raise BadTime(f"{count} working days is too many")
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end`; negative when `end` lies before."""
    if end < start:
        return -working_days_between(end, start)
    if (end - start).days > 2 * MOST_WORKING_DAYS:
        raise BadTime(f"{start} and {end} are too far apart")
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def add_months(day: date, months: int) -> date:
    """Give the same day some months later, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise BadTime(f"the year {year} is out of range")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_in_prague(moment: datetime) -> date:
    """Give the day that a moment belongs to in Prague."""
    return moment.astimezone(PRAGUE).date()


def end_of(day: date) -> datetime:
    """Give the last moment of a day in Prague."""
    return datetime.combine(day, END_OF_DAY, PRAGUE).astimezone(UTC)


# --- texts -----------------------------------------------------------------------------------------------------------


def is_time_text(text: str) -> bool:
    """Say whether a text is meant as a time as it stands, not as an expression that gives one."""
    return bool(_LOOKS_LIKE_TIME.match(text))


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment, in UTC; without an offset it is Prague time, a bare date is its midnight."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=PRAGUE)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadTime(f"{text!r} is not an ISO 8601 date") from error


def parse_day(text: str) -> date:
    """Read the day of an ISO 8601 date or moment; a moment with an offset gives its day in Prague."""
    text = text.strip()
    try:
        return date.fromisoformat(text) if len(text) <= 10 else day_in_prague(parse_moment(text))
    except ValueError as error:
        raise BadTime(f"{text!r} is not an ISO 8601 date") from error


def after(moment: datetime, duration: str, times: int = 1) -> datetime:
    """Give the moment one ISO duration (or `P10WD`), or so many of them, later, in UTC.

    Years to days are counted on Prague's calendar, hours to seconds on the clock. `P10WD` ends with the tenth
    working day, the day of the moment not counted.
    """
    if working := _WORKING_DAYS.fullmatch(duration.strip()):
        return end_of(add_working_days(day_in_prague(moment), int(working["days"]) * times))
    part = {name: value * times for name, value in _parts(duration).items()}
    local = moment.astimezone(PRAGUE)
    try:
        day = add_months(local.date(), int(part["years"] * 12 + part["months"]))
        day += timedelta(days=part["weeks"] * 7 + part["days"])
        shifted = local if day == local.date() else datetime.combine(day, local.time(), PRAGUE)
        exact = timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
        return shifted.astimezone(UTC) + exact
    except OverflowError as error:
        raise BadTime(f"{duration!r} leads out of the calendar") from error


def _parts(duration: str) -> dict[str, float]:
    found = _DURATION.fullmatch(duration.strip())
    if not found:
        raise BadTime(f"{duration!r} is not an ISO 8601 duration")
    sign = -1 if found["sign"] else 1
    return {name: sign * float(value or 0) for name, value in found.groupdict().items() if name != "sign"}


# --- schedules -------------------------------------------------------------------------------------------------------


def schedule(kind: str, text: str, now: datetime) -> Schedule:
    """Read a timer's text at a moment.

    `kind` is timeDate, timeDuration, timeCycle as in BPMN, or due for the due date of a human task or a period of
    the law. Raises BadTime.
    """
    if kind == "timeDate":
        return Schedule(first=parse_moment(text))
    if kind == "timeCycle":
        return _cycle(text, now)
    if kind == "due":
        return _due(text.strip(), now)
    if kind != "timeDuration":
        raise BadTime(f"{kind!r} is no kind of timer")
    derivation = _due(text.strip(), now).derivation if _WORKING_DAYS.fullmatch(text.strip()) else []
    return Schedule(first=after(now, text), derivation=derivation)


def _cycle(text: str, now: datetime) -> Schedule:
    text = text.strip()
    passed = 0
    if found := _CYCLE.fullmatch(text):
        period, passed = found["period"], 0 if found["start"] else 1
        first = parse_moment(found["start"]) if found["start"] else after(now, period)
        if after(first, period) <= first:
            raise BadTime(f"{text!r} repeats without any time passing")
    elif found := _INTERVALS.fullmatch(text):
        first = parse_moment(found["start"])
        length = parse_moment(found["end"]) - first
        if length <= timedelta(0):
            raise BadTime(f"{text!r} repeats without any time passing")
        period = f"PT{int(length.total_seconds())}S"
    else:
        raise BadTime(f"{text!r} is not an ISO 8601 repeating interval")
    count = int(found["count"]) if found["count"] else None
    return Schedule(first=first, count=count, period=period, origin=first if not passed else now, passed=passed)


def next_of_cycle(last: datetime, period: str, origin: datetime, passed: int) -> datetime:
    """Give the time of a cycle after its last one, so many periods after its origin.

    A short month or a change of the clock moves one time and not all that follow. Working days go on from the last one.
    """
    return after(last, period) if _WORKING_DAYS.fullmatch(period.strip()) else after(origin, period, passed)


def still_to_come(plan: Schedule, moment: datetime) -> Schedule | None:
    """Give what of a schedule lies after a moment; None when nothing does."""
    if plan.count == 0:
        return None
    if plan.first > moment:
        return plan
    if plan.period is None or plan.origin is None:
        return None
    gone, first = 0, plan.first
    while first <= moment:
        gone += _stride(plan, moment, gone)
        first = _nth(plan, gone, first)
        if plan.count is not None and gone >= plan.count:
            return None
    count = None if plan.count is None else plan.count - gone
    return replace(plan, first=first, count=count, passed=plan.passed + gone)


def _nth(plan: Schedule, number: int, last: datetime) -> datetime:
    assert plan.period is not None and plan.origin is not None
    return next_of_cycle(last, plan.period, plan.origin, plan.passed + number)


def _stride(plan: Schedule, moment: datetime, gone: int) -> int:
    """Give how many times of a cycle surely lie before a moment, and one more: a cycle of seconds may be years old."""
    assert plan.period is not None and plan.origin is not None
    if _WORKING_DAYS.fullmatch(plan.period.strip()):
        return 1
    step = 1
    while _nth(plan, gone + step * 2, moment) <= moment:
        step *= 2
    return step


def _due(text: str, now: datetime) -> Schedule:
    if not text.startswith(("P", "-P")):
        return Schedule(first=end_of(parse_day(text)) if len(text) <= 10 else parse_moment(text))
    if "T" in text:
        return Schedule(first=after(now, text))
    start = day_in_prague(now)
    steps = [_reason("start-not-counted", start)]
    working = _WORKING_DAYS.fullmatch(text)
    last = add_working_days(start, int(working["days"])) if working else day_in_prague(after(now, text))
    steps.append(_reason("working-days" if working else "last-day", last, text=text))
    # § 40 of the Administrative Code: a period that ends on a holiday ends on the next working day.
    if (end := next_working_day(last)) != last:
        steps.append(_reason("next-working-day", end))
    return Schedule(first=end_of(end), derivation=steps)


_REASONS = {
    "start-not-counted": (
        "Den, kdy lhůta začala, se nepočítá.",
        "The day on which the period began is not counted.",
    ),
    "working-days": ("Poslední pracovní den lhůty ({text}).", "Last working day of the period ({text})."),
    "last-day": ("Poslední den lhůty ({text}).", "Last day of the period ({text})."),
    "next-working-day": (
        "Konec připadl na volný den, lhůta proto končí nejbližší pracovní den (§ 40 správního řádu).",
        "The end fell on a day off, so the period ends on the next working day (§ 40 of the Administrative Code).",
    ),
}


def _reason(rule: str, day: date, **facts: str) -> Reason:
    czech, english = _REASONS[rule]
    return Reason(rule=rule, text=czech.format(**facts), text_en=english.format(**facts), date=day.isoformat())
