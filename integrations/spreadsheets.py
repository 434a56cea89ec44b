"""A table of a case as an XLSX workbook, such as a ranked list for the council."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from engine.model import Json

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {"money": '#,##0.00\\ "Kč"', "number": "General"}
_WIDEST, _LONGEST_TITLE = 60, 31


def workbook(title: str, columns: Sequence[Mapping[str, Json]], rows: Sequence[Mapping[str, Json]]) -> bytes:
    """Give a workbook with one sheet: titles, rows, and sums of the columns that want one.

    A column is `{key, title, kind?: text | number | money, words?: {value: what stands there}, sum?}`.
    Amounts are Kč as decimal texts. Nothing from a case is ever a formula.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _sheet_title(title)
    for at, column in enumerate(columns, start=1):
        _write(sheet.cell(row=1, column=at), column["title"], "text", bold=True)
        shown = [_shown(column, row) for row in rows]
        for line, value in enumerate(shown, start=2):
            _write(sheet.cell(row=line, column=at), value, column.get("kind", "text"))
        if column.get("sum"):
            _write(sheet.cell(row=len(rows) + 2, column=at), _total(shown), column.get("kind", "text"), bold=True)
        longest = max([len(str(value)) for value in [column["title"], *shown]])
        sheet.column_dimensions[get_column_letter(at)].width = min(longest + 4, _WIDEST)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def long_workbook(title: str, titles: Sequence[str], rows: Iterable[Sequence[Json | date]], out: IO[bytes]) -> None:
    """Write a workbook of any length row by row: texts as texts, numbers and days as what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for at, name in enumerate(titles, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = min(max(len(name) + 4, 14), _WIDEST)
    sheet.append([_plain_cell(sheet, name, bold=True) for name in titles])
    for row in rows:
        sheet.append([_plain_cell(sheet, value) for value in row])
    book.save(out)


def _plain_cell(sheet: Any, value: Json | date, *, bold: bool = False) -> Json:
    if isinstance(value, bool) or not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767])
    # A text that begins with = stays a text.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_title(title: str) -> str:
    return "".join(c for c in title if c not in r"[]:*?/\\")[:_LONGEST_TITLE] or "Seznam"


def _shown(column: Mapping[str, Json], row: Mapping[str, Json]) -> Json:
    value = row.get(column["key"])
    return column.get("words", {}).get(str(value), value) if value is not None else ""


def _write(cell: Cell | Json, value: Json, kind: str, *, bold: bool = False) -> None:
    number = _number(value) if kind in _FORMATS else None
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value)) if number is None else number
    if number is None:
        # A text that begins with = stays a text.
        cell.data_type = "s"
    else:
        cell.number_format = _FORMATS[kind]
    if bold:
        cell.font = Font(bold=True)


def _number(value: Json) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _total(values: Sequence[Json]) -> Json:
    return str(sum((number for value in values if (number := _number(value)) is not None), Decimal(0)))
