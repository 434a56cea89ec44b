"""What rows in time count by day, month and year: the difference that a change makes is added, never all of it anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.calendar import PRAGUE
from engine.errors import Invalid
from engine.handlers.work import Work
from engine.model import Json, Variables
from engine.registers.conversion import conversions, factor_on
from engine.registers.definitions import Register
from engine.registers.series import THOUSANDTHS, plain
from engine.store.base import table_of
from engine.store.registers import RecordRow
from engine.store.series import SeriesRow, SeriesTotalRow

_TABLE = table_of(SeriesTotalRow)
_KEYS = ("register", "record_id", "channel", "span", "period")
#: What a case is given at once.
MOST_TOTALS = 5_000
#: Letters of an ISO date that each span takes.
SPANS: Mapping[str, int] = {"day": 10, "month": 7, "year": 4}


@dataclass(kw_only=True)
class Totals:
    """Differences gathered in one command."""

    register: str
    _found: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def add(self, record_id: str, channel: str, times: Decimal, before: Counter[date], after: Counter[date]) -> None:
        """Take what one count of a record counted before the change and what it counts now, in thousandths."""
        for day in before.keys() | after.keys():
            # Each day is rounded by itself, so that what was added can be taken away again exactly.
            difference = _times(after[day], times) - _times(before[day], times)
            if difference:
                for span, length in SPANS.items():
                    self._found[record_id, channel, span, day.isoformat()[:length]] += difference

    def write(self, work: Work) -> None:
        """Add the differences to the rows of totals, in one order for all, so that no two commands wait in a ring."""
        rows = list(self._rows(work.tenant))
        if not rows:
            return
        insert: Any = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(_TABLE)
        added = _TABLE.c.total + statement.excluded.total
        work.connection.execute(statement.on_conflict_do_update(index_elements=_KEYS, set_={"total": added}), rows)

    def _rows(self, tenant: str) -> Iterator[dict[str, Any]]:
        for key, total in sorted(self._found.items()):
            if total:
                yield {"tenant": tenant, "total": total} | dict(zip(_KEYS, (self.register, *key), strict=True))


def totals_of(work: Work, register: Register, parameters: Variables) -> list[Json]:
    """Give totals of records by a span, from one period to another: `[{record, channel, period, total, converted}]`.

    `converted` is the total in one unit, by the factor of its day as the office keeps it.
    """
    length = SPANS.get(parameters["span"])
    if length is None:
        raise Invalid(f"{parameters['span']!r} is none of {', '.join(SPANS)}.", code="bad-parameters")
    row = SeriesTotalRow
    query = select(row).where(
        row.tenant == work.tenant,
        row.register == register.key,
        row.span == parameters["span"],
        row.record_id.in_([str(one) for one in parameters["records"]]),
    )
    if parameters.get("since"):
        query = query.where(row.period >= parameters["since"][:length])
    if parameters.get("until"):
        query = query.where(row.period <= parameters["until"][:length])
    found = work.session.scalars(query.order_by(row.record_id, row.channel, row.period).limit(MOST_TOTALS))
    factor = _factors(work, register, [str(one) for one in parameters["records"]])
    return [
        {
            "record": one.record_id,
            "channel": one.channel,
            "period": one.period,
            "total": plain(one.total),
            "converted": _plainly(plain(one.total) * factor(one.record_id, one.period)),
        }
        for one in found
    ]


def _factors(work: Work, register: Register, records: Sequence[str]) -> Callable[[str, str], float]:
    """Give by what totals are multiplied to be of one unit: record and period → factor."""
    convert = register.series.convert if register.series else {}
    if not convert:
        return lambda _record, _period: 1
    row = RecordRow
    owned = select(row.id, row.data).where(row.tenant == work.tenant)
    factors = work.session.execute(owned.where(row.register == convert["register"], row.state == "live"))
    known = conversions(convert, [data for _id, data in factors])
    kinds = {
        record_id: str(data.get(convert["match"]) or "")
        for record_id, data in work.session.execute(owned.where(row.id.in_(records)))
    }
    return lambda record_id, period: factor_on(known, kinds.get(record_id, ""), period)


def _plainly(value: float) -> int | float:
    return plain(round(value * THOUSANDTHS))


def latest_of(work: Work, register: str, records: Sequence[Json]) -> list[Json]:
    """Give the moment and value of the newest row of each record that has one, by id."""
    newest = (
        select(SeriesRow.record_id, func.max(SeriesRow.at).label("at"))
        .where(SeriesRow.tenant == work.tenant, SeriesRow.register == register)
        .where(SeriesRow.record_id.in_([str(one) for one in records]), SeriesRow.state.in_(("counted", "held")))
        .group_by(SeriesRow.record_id)
        .subquery()
    )
    query = select(SeriesRow.record_id, SeriesRow.at, func.max(SeriesRow.value)).join(
        newest, (newest.c.record_id == SeriesRow.record_id) & (newest.c.at == SeriesRow.at)
    )
    found = work.session.execute(
        query.where(SeriesRow.register == register)
        .group_by(SeriesRow.record_id, SeriesRow.at)
        .order_by(SeriesRow.record_id)
    )
    return [
        {"record": record, "at": at.astimezone(PRAGUE).isoformat(), "value": plain(value)}
        for record, at, value in found
    ]


def _times(value: int, times: Decimal) -> int:
    return value if times == 1 else int((value * times).to_integral_value(ROUND_HALF_UP))
