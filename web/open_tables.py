"""Public records as a table for programs: a decimal point, days by ISO 8601, and a description by CSV on the Web.

The recommendation: https://www.w3.org/TR/tabular-metadata/. How people read the same values is in web.records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model import Json
from engine.queries.registers import RecordFacts
from forms.shape import Shape
from forms.words import text_of
from web.i18n import LANGUAGES
from web.open_data import CURRENCY
from web.record_export import writer_of
from web.records import Paper
from web.ui.spreadsheet import spreadsheet

CONTEXT = "http://www.w3.org/ns/csvw"
_FORMATS: Mapping[str, Json] = {
    "money": {"base": "decimal", "format": "0.00"},
    "date": "date",
    "date-time": "datetime",
    "uri": "anyURI",
}
_TYPES = {"integer": "integer", "number": "decimal", "boolean": "boolean"}


def as_table(paper: Paper, records: Iterable[RecordFacts]) -> str:
    """Give records as CSV: columns and choices by their names, the rest as it is kept."""
    columns = [paper.columns[name] for name in told_in(paper)]
    writers = [(column.name, writer_of(paper, column.name, plain)) for column in columns]
    rows = ([write(one.data.get(name)) for name, write in writers] for one in records)
    return spreadsheet([column.title for column in columns], rows)


def told_in(paper: Paper) -> list[str]:
    """The fields that are columns: pictures have no place in a table, the other forms tell where they are."""
    return [name for name in paper.columns if name != paper.register.pictures]


def plain(_shape: Shape, value: Json) -> str:
    """Write a value for programs."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def described(paper: Paper, address: str) -> dict[str, Any]:
    """Say what is in the columns of the CSV at an address, and that money is in crowns."""
    return {
        "@context": [CONTEXT, {"@language": "cs"}],
        "url": address,
        "dc:title": paper.register.title,
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tableSchema": {"columns": [_column(paper, name) for name in told_in(paper)]},
    }


def _column(paper: Paper, name: str) -> dict[str, Any]:
    source, shape = paper.form.root["properties"][name], paper.register.schema["properties"][name]
    titles = {lang: text_of(paper.form, source, "title", lang) or name for lang in LANGUAGES}
    told: dict[str, Any] = {"name": name, "titles": titles, **_kind(shape)}
    if shape.get("format") == "money":
        told["schema:currency"] = CURRENCY
    return told


def _kind(shape: Mapping[str, Any]) -> dict[str, Json]:
    types = shape.get("type")
    named = types if isinstance(types, list) else [types]
    if "array" in named:
        return {"datatype": "string", "separator": "; "}
    if "oneOf" in shape or "enum" in shape:
        return {"datatype": "string"}
    of_type = next((_TYPES[one] for one in named if one in _TYPES), "string")
    return {"datatype": _FORMATS.get(str(shape.get("format")), of_type)}
