"""The yardstick: a transaction that only writes the rows a completion writes, by the driver itself.

The rows are those of a real completion, taken as the driver got them; only their keys are fresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy import Engine as Database

from engine.store.base import new_id

_INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]*)\)")


@dataclass(frozen=True)
class Insert:
    """One statement as the driver got it."""

    text: str
    parameters: Any
    many: bool


@dataclass
class Written:
    """What one completion wrote: its inserts, and the two rows it changed."""

    instance_id: str
    task_id: str
    state: str = ""
    inserts: list[Insert] = field(default_factory=list)


@contextmanager
def watching(database: Database, written: Written) -> Iterator[None]:
    """Take note of all inserts."""

    def note(_c: Connection, _cursor: Any, text: str, parameters: Any, _context: Any, many: bool) -> None:
        if text.startswith("INSERT"):
            written.inserts.append(Insert(text, parameters, many))

    event.listen(database, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(database, "before_cursor_execute", note)


class Bare:
    """Writes what was written once more, as often as one likes."""

    def __init__(self, database: Database) -> None:
        self._raw = database.raw_connection()
        self._is_sqlite = database.dialect.name == "sqlite"
        mark = "?" if self._is_sqlite else "%s"
        self._case = f"UPDATE process_instance SET state = {mark}, revision = revision + 1 WHERE id = {mark}"
        self._task = (
            f"UPDATE human_task SET state = 'completed', completed_by = 'jana', completed_at = {mark} WHERE id = {mark}"
        )

    def close(self) -> None:
        self._raw.close()

    def write(self, written: Written) -> float:
        """Write everything in one durable transaction; gives the seconds it took."""
        inserts = [Insert(each.text, self._fresh(each), each.many) for each in written.inserts]
        cursor = self._raw.cursor()
        begun = perf_counter()
        if self._is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(self._case, (written.state, written.instance_id))
        cursor.execute(self._task, ("2026-03-02 08:00:00.000000", written.task_id))
        for each in inserts:
            (cursor.executemany if each.many else cursor.execute)(each.text, each.parameters)
        self._raw.commit()
        return perf_counter() - begun

    def _fresh(self, insert: Insert) -> Any:
        found = _INSERT.match(insert.text)
        assert found
        names = [name.strip() for name in found[2].split(",")]
        renewed = {"id", "activity"} if found[1] == "human_task" else set()
        if insert.many:
            return [_renew(row, names, renewed) for row in insert.parameters]
        return _renew(insert.parameters, names, renewed)


def _renew(row: Any, names: list[str], renewed: set[str]) -> Any:
    if isinstance(row, dict):
        return {name: new_id() if name in renewed else value for name, value in row.items()}
    return tuple(new_id() if name in renewed else value for name, value in zip(names, row, strict=True))
