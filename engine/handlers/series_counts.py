"""One count of one record, as a channel of a meter: what lies around new rows, and what changes in its totals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.calendar import parse_day
from engine.errors import BadTime, Invalid
from engine.handlers.registers import ids_by_keys
from engine.handlers.series_totals import Totals
from engine.handlers.work import Work
from engine.model import Json, Variables
from engine.registers.counting import LAST, Counted, Judge, Point, by_day
from engine.registers.definitions import Register
from engine.registers.series import THOUSANDTHS, Series, thousandths
from engine.store.registers import RecordRow
from engine.store.series import SeriesRow

_MOST_DIGITS = 12
_STANDING = ("counted", "held")


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The record under which rows lie, locked until the end of the command."""

    id: str
    counted: Counted
    times: Decimal


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A new row that can be understood."""

    #: Its place in what was sent.
    number: int
    id: str
    parent: Parent
    channel: str
    at: datetime
    value: int
    source_key: str
    data: Variables


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What was found about a new row."""

    #: counted, held or duplicate
    state: str
    reason: str = ""
    mark: str = ""
    #: The row that is there already.
    row_id: str | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Give what of it is stored with the row."""
        return {"state": self.state, "reason": self.reason, "mark": self.mark}


def parents_of(
    work: Work, register: Register, series: Series, names: Collection[str], within: Mapping[str, Json]
) -> Mapping[str, Parent]:
    """Give the live records of these ids or unique values, by what they were called, and lock them in one order."""
    ids = ids_by_keys(work, register, names)
    rows = work.session.scalars(
        select(RecordRow)
        .where(RecordRow.tenant == work.tenant, RecordRow.id.in_(sorted(set(ids.values()))))
        .order_by(RecordRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row.id: _parent(series, row) for row in rows if _is_within(row, within)}
    return {name: found[record_id] for name, record_id in ids.items() if record_id in found}


def parent_of(work: Work, series: Series, record_id: str) -> Parent:
    """Give and lock the record under which a row lies, also one that is out of its register."""
    row = work.session.scalar(
        select(RecordRow).where(RecordRow.tenant == work.tenant, RecordRow.id == record_id).with_for_update()
    )
    assert row is not None, "a row lies under a record"
    return _parent(series, row)


def _is_within(row: RecordRow, within: Mapping[str, Json]) -> bool:
    return all(row.data.get(name) == value for name, value in within.items())


def _parent(series: Series, row: RecordRow) -> Parent:
    data = row.data
    digits = data.get(series.digits) if series.digits else None
    try:
        times = Decimal(thousandths(data[series.times])) / THOUSANDTHS if data.get(series.times) else Decimal(1)
    except Invalid:
        times = Decimal(1)
    try:
        last_day = parse_day(str(data[series.ended])) if data.get(series.ended) else None
    except BadTime:
        last_day = None
    counted = Counted(
        kind=series.kind,
        digits=digits if isinstance(digits, int) and 0 < digits <= _MOST_DIGITS else 0,
        jump=series.jump,
        last_day=last_day,
    )
    return Parent(id=row.id, counted=counted, times=times)


@dataclass
class Count:
    """Rows of one record and channel around a change; what counted before it and what counts after it."""

    work: Work
    register: str
    parent: Parent
    channel: str
    _before: list[Point] = field(default_factory=list)
    _after: list[Point] = field(default_factory=list)

    def take(self, fresh: Sequence[Fresh]) -> Iterator[tuple[Fresh, Judged]]:
        """Judge new rows in the order of time among those that are there."""
        fresh = sorted(fresh, key=lambda one: one.at)
        earlier, later = self.earlier(fresh[0].at), self.later(fresh[0].at, fresh[-1].at)
        judge = Judge(counted=self.parent.counted)
        for row in earlier:
            judge.remember(_point(row))
        self._before = [_point(row) for row in (*earlier[-1:], *later) if row.state == "counted"]
        self._after = [_point(row) for row in earlier[-1:]]
        waiting = list(later)
        for one in fresh:
            while waiting and waiting[0].at < one.at:
                self._pass(judge, waiting.pop(0))
            judged = self._look(judge, one, waiting)
            if judged.state == "counted":
                self._pass_point(judge, Point(at=one.at, value=one.value, mark=judged.mark))
            yield one, judged
        for row in waiting:
            self._pass(judge, row)

    def change(self, gone: datetime, taken_out: str, point: Point | None) -> None:
        """Let one row count no more, and another one in its place; the new one's moment may differ."""
        moments = [gone] + ([point.at] if point else [])
        earlier, later = self.earlier(min(moments)), self.later(min(moments), max(moments))
        counted = [row for row in (*earlier[-1:], *later) if row.state == "counted"]
        self._before = [_point(row) for row in counted]
        rest = [_point(row) for row in counted if row.id != taken_out]
        self._after = sorted([*rest, *([point] if point else [])], key=lambda one: one.at)

    def add_to(self, totals: Totals) -> None:
        """Tell the difference in what is counted."""
        counted = self.parent.counted
        totals.add(
            self.parent.id, self.channel, self.parent.times, by_day(counted, self._before), by_day(counted, self._after)
        )

    def earlier(self, at: datetime) -> list[Any]:
        """Give the last rows that count before a moment, the oldest first."""
        query = self._rows().where(SeriesRow.at < at, SeriesRow.state == "counted")
        found = self.work.session.execute(query.order_by(SeriesRow.at.desc()).limit(LAST + 1)).all()
        return list(reversed(found))

    def later(self, first: datetime, last: datetime) -> list[Any]:
        """Give the rows from the first to the last moment, and the one that counts after them."""
        between = self._rows().where(SeriesRow.at >= first, SeriesRow.at <= last, SeriesRow.state.in_(_STANDING))
        following = self._rows().where(SeriesRow.at > last, SeriesRow.state == "counted")
        session = self.work.session
        return [
            *session.execute(between.order_by(SeriesRow.at, SeriesRow.id)),
            *session.execute(following.order_by(SeriesRow.at).limit(1)),
        ]

    def _rows(self) -> Any:
        return select(SeriesRow.id, SeriesRow.at, SeriesRow.value, SeriesRow.mark, SeriesRow.state).where(
            SeriesRow.tenant == self.work.tenant,
            SeriesRow.record_id == self.parent.id,
            SeriesRow.register == self.register,
            SeriesRow.channel == self.channel,
        )

    def _look(self, judge: Judge, one: Fresh, waiting: Iterable[Any]) -> Judged:
        if self.parent.counted.kind == "counter":
            at_once = [row for row in waiting if row.at == one.at]
            if same := next((row for row in at_once if row.value == one.value), None):
                return Judged(state="duplicate", row_id=same.id)
            if at_once or (judge.before is not None and judge.before.at >= one.at):
                return Judged(state="held", reason="conflict")
        following = next((_point(row) for row in waiting if row.state == "counted"), None)
        reason, mark = judge.judge(one.at, one.value, following)
        return Judged(state="held" if reason else "counted", reason=reason, mark=mark)

    def _pass(self, judge: Judge, row: Any) -> None:
        if row.state == "counted":
            self._pass_point(judge, _point(row))

    def _pass_point(self, judge: Judge, point: Point) -> None:
        judge.remember(point)
        self._after.append(point)


def _point(row: Any) -> Point:
    return Point(at=row.at, value=row.value, mark=row.mark)
