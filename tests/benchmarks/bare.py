"""The yardstick: a transaction that only writes the rows a completion writes, by the driver itself.

The rows are those of a real completion, read back from the tables; only their keys are fresh. As a real one does, each
completes the task that the last one of its case opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import Engine as Database

from engine.ids import new_id
from engine.store.base import table_of
from engine.store.cases import HistoryRow, HumanTaskRow, InstanceRow
from engine.store.prepared import insertion
from engine.store.wall import everybodys

_CASES, _TASKS, _HISTORY = table_of(InstanceRow), table_of(HumanTaskRow), table_of(HistoryRow)
Row = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """What one completion wrote."""

    state: str
    task: Row
    history: list[Row]


@dataclass
class OpenCase:
    """A case that the yardstick writes to."""

    id: str
    task_id: str


def read_back(connection: Connection, instance_id: str, after: int) -> Written:
    """Read what the last completion of a case wrote; `after` is the last row of history before it."""
    state = connection.execute(select(_CASES.c.state).where(_CASES.c.id == instance_id)).scalar_one()
    opened = select(_TASKS).where(_TASKS.c.instance_id == instance_id, _TASKS.c.state == "open")
    told = select(_HISTORY).where(_HISTORY.c.instance_id == instance_id, _HISTORY.c.id > after).order_by(_HISTORY.c.id)
    task = dict(connection.execute(opened).mappings().one())
    history = [{key: value for key, value in row.items() if key != "id"} for row in connection.execute(told).mappings()]
    return Written(state=state, task=task, history=history)


class Bare:
    """Writes what was written once more, as often as one likes, to one case after another."""

    def __init__(self, database: Database, written: Written, cases: Sequence[OpenCase], at_once: bool = False) -> None:
        self._connection = everybodys(database).connect()
        self._raw = self._connection.connection
        self._written = written
        self._cases = list(cases)
        #: Statements go to the server together, as far as the driver can.
        self._at_once = at_once and database.dialect.name == "postgresql"
        self._task = insertion(_TASKS, *written.task).compiled(database.dialect)
        self._history = insertion(_HISTORY, *written.history[0]).compiled(database.dialect)
        self._is_sqlite = database.dialect.name == "sqlite"
        mark = "?" if self._is_sqlite else "%s"
        self._move = f"UPDATE process_instance SET state = {mark}, revision = revision + 1 WHERE id = {mark}"
        self._close = (
            f"UPDATE human_task SET state = 'completed', completed_by = 'jana', completed_at = {mark} WHERE id = {mark}"
        )

    def close(self) -> None:
        self._connection.close()

    def write(self) -> float:
        """Write everything in one durable transaction; gives the seconds it took."""
        case = self._cases.pop(0)
        task = self._written.task | {"id": new_id(), "activity": new_id(), "instance_id": case.id}
        opening = self._task.parameters(task)
        telling = [self._history.parameters(row | {"instance_id": case.id}) for row in self._written.history]
        self._cases.append(OpenCase(case.id, task["id"]))
        cursor = self._raw.cursor()
        begun = perf_counter()
        if self._is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        with self._sending():
            cursor.execute(self._move, (self._written.state, case.id))
            cursor.execute(self._close, ("2026-03-02 08:00:00.000000", case.task_id))
            cursor.execute(self._task.text, opening)
            cursor.executemany(self._history.text, telling)
        self._raw.commit()
        return perf_counter() - begun

    def _sending(self) -> AbstractContextManager[Any]:
        driver: Any = self._raw.driver_connection
        return driver.pipeline() if self._at_once else nullcontext()
