"""Rows of a CSV file by their heading, for a process that reads one: whole, or refused."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from integrations.csv_tables import read_csv
from integrations.failures import BusinessError
from integrations.refused_tables import TableRefused

#: Code of the refusal, which a boundary event may catch.
UNREADABLE = "table.unreadable"
MOST_BYTES = 5 * 2**20
MOST_ROWS = 20_000
#: How much of a table is read where only some of its rows are kept.
MOST_SIFTED_BYTES = 20 * 2**20
MOST_SIFTED_ROWS = 1_000_000
TOO_LARGE = "The table is larger than 5 MB; divide it."
TOO_MANY = "The table has more than 20,000 rows; divide it."
NO_HEADING = "The table lacks columns that are needed."
NOT_WHOLE = "The table is cut, or it is no table."
_SENTENCES = {"too-big": TOO_LARGE, "too-long": TOO_MANY, "heading": NO_HEADING, "same-title": NO_HEADING}
_CZECH_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})(?:\s+(\d{1,2}:\d{2}))?")
_LONGEST = 1_000


@dataclass(frozen=True, kw_only=True)
class TableRows:
    """What a file says; every row has its line in the file beside its columns."""

    rows: Sequence[dict[str, str | int]]
    columns: Sequence[str]
    sha256: str
    #: How many rows the file has, with those that were not kept.
    read: int = 0
    #: Why the file can't be read, and at which line, where whoever asked wants to be told: a code of TableRefused.
    refused: str = ""
    refused_at: int = 0


def read_table(content: bytes, needed: Sequence[str], at_least: Mapping[str, float] | None = None) -> TableRows:
    """Read a table whose heading has at least these columns; days are given as ISO. Raises BusinessError.

    Of a row with a number smaller than `at_least` says for its column only the count is kept.
    """
    try:
        return _read(content, needed, at_least or {})
    except TableRefused as error:
        raise BusinessError(UNREADABLE, _SENTENCES.get(error.code, NOT_WHOLE)) from error


def read_or_tell(content: bytes, needed: Sequence[str], at_least: Mapping[str, float] | None = None) -> TableRows:
    """The same, but of a file that can't be read say why."""
    try:
        return _read(content, needed, at_least or {})
    except TableRefused as error:
        at = error.facts.get("line")
        return TableRows(
            rows=[],
            columns=[],
            sha256=hashlib.sha256(content).hexdigest(),
            refused=error.code,
            refused_at=at if isinstance(at, int) else 0,
        )


def _read(content: bytes, needed: Sequence[str], at_least: Mapping[str, float]) -> TableRows:
    if len(content) > (MOST_SIFTED_BYTES if at_least else MOST_BYTES):
        raise TableRefused("too-big")
    lines = read_csv(content)
    columns = [name.strip().casefold() for name in next(lines, (1, []))[1]]
    if not set(needed) <= set(columns):
        raise TableRefused("heading", line=1)
    if len(set(columns)) != len(columns):
        raise TableRefused("same-title", line=1)
    least = [(columns.index(name), number) for name, number in at_least.items() if name in columns]
    rows, read = list[dict[str, str | int]](), 0
    for line, cells in _rows(lines, columns, MOST_SIFTED_ROWS if least else MOST_ROWS):
        read += 1
        if any(_is_less(cells[at], number) for at, number in least):
            continue
        if len(rows) == MOST_ROWS:
            raise TableRefused("too-long", line=line)
        rows.append({"line": line} | {name: _cell(cell) for name, cell in zip(columns, cells, strict=True)})
    return TableRows(rows=rows, columns=columns, read=read, sha256=hashlib.sha256(content).hexdigest())


def _is_less(cell: str, number: float) -> bool:
    try:
        return float(cell) < number
    except ValueError:
        return False


def _rows(
    lines: Iterator[tuple[int, Sequence[str]]], columns: Sequence[str], most: int
) -> Iterator[tuple[int, Sequence[str]]]:
    # A row too short may be where the file was cut, which its reader tells once it comes to the end.
    ragged = 0
    for count, (line, cells) in enumerate(lines, 1):
        if ragged:
            break
        if count > most:
            raise TableRefused("too-long", line=line)
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            ragged = line
            continue
        if max(map(len, cells)) > _LONGEST:
            raise TableRefused("long-cell", line=line)
        yield line, cells
    if ragged:
        raise TableRefused("ragged", line=ragged)


def _cell(cell: str) -> str:
    day = _CZECH_DAY.fullmatch(cell.strip())
    if day is None:
        return cell.strip()
    iso = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    return iso + (f"T{day[4]:0>5}" if day[4] else "")
