"""Tables for table programs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

#: What a table program would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


#: Table programs read Czech letters right only with this mark at the beginning.
MARK = "\ufeff"
_NUMBER = re.compile(r"[+-]?[0-9]+|-[0-9][0-9 \u00a0]*([.,][0-9]+)?")


def spreadsheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a table as CSV."""
    return MARK + "".join(lines(header, rows))


def lines(header: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ",") -> Iterator[str]:
    """Give a table as CSV line by line, without the mark. Czech table programs part cells by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    for row in chain([header], rows):
        writer.writerow([harmless(cell) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def harmless(text: object) -> str:
    """A cell that no table program takes for a formula."""
    plain = "" if text is None else str(text)
    return f"'{plain}" if plain.startswith(FORMULA) and not _NUMBER.fullmatch(plain) else plain
