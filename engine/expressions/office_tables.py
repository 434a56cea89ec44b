"""Tables (lists of records) and small texts in Starlark."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.expressions import office_money
from engine.model import Json


def column(rows: Json, name: str) -> list[Json]:
    """Give one column of a table; a row without it gives None."""
    return [row.get(name) for row in _rows(rows)]


def sum_of(rows: Json, name: str) -> int | str:
    """Add up a column exactly; empty cells count as 0."""
    return office_money.sum([value for value in column(rows, name) if value not in (None, "")])


def count_where(rows: Json, name: str, value: Json) -> int:
    """Count the rows whose cell has this value."""
    return len(rows_where(rows, name, value))


def rows_where(rows: Json, name: str, value: Json) -> list[Json]:
    """Give the rows whose cell has this value."""
    return [row for row in _rows(rows) if row.get(name) == value]


def find_row(rows: Json, name: str, value: Json) -> Json:
    """Give the first row whose cell has this value, or None."""
    return next(iter(rows_where(rows, name, value)), None)


def join_and(texts: Json) -> str:
    """Join texts as a Czech sentence does: `voda, plyn a teplo`."""
    words = [str(text) for text in texts]
    return " a ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def format_ico(ico: Json) -> str:
    """Write an IČO as it is printed: `051 29 061`."""
    digits = re.sub(r"\s", "", str(ico)).zfill(8)
    return f"{digits[:3]} {digits[3:5]} {digits[5:]}"


def pad_left(text: Json, width: int, fill: str = "0") -> str:
    """Fill a text up from the left: `pad_left(7, 4)` is `0007`."""
    if not 0 <= width <= 100 or len(fill) != 1:
        raise ValueError("pad_left fills up to 100 places with one character")
    return str(text).rjust(width, fill)


def _rows(rows: Json) -> list[dict[str, Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("a table is a list of records")
    return rows


BUILTINS: dict[str, Callable[..., Json]] = {
    "column": column,
    "sum_of": sum_of,
    "count_where": count_where,
    "rows_where": rows_where,
    "find_row": find_row,
    "join_and": join_and,
    "format_ico": format_ico,
    "pad_left": pad_left,
}
