"""Tables for table programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

#: What a table program would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Give a table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    # Table programs read Czech letters right only with the mark at the beginning.
    return "\ufeff" + out.getvalue()


def harmless(text: object) -> str:
    """A cell that no table program takes for a formula."""
    plain = "" if text is None else str(text)
    return f"'{plain}" if plain.startswith(FORMULA) and not plain.lstrip("+-").isdigit() else plain
