"""Numbers the office gives out: case numbers, invoice numbers, variable symbols. No number twice, no holes."""

from __future__ import annotations

import re

from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import Invalid
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.cases import NumberSeriesRow

_PLACE = re.compile(r"\{(year|n)(?::0?(\d{1,2}))?\}")
_SYMBOLS = "variable-symbol"
_LAST_SYMBOL = 9_999_999


def draw(work: Work, pattern: str) -> str:
    """Give the next number of the series `pattern`, `FAK-{year}-{n:04}`; every year begins at 1."""
    if not re.search(r"\{n(?::0?\d{1,2})?\}", pattern):
        raise Invalid(f"The number series {pattern!r} has no place for the number, {{n}}.")
    year = work.today.year
    drawn = _next(work, pattern, year if "{year" in pattern else 0)
    values = {"year": year, "n": drawn}
    return _PLACE.sub(lambda place: str(values[place[1]]).zfill(int(place[2] or 0)), pattern)


def variable_symbol(work: Work) -> str:
    """Give a new variable symbol: two digits of the year, seven of the sequence and a check digit."""
    year = work.today.year
    drawn = _next(work, _SYMBOLS, year)
    if drawn > _LAST_SYMBOL:
        raise Invalid("There are no variable symbols left this year.")
    digits = f"{year % 100:02}{drawn:07}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Give the Luhn digit: a single wrong digit and nearly every swap of neighbours is found."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 * (value > 9)
    return str(-total % 10)


def _next(work: Work, series: str, year: int) -> int:
    # One statement, so two commands at once wait for each other instead of drawing the same number.
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(NumberSeriesRow)
        .values(id=new_id(), tenant=work.tenant, series=series, year=year, last=1)
        .on_conflict_do_update(index_elements=["tenant", "series", "year"], set_={"last": NumberSeriesRow.last + 1})
        .returning(NumberSeriesRow.last)
    )
    return work.session.execute(statement).scalar_one()
