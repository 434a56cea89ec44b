"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Row, Table, literal_column, or_
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.prepared import Compiled, Prepared

Names = tuple[str, ...]
Values = Mapping[str, Any]


class Upsert(Prepared):
    """A statement of the hot path that inserts a row, or sets the columns `again` on the one with the same keys."""

    def __init__(self, table: Table, names: Names, keys: Names, again: Names) -> None:
        self._of = (table, keys, again)
        super().__init__(table.insert(), *names)

    def _compile(self, dialect: Dialect) -> Compiled:
        table, keys, again = self._of
        insert = _insert(dialect.name, table).inline()
        if again:
            values = {name: insert.excluded[name] for name in again}
            self._statement = insert.on_conflict_do_update(index_elements=keys, set_=values)
        else:
            self._statement = insert.on_conflict_do_nothing(index_elements=keys)
        return super()._compile(dialect)


def insert_new(connection: Connection, table: Table, row: Values, keys: Names) -> bool:
    """Insert a row unless one with the same keys is there; tell whether it was inserted."""
    statement = _insert_new(connection.dialect.name, table, keys)
    return connection.execute(statement, row).scalar_one_or_none() is not None


def upsert(
    connection: Connection, table: Table, rows: Collection[Values], keys: Names, again: Names, still: Names = ()
) -> Sequence[Row[Any]]:
    """Insert rows, or set their values of the columns `again` on those with the same keys, in one statement.

    With `still` only rows in one of these states are changed. Gives id and first of `again` of what was written.
    """
    if not rows:
        return ()
    statement = _upsert(connection.dialect.name, table, keys, again, still)
    return connection.execute(statement, list(rows)).all()


@cache
def _insert_new(dialect: str, table: Table, keys: Names) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=keys).returning(table.c.id)


@cache
def _upsert(dialect: str, table: Table, keys: Names, again: Names, still: Names) -> Any:
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: statement.excluded[name] for name in again},
        where=or_(*(table.c.state == _literal(state) for state in still)) if still else None,
    ).returning(table.c.id, table.c[again[0]])


def _literal(word: str) -> ColumnElement[str]:
    """A word of ours in the statement itself: of many rows sent at once SQLAlchemy takes parameters in VALUES only."""
    assert word.isidentifier()
    return literal_column(f"'{word}'")


def _insert(dialect: str, table: Table) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
