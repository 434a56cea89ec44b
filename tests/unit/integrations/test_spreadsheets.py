"""Tables of cases as XLSX, read back."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from integrations.connectors import render_table
from integrations.ports import JobContext
from integrations.registry import CONNECTORS

COLUMNS = [
    {"key": "name", "title": "Žadatel"},
    {"key": "amount", "title": "Částka", "kind": "money", "sum": True},
    {"key": "body", "title": "Rozhoduje", "words": {"council": "rada"}},
]
ROWS = [
    {"name": '=HYPERLINK("http://x")', "amount": "50001.00", "body": "council"},
    {"name": "zvonek \x07", "amount": "0.10", "body": "mayor"},
    {"amount": None},
]


def test_a_table_has_its_titles_rows_words_and_sums() -> None:
    parameters = {"title": "Pořadí [1/2]", "key": "ranking", "columns": COLUMNS, "rows": ROWS}
    assert CONNECTORS["table.render"].problem(parameters) is None
    context = JobContext(key="k", now=None, data={"case": {"number": "VYZ-1"}}, templates=None)  # type: ignore[arg-type]
    done = render_table(parameters, context)
    (document,) = done.documents
    assert (document.filename, done.result["filename"]) == ("VYZ-1-ranking.xlsx", "VYZ-1-ranking.xlsx")
    sheet = load_workbook(io.BytesIO(document.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Žadatel", "Částka", "Rozhoduje"]
    assert rows[1] == ['=HYPERLINK("http://x")', 50001, "rada"]
    assert sheet["A2"].data_type == "s"
    assert rows[2] == ["zvonek ", 0.1, "mayor"]
    assert rows[4][1] == 50001.1
    assert "Kč" in sheet["B2"].number_format


def test_a_table_without_rows_is_a_table() -> None:
    parameters = {"title": "Nic", "key": "ranking", "columns": COLUMNS, "rows": []}
    context = JobContext(key="k", now=None, data={}, templates=None)  # type: ignore[arg-type]
    (document,) = render_table(parameters, context).documents
    sheet = load_workbook(io.BytesIO(document.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["Žadatel", "Částka", "Rozhoduje"]
