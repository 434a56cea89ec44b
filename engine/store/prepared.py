"""Statements of the hot path: compiled once and handed to the driver, which costs a quarter of the usual way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Insert, Table, Update, insert

Row = Mapping[str, Any]
#: Makes the driver's value; None where it takes Python's own.
Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Compiled:
    """A statement as one driver takes it."""

    text: str
    binds: tuple[tuple[str, Convert], ...]
    #: Values that stand in the statement itself.
    fixed: dict[str, Any]
    positional: bool

    def parameters(self, row: Row) -> Any:
        """Give a row's values as the driver takes them."""
        row = {**self.fixed, **row}
        if self.positional:
            return tuple([to(row[name]) if to else row[name] for name, to in self.binds])
        return {name: to(row[name]) if to else row[name] for name, to in self.binds}


class Prepared:
    """An INSERT or UPDATE whose parameters have always the same names; an INSERT's are its columns."""

    def __init__(self, statement: Insert | Update, *names: str) -> None:
        self._statement = statement
        self._names = list(names) or None
        self._compiled: dict[str, Compiled] = {}

    def run(self, connection: Connection, *rows: Row) -> CursorResult[Any]:
        """Execute it with the parameters of one row or of many."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = self._compile(dialect)
        parameters = [compiled.parameters(row) for row in rows]
        return connection.exec_driver_sql(compiled.text, parameters[0] if len(rows) == 1 else parameters)

    def _compile(self, dialect: Dialect) -> Compiled:
        made = self._statement.compile(dialect=dialect, column_keys=self._names)
        types = {name: bind.type for bind, name in made.bind_names.items()}
        names = made.positiontup if made.positional else list(types)
        return Compiled(
            text=str(made),
            binds=tuple((name, _converter(types[name], dialect)) for name in names or ()),
            fixed={name: value for name, value in made.params.items() if value is not None},
            positional=made.positional,
        )


def insertion(table: Table, *names: str) -> Prepared:
    """An INSERT of these columns; the database fills the others."""
    return Prepared(insert(table).inline(), *names)


def _converter(kind: Any, dialect: Dialect) -> Convert:
    found: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return found
