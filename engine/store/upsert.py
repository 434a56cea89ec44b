"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Names = tuple[str, ...]


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any], keys: Names) -> bool:
    """Insert a row unless one with the same keys is there; tell whether it was inserted."""
    statement = _insert_new(connection.dialect.name, table, keys)
    return connection.execute(statement, row).scalar_one_or_none() is not None


def upsert(
    connection: Connection, table: Table, row: Mapping[str, Any], keys: Names, again: Names, still: Names = ()
) -> str | None:
    """Insert a row, or set its values of the columns `again` on the one with the same keys.

    With `still` only a row in one of these states is changed. Gives the row's id, None when nothing was written.
    """
    statement = _upsert(connection.dialect.name, table, keys, again, still)
    found: str | None = connection.execute(statement, row).scalar_one_or_none()
    return found


@cache
def _insert_new(dialect: str, table: Table, keys: Names) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=keys).returning(table.c.id)


@cache
def _upsert(dialect: str, table: Table, keys: Names, again: Names, still: Names) -> Any:
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: statement.excluded[name] for name in again},
        where=table.c.state.in_(still) if still else None,
    ).returning(table.c.id)


def _insert(dialect: str, table: Table) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
