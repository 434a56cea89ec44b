"""CSV as Czech offices get it: UTF-8, Windows-1250, ISO 8859-2, CP852, UTF-16; semicolons, commas, tabulators, bars."""

from __future__ import annotations

import csv
import io
import re
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence

from integrations.refused_tables import LONGEST_CELL, TableRefused

_SEPARATORS = ";,\t|"
#: A page or XML under the name of a table.
_MARKUP = re.compile(r"\s*<[!?a-z]", re.IGNORECASE)
#: One-byte encodings of Czech, the usual one first.
_ENCODINGS = ("cp1250", "iso-8859-2", "cp852")
_LETTERS = frozenset("áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ")
#: What Czech texts have besides letters and ASCII.
_SIGNS = frozenset("„“‚‘–—…§°€„”’\u00a0ľĺŕôäÄÖÜöüßĽ")
#: As much of the file tells how it is written.
_SAMPLE = 200_000


def read_csv(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Give the rows with the numbers of the lines they begin on. Raises TableRefused."""
    text = _decoded(content)
    if _MARKUP.match(text):
        raise TableRefused("not-a-table")
    separator, text, skipped = _separator(text)
    # A field as long as the limit is refused by the csv module; ours comes first with its own sentence.
    csv.field_size_limit(min(sys.maxsize, LONGEST_CELL * 4))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    last, width, cells = 0, 0, list[str]()
    try:
        for cells in reader:
            width = width or len(cells)
            yield last + 1 + skipped, cells
            last = reader.line_num
    except csv.Error as error:
        # A quotation mark that nothing closes: the file ends in the middle of a cell.
        code = "cut" if "end of data" in str(error) else "long-cell" if "limit" in str(error) else "quotes"
        raise TableRefused(code, line=last + 1 + skipped, most=LONGEST_CELL) from error
    if len(cells) < width and not text.endswith(("\n", "\r")):
        raise TableRefused("cut", line=last + skipped)


def _decoded(content: bytes) -> str:
    for mark, encoding in ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\0" in content:
        raise TableRefused("not-a-table")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # Cut in the middle of a letter.
        if error.end >= len(content) and error.reason == "unexpected end of data":
            raise TableRefused("cut", line=content.count(b"\n") + 1) from error
    return _strictly(content, max(_ENCODINGS, key=lambda one: _czech(content[:_SAMPLE], one)))


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableRefused("encoding") from error
    if "\0" in text:
        raise TableRefused("not-a-table")
    return text


def _czech(sample: bytes, encoding: str) -> float:
    """Say how much a sample looks like Czech in an encoding; the first of equals wins."""
    text = sample.decode(encoding, errors="replace")
    foreign = [sign for sign in text if ord(sign) > 127]
    return sum(1 if sign in _LETTERS else 0.2 if sign in _SIGNS else -1 for sign in foreign)


def _separator(text: str) -> tuple[str, str, int]:
    """Find the separator; gives the text without a first line that only names it, and how many lines that was."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest, 1
    # Published scores begin with a remark about themselves; a row of titles has as many cells as the rows below it.
    if first.startswith("#") and rest.strip():
        separator, below, skipped = _separator(rest)
        titles = below.partition("\n")[0]
        if _outside_quotes(first).count(separator) != _outside_quotes(titles).count(separator):
            return separator, below, skipped + 1
    lines = [line for line in text[:_SAMPLE].splitlines() if line.strip()][:20]
    return max(_SEPARATORS, key=lambda one: _evenly(lines, one)), text, 0


def _evenly(lines: Sequence[str], separator: str) -> tuple[int, int]:
    """Say in how many lines a separator is as often as in the first, and how often that is."""
    counts = [_outside_quotes(line).count(separator) for line in lines]
    first = counts[0] if counts else 0
    return (sum(1 for count in counts if count == first) if first else 0, first)


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])
