"""The numbers of a page's block as a file: CSV, XLSX, JSON."""

from __future__ import annotations

from flask import Response, json

from engine.errors import NotFound
from integrations.spreadsheets import XLSX, workbook
from web.pages import Shown
from web.ui.spreadsheet import spreadsheet

KINDS = ("csv", "xlsx", "json")


def as_download(block: Shown, name: str, kind: str) -> Response:
    """Give a block as a file. Raises NotFound for a kind there isn't."""
    header, rows = table_of(block)
    if kind == "csv":
        body: str | bytes = spreadsheet(header, rows)
        content_type = "text/csv; charset=utf-8"
    elif kind == "xlsx":
        columns = [
            {"key": str(at), "title": title, "kind": "number" if at else "text"} for at, title in enumerate(header)
        ]
        body = workbook(block.title or name, columns, [{str(at): cell for at, cell in enumerate(row)} for row in rows])
        content_type = XLSX
    elif kind == "json":
        body = json.dumps({"title": block.title, "columns": header, "rows": rows}, ensure_ascii=False, indent=1)
        content_type = "application/json"
    else:
        raise NotFound
    response = Response(body, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response


def table_of(block: Shown) -> tuple[list[str], list[list[str | float | None]]]:
    """The table of a block: names of columns, rows. Whole numbers are whole."""
    if block.chart is None:
        return [name for name, _value in block.tiles], [[whole(value) for _name, value in block.tiles]]
    rows: list[list[str | float | None]] = [
        [bar.name, *(whole(value) for value in bar.cells)] for bar in block.chart.rows
    ]
    return list(block.columns), rows


def whole(value: float | None) -> float | None:
    """3.0 → 3."""
    return int(value) if value is not None and value == int(value) else value
