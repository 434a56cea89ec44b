"""Tables that people bring: CSV, XLSX and JSON to rows, whatever program wrote them; bad ones refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from integrations import strict_json
from integrations.csv_tables import read_csv
from integrations.refused_tables import LONGEST_CELL, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, TableRefused
from integrations.workbooks import read_workbook

Cell = Any

_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row: the number that its reader sees in a table program, and its cells. A text or, of JSON, any value."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, kw_only=True)
class Table:
    """The titles of the columns, and the rows below them as they are read."""

    titles: Sequence[str]
    #: May raise TableRefused when it comes to where the file is broken.
    rows: Iterator[Row]


def read_table(content: bytes, filename: str) -> Table:
    """Read a file as a table with titles in its first row. Raises TableRefused."""
    if not content.strip():
        raise TableRefused("empty")
    if len(content) > MOST_BYTES:
        raise TableRefused("too-big", most=MOST_BYTES // 1024**2)
    if content.startswith(_OLE):
        raise TableRefused("old-excel")
    if content.startswith(_PDF):
        raise TableRefused("not-a-table")
    if content.startswith(_ZIP):
        return _table(enumerate(read_workbook(content), start=1))
    if filename.casefold().endswith(".json") or content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{"):
        return _of_objects(content)
    return _table(read_csv(content))


def _table(lines: Iterator[tuple[int, Sequence[Cell]]] | enumerate[Sequence[Cell]]) -> Table:
    """Take the first row with something in it for the titles."""
    for _number, cells in lines:
        titles = [" ".join(_text(cell).split()) for cell in cells]
        while titles and not titles[-1]:
            titles.pop()
        if titles:
            return Table(titles=_checked(titles), rows=_rows(lines, len(titles)))
    raise TableRefused("empty")


def _checked(titles: Sequence[str]) -> Sequence[str]:
    if len(titles) > MOST_COLUMNS:
        raise TableRefused("too-wide", most=MOST_COLUMNS)
    seen: set[str] = set()
    for title in titles:
        if title and title.casefold() in seen:
            raise TableRefused("same-title", title=title[:60])
        seen.add(title.casefold())
    return titles


def _rows(lines: Iterator[tuple[int, Sequence[Cell]]] | enumerate[Sequence[Cell]], width: int) -> Iterator[Row]:
    count = 0
    for number, cells in lines:
        read = [_text(cell) for cell in cells]
        if not any(text.strip() for text in read):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TableRefused("too-long", most=MOST_ROWS)
        if len(read) > width and any(text.strip() for text in read[width:]):
            raise TableRefused("wide-row", line=number)
        yield Row(number=number, cells=[*read[:width], *[""] * (width - len(read))])


def _text(cell: Cell) -> str:
    """Write what a workbook has in a cell as a person would."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    text = str(cell)
    if len(text) > LONGEST_CELL:
        raise TableRefused("long-cell", most=LONGEST_CELL)
    return text


def _of_objects(content: bytes) -> Table:
    """Read a list of objects, or an export of ours, whose records are such a list."""
    try:
        read = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
        strict_json.check(read)
    except UnicodeDecodeError as error:
        raise TableRefused("encoding") from error
    except (ValueError, RecursionError, strict_json.BadJson) as error:
        raise TableRefused("not-json", line=getattr(error, "lineno", 1)) from error
    records = read.get("records") if isinstance(read, dict) else read
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise TableRefused("no-records")
    if len(records) > MOST_ROWS:
        raise TableRefused("too-long", most=MOST_ROWS)
    titles = list(dict.fromkeys(name for one in records for name in one))
    if not titles:
        raise TableRefused("empty")
    rows = (Row(number=at, cells=[one.get(name) for name in titles]) for at, one in enumerate(records, start=1))
    return Table(titles=_checked(titles), rows=rows)


def _refuse(name: str) -> None:
    raise ValueError(name)
