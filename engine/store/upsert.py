"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_new(session: Session, table: Table, row: Mapping[str, Any], keys: Sequence[str]) -> bool:
    """Insert a row unless one with the same keys is there; tell whether it was inserted."""
    statement = _insert(session, table).values(row).on_conflict_do_nothing(index_elements=list(keys))
    return session.execute(statement.returning(table.c.id)).scalar_one_or_none() is not None


def upsert(
    session: Session,
    table: Table,
    row: Mapping[str, Any],
    keys: Sequence[str],
    again: Mapping[str, Any],
    *still: ColumnElement[bool],
) -> str | None:
    """Insert a row, or set `again` on the one that is there while `still` holds for it.

    Gives the row's id; None when a row was there and `still` didn't hold.
    """
    statement = _insert(session, table).values(row)
    where = still[0] if still else None
    changed = statement.on_conflict_do_update(index_elements=list(keys), set_=dict(again), where=where)
    found: str | None = session.execute(changed.returning(table.c.id)).scalar_one_or_none()
    return found


def _insert(session: Session, table: Table) -> Any:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
