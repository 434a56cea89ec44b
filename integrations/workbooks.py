"""Workbooks that people bring: the first sheet, values only; archives that would unpack without end are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from engine.errors import BROKEN_ZIP
from integrations.refused_tables import TableRefused

#: What a workbook may unpack to. A sheet of the most rows that are read is smaller.
MOST_UNPACKED = 600 * 1024 * 1024
#: Packed XML is seldom smaller than a hundredth; such a part that is big besides is a bomb.
_DENSEST, _SUSPECT = 300, 20 * 1024 * 1024
_BROKEN = (*BROKEN_ZIP, InvalidFileException, KeyError, TypeError, SyntaxError)


def read_workbook(content: bytes) -> Iterator[Sequence[Any]]:
    """Give the rows of the first sheet. Raises TableRefused."""
    _look_inside(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0] if book.worksheets else None
    except _BROKEN as error:
        raise TableRefused("broken-workbook") from error
    if sheet is None:
        raise TableRefused("empty")
    try:
        # What the file says of its own size may be wrong.
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    except _BROKEN as error:
        raise TableRefused("broken-workbook") from error
    finally:
        book.close()


def _look_inside(content: bytes) -> None:
    """Refuse what is no workbook, has macros, or unpacks to more than is sane; nothing is unpacked whole for that."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise TableRefused("locked")
            if "xl/workbook.xml" not in names:
                raise TableRefused("not-a-table")
            if any(name.casefold().endswith("vbaproject.bin") for name in names):
                raise TableRefused("macros")
            _measure(archive, parts)
    except BROKEN_ZIP as error:
        raise TableRefused("broken-workbook") from error


def _measure(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> None:
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TableRefused("bomb")
    for part in parts:
        if part.file_size > _SUSPECT and part.file_size > _DENSEST * max(part.compress_size, 1):
            raise TableRefused("bomb")
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(2048):
                    raise TableRefused("broken-workbook")
