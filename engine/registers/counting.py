"""How rows in time are judged and counted; nothing here knows a database.

A counter's difference belongs to the time between two of its states, so it is spread evenly over the days between; the
rounding is cumulative, so that the days of an interval always add up to its difference.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from engine.calendar import day_in_prague, parse_moment
from engine.registers.series import THOUSANDTHS

#: Of so many last differences the median is taken, and there must be so many for it to say something.
LAST, FEWEST = 12, 3
#: Near the end and the beginning of a counter's range: a fall between these has rolled over.
_NEARLY = 10
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Point:
    """A row that counts: its moment, its value in thousandths, and how it follows the one before."""

    at: datetime
    value: int
    #: "" = goes on; rollover = over the end of the counter; reset = another counter begins here.
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the record above says of its counter."""

    kind: str = "counter"
    #: 0 = unknown.
    digits: int = 0
    jump: int = 0
    last_day: date | None = None

    @property
    def range(self) -> int:
        """By how much a counter falls when it rolls over, in thousandths; 0 = it can't."""
        return 10**self.digits * THOUSANDTHS if self.digits else 0

    def difference(self, before: Point, after: Point) -> int:
        """Give how much was counted between two rows."""
        if after.mark == "reset":
            return 0
        return after.value - before.value + (self.range if after.mark == "rollover" else 0)


@dataclass(kw_only=True)
class Judge:
    """Looks at the rows of one count in the order of time, and says which of them are held back, and why."""

    counted: Counted
    #: The row before; None = there is none yet.
    before: Point | None = None
    rates: deque[float] = field(default_factory=lambda: deque(maxlen=LAST))

    def remember(self, point: Point) -> None:
        """Take a row that counts as the one before the next."""
        rate = self._rate(point)
        if rate is not None:
            self.rates.append(rate)
        self.before = point

    def judge(self, at: datetime, value: int, after: Point | None) -> tuple[str, str]:
        """Say why a row is held back, "" if it isn't, and how it follows the one before it."""
        if self.counted.kind == "amount":
            return "", ""
        if self.counted.last_day is not None and day_in_prague(at) > self.counted.last_day:
            return "ended", ""
        if value < 0 or (self.counted.range and value >= self.counted.range):
            return "range", ""
        mark = ""
        if self.before is not None and value < self.before.value:
            if not self._has_rolled(value):
                return "lower", ""
            mark = "rollover"
        if after is not None and not after.mark and value > after.value:
            return "higher", ""
        return ("jump" if self._jumps(Point(at=at, value=value, mark=mark)) else ""), mark

    def _has_rolled(self, value: int) -> bool:
        size = self.counted.range
        assert self.before is not None
        return bool(size) and self.before.value >= size - size // _NEARLY and value <= size // _NEARLY

    def _jumps(self, point: Point) -> bool:
        rate = self._rate(point)
        if not self.counted.jump or rate is None or len(self.rates) < FEWEST:
            return False
        usual = median(self.rates)
        return usual > 0 and rate > usual * self.counted.jump

    def _rate(self, point: Point) -> float | None:
        """Thousandths a day since the row before."""
        if self.before is None or point.mark == "reset" or point.at <= self.before.at:
            return None
        return self.counted.difference(self.before, point) * (_DAY / (point.at - self.before.at))


def by_day(counted: Counted, points: Sequence[Point]) -> Counter[date]:
    """Give what these rows, in the order of time, count by days of Prague, in thousandths."""
    days: Counter[date] = Counter()
    if counted.kind == "amount":
        for point in points:
            days[day_in_prague(point.at)] += point.value
        return days
    for before, after in pairwise(points):
        for day, part in _spread(before.at, after.at, counted.difference(before, after)):
            days[day] += part
    return days


def _spread(start: datetime, end: datetime, amount: int) -> Iterable[tuple[date, int]]:
    day, last = day_in_prague(start), day_in_prague(end)
    if day == last or not amount:
        yield day, amount
        return
    whole = (end - start) // timedelta(seconds=1) or 1
    given = 0
    while day < last:
        midnight = parse_moment((day + _DAY).isoformat())
        until = amount * ((midnight - start) // timedelta(seconds=1)) // whole
        yield day, until - given
        given, day = until, day + _DAY
    yield last, amount - given
