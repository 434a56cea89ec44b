"""Records as a file: CSV for Czech table programs, XLSX, JSON; what comes out can be brought in again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from flask import Response

from engine.model import Json
from engine.queries.registers import RecordFacts
from engine.store.record_values import is_amount
from forms.controls import show, show_number
from forms.dates import is_date
from forms.display import choice_label
from forms.money import is_stored
from forms.naming import fold
from forms.pointers import MISSING
from forms.shape import Shape
from forms.shaping import shape_of
from forms.words import words
from integrations.spreadsheets import XLSX, long_workbook
from web.i18n import language
from web.records import Column, Paper
from web.ui.spreadsheet import MARK, lines
from web.ui.words import NBSP

#: Czech table programs part cells by semicolons, as the comma is in numbers.
SEPARATORS = {"cs": ";", "en": ","}

Records = Iterator[RecordFacts]
Write = Callable[[Json], str]
#: How one value that isn't a choice is written.
WriteOne = Callable[[Shape, Json], str]


def as_csv(paper: Paper, columns: Sequence[Column], records: Records) -> Response:
    """Give a file for table programs."""
    writers = [writer_of(paper, column.name) for column in columns]
    rows = (
        [write(one.data.get(column.name)) for write, column in zip(writers, columns, strict=True)] for one in records
    )
    body = lines([column.title for column in columns], rows, SEPARATORS[language()])
    return Response(MARK + "".join(body), content_type="text/csv; charset=utf-8")


def as_xlsx(paper: Paper, columns: Sequence[Column], records: Records) -> Response:
    """Give a workbook: numbers are numbers, days are days."""
    writers = [(column.name, partial(_cell, paper, column.name, writer_of(paper, column.name))) for column in columns]
    rows = ([cell(one.data.get(name)) for name, cell in writers] for one in records)
    file = io.BytesIO()
    title = paper.register.title.get(language()) or paper.register.key
    long_workbook(title, [column.title for column in columns], rows, file)
    return Response(file.getvalue(), content_type=XLSX)


def as_json(paper: Paper, columns: Sequence[Column], records: Records) -> Response:
    """Give the records as they are kept."""
    names = [column.name for column in columns]

    def body() -> Iterator[str]:
        yield json.dumps({"register": paper.register.key, "title": paper.register.title}, ensure_ascii=False)[:-1]
        yield ', "records": ['
        for at, one in enumerate(records):
            kept = {"id": one.id, **{name: one.data[name] for name in names if name in one.data}}
            yield (",\n" if at else "\n") + json.dumps(kept, ensure_ascii=False)
        yield "\n]}\n"

    return Response("".join(body()), content_type="application/json")


MAKERS = {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}


def one_value(shape: Shape, value: Json) -> str:
    """Write a value the way people of the language do."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return words(language())["yes" if value else "no"].lower()
    if isinstance(value, int | float):
        return show_number(value, shape, language()).replace(NBSP, "")
    if is_amount(shape.keywords):
        return str(value).replace(".", ",") if language() == "cs" and is_stored(str(value)) else str(value)
    return show(value, shape, language())


def writer_of(paper: Paper, name: str, write: WriteOne = one_value) -> Write:
    """Give what writes the values of a field, so that an import reads them back."""
    form = paper.form
    shape = shape_of(form, form.root["properties"][name], MISSING)
    if shape.choices:
        called = {str(one.value): choice_label(form, one, shape, language()) for one in shape.choices}
        # Two choices that are called the same are told by their values.
        double = len({fold(word) for word in called.values()}) < len(called)
        return lambda value: "" if value is None else str(value) if double else called.get(str(value), str(value))
    if "array" in shape.types:
        return partial(_list, write, shape_of(form, shape.get("items"), MISSING))
    return partial(write, shape)


def _list(write: WriteOne, item: Shape, value: Json) -> str:
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return "; ".join(write(item, one) for one in value)
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _cell(paper: Paper, name: str, write: Write, value: Json) -> Json | date:
    shape = paper.register.schema["properties"][name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and shape.get("format") == "date" and is_date(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and shape.get("format") == "money" and is_stored(value):
        return float(value)
    return write(value)
