"""What a command is about to write, gathered and sent together: one way to the server instead of one a statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm.exc import StaleDataError

from engine.store.prepared import Compiled, Prepared, Row, driver_errors, driver_of


@dataclass(frozen=True, slots=True)
class Write:
    """One statement with the values of its rows."""

    compiled: Compiled
    parameters: list[Any]
    #: It must find its row as it was read.
    certain: bool


class Writes:
    """The statements that wait to be sent, in order. Whoever reads from the database sends them first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[Write] = []

    def put(self, statement: Prepared, *rows: Row, certain: bool = False) -> None:
        """Add a statement for one row or many; a `certain` one that changes nothing fails the whole command."""
        compiled = statement.compiled(self._connection.dialect)
        self._waiting.append(Write(compiled, [compiled.parameters(row) for row in rows], certain))

    def send(self) -> None:
        """Send what waits. Raises StaleDataError where a row isn't as it was read."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        with driver_errors(self._connection, waiting[0].compiled.text):
            self._execute(driver_of(self._connection), waiting)

    def drop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _execute(self, driver: Any, waiting: list[Write]) -> None:
        with self._at_once(driver):
            cursors = list(_executed(driver, waiting))
        stale = any(write.certain and cursor.rowcount != 1 for write, cursor in zip(waiting, cursors, strict=True))
        for cursor in cursors:
            cursor.close()
        if stale:
            raise StaleDataError

    def _at_once(self, driver: Any) -> AbstractContextManager[Any]:
        pipelined = self._connection.dialect.name == "postgresql"
        return driver.pipeline() if pipelined else nullcontext()


def _executed(driver: Any, waiting: list[Write]) -> Iterator[Any]:
    for write in waiting:
        cursor = driver.cursor()
        if len(write.parameters) == 1:
            cursor.execute(write.compiled.text, write.parameters[0])
        else:
            cursor.executemany(write.compiled.text, write.parameters)
        yield cursor
