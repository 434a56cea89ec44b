"""What a command is about to write, gathered and sent together: one way to the server instead of one a statement."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm.exc import StaleDataError

from engine.store.prepared import Compiled, Prepared, Row, as_if_through_sqlalchemy, driver_of, error_of


class Write(NamedTuple):
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
        try:
            self._execute(driver_of(self._connection), waiting)
        except error_of(self._connection) as error:
            raise as_if_through_sqlalchemy(self._connection, waiting[0].compiled.text, error) from error

    def drop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _execute(self, driver: Any, waiting: list[Write]) -> None:
        found = _together if self._connection.dialect.name == "postgresql" else _one_by_one
        if not found(driver, waiting):
            raise StaleDataError


def _together(driver: Any, waiting: list[Write]) -> bool:
    """Send statements at once; tell whether each certain one has found its row."""
    cursors = [driver.cursor() for _ in waiting]
    with driver.pipeline():
        for write, cursor in zip(waiting, cursors, strict=True):
            _put(cursor, write)
    found = all(cursor.rowcount == 1 for write, cursor in zip(waiting, cursors, strict=True) if write.certain)
    for cursor in cursors:
        cursor.close()
    return found


def _one_by_one(driver: Any, waiting: list[Write]) -> bool:
    """Send statements by one cursor, which is dear; tell whether each certain one has found its row."""
    cursor, found = driver.cursor(), True
    for write in waiting:
        _put(cursor, write)
        if write.certain and cursor.rowcount != 1:
            found = False
    cursor.close()
    return found


def _put(cursor: Any, write: Write) -> None:
    if len(write.parameters) == 1:
        cursor.execute(write.compiled.text, write.parameters[0])
    else:
        cursor.executemany(write.compiled.text, write.parameters)
