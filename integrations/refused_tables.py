"""Why a table can't be read, and how much of one is read."""

from __future__ import annotations

MOST_BYTES = 40 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200_000, 300, 32_767


class TableRefused(Exception):
    """The file can't be read as a table; `code` says why, `facts` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
