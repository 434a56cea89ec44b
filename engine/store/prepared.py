"""Statements of the hot path: compiled once and handed to the driver, which costs a quarter of the usual way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Dialect, Insert, ScalarSelect, Select, Table, Update, insert
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.sql.expression import Delete
from sqlalchemy.types import TypeEngine

from engine.store.base import Moment, as_json

Row = Mapping[str, Any]
#: Makes the driver's value, or Python's of the driver's; None where both are the same. Never asked about NULL.
Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Compiled:
    """A statement as one driver takes it."""

    text: str
    binds: tuple[tuple[str, Convert], ...]
    #: Values that stand in the statement itself.
    fixed: dict[str, Any]
    positional: bool
    #: By column of a query's answer.
    results: tuple[Convert, ...]

    def parameters(self, row: Row) -> Any:
        """Give a row's values as the driver takes them."""
        row = {**self.fixed, **row} if self.fixed else row
        if self.positional:
            values = list(self._in_order(row))
            # None is NULL in every column of ours, JSON too.
            for place, to in self._converted:
                if values[place] is not None:
                    values[place] = to(values[place])
            return values
        return {name: to(row[name]) if to and row[name] is not None else row[name] for name, to in self.binds}

    def values(self, answer: Sequence[Any]) -> list[Any]:
        """Give the values of one row of the answer as Python knows them."""
        values = list(answer)
        for place, of in self._read:
            if values[place] is not None:
                values[place] = of(values[place])
        return values

    @cached_property
    def _in_order(self) -> Callable[[Row], Sequence[Any]]:
        names = [name for name, _ in self.binds]
        return itemgetter(*names) if len(names) > 1 else lambda row: [row[name] for name in names]

    @cached_property
    def _converted(self) -> list[tuple[int, Callable[[Any], Any]]]:
        return [(place, to) for place, (_, to) in enumerate(self.binds) if to]

    @cached_property
    def _read(self) -> list[tuple[int, Callable[[Any], Any]]]:
        return [(place, of) for place, of in enumerate(self.results) if of]


class Prepared:
    """A statement whose parameters have always the same names; an INSERT's are its columns."""

    def __init__(self, statement: Insert | Update | Delete | Select[Any], *names: str) -> None:
        self._statement = statement
        self._names = list(names) or None
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> Compiled:
        """Give the statement as this database takes it."""
        known = self._compiled.get(dialect.name)
        if known is None:
            known = self._compiled[dialect.name] = self._compile(dialect)
        return known

    def one(self, connection: Connection, row: Row) -> list[Any] | None:
        """Ask a query whose answer is one row or none."""
        compiled = self.compiled(connection.dialect)
        parameters = compiled.parameters(row)
        try:
            cursor = driver_of(connection).cursor()
            answer = cursor.execute(compiled.text, parameters).fetchone()
            cursor.close()
        except error_of(connection) as error:
            raise as_if_through_sqlalchemy(connection, compiled.text, error) from error
        return None if answer is None else compiled.values(answer)

    def _compile(self, dialect: Dialect) -> Compiled:
        made: Any = self._statement.compile(dialect=dialect, column_keys=self._names)
        types = {name: bind.type for bind, name in made.bind_names.items()}
        names = made.positiontup if made.positional else list(types)
        asked = self._statement.selected_columns if isinstance(self._statement, Select) else ()
        return Compiled(
            text=str(made),
            binds=tuple((name, _binding(types[name], dialect)) for name in names or ()),
            fixed={name: value for name, value in made.params.items() if value is not None},
            positional=made.positional,
            results=tuple(_reading(column.type, dialect) for column in asked),
        )


def _binding(of: TypeEngine[Any], dialect: Dialect) -> Convert:
    if dialect.name == "sqlite" and isinstance(of, JSON) and of.none_as_null:
        # Past SQLAlchemy's three calls.
        return as_json
    convert: Convert = of.dialect_impl(dialect).bind_processor(dialect)
    return _once_for_each_moment(convert) if convert and isinstance(of, Moment) else convert


def _reading(of: TypeEngine[Any], dialect: Dialect) -> Convert:
    if dialect.name == "sqlite" and isinstance(of, Moment):
        return _moment
    reading: Convert = of.dialect_impl(dialect).result_processor(dialect, None)
    return reading


def _moment(text: str) -> datetime:
    """Read a moment as SQLite keeps it, past SQLAlchemy's three calls."""
    return datetime.fromisoformat(f"{text}+00:00")


def _once_for_each_moment(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Convert a moment once however often it follows itself: all rows of a command carry the very same one."""
    last: tuple[datetime | None, Any] = (None, None)

    def converted(value: datetime) -> Any:
        nonlocal last
        known, given = last
        if known is not value:
            given = convert(value)
            last = (value, given)
        return given

    return converted


def insertion(table: Table, *names: str, **asked: ScalarSelect[Any]) -> Prepared:
    """An INSERT of these columns, and of those that are asked for as it is done; the database fills the others."""
    statement = insert(table).inline()
    return Prepared(statement.values(**asked) if asked else statement, *names)


def driver_of(connection: Connection) -> Any:
    """Give the driver's own connection; the transaction on it stays SQLAlchemy's to end."""
    # What `driver_connection` gives for drivers that don't await anything, in one step instead of four.
    return connection.connection.dbapi_connection


def as_if_through_sqlalchemy(connection: Connection, text: str | None, error: Any) -> StatementError:
    """Give the driver's error as it would look had its statement come through SQLAlchemy.

    `text` is None where it wasn't a statement: a commit.
    """
    dialect, raw = connection.dialect, connection.connection.dbapi_connection
    base = dialect.loaded_dbapi.Error
    gone = dialect.is_disconnect(error, raw, None)
    if gone:
        connection.invalidate(error)
    told: StatementError = DBAPIError.instance(
        text, None, error, base, hide_parameters=True, connection_invalidated=gone, dialect=dialect
    )
    return told


def error_of(connection: Connection) -> type[Exception]:
    """Give the class of all errors of the driver."""
    base: type[Exception] = connection.dialect.loaded_dbapi.Error
    return base
