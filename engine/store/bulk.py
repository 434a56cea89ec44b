"""Many rows of a table at once, past the ORM and SQLAlchemy's own way, which cost more than the database itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, String
from sqlalchemy.orm import Session

from engine.store.base import Base, table_of
from engine.store.prepared import Convert, Prepared, as_if_through_sqlalchemy, driver_of, error_of, insertion

Row = Mapping[str, Any]


def insert_all(session: Session, of: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns; those that they don't name get what the database gives them."""
    if not rows:
        return
    session.flush()
    connection = session.connection()
    statement = _insertion(of, tuple(rows[0])).compiled(connection.dialect)
    cursor = driver_of(connection).cursor()
    text = statement.text
    try:
        if connection.dialect.name == "postgresql":
            # One list a column: a statement for each row would be planned and answered for each row.
            text = _listed(of, tuple(name for name, _ in statement.binds), connection.dialect)
            cursor.execute(text, [_column(rows, name, to) for name, to in statement.binds])
        else:
            cursor.executemany(text, [statement.parameters(row) for row in rows])
    except error_of(connection) as error:
        raise as_if_through_sqlalchemy(connection, text, error) from error
    cursor.close()


def _column(rows: Sequence[Row], name: str, to: Convert) -> list[Any]:
    values = [row[name] for row in rows]
    return [None if value is None else to(value) for value in values] if to else values


@cache
def _insertion(of: type[Base], names: tuple[str, ...]) -> Prepared:
    return insertion(table_of(of), *names)


@cache
def _listed(of: type[Base], names: tuple[str, ...], dialect: Dialect) -> str:
    """Write the statement that takes a list for each column."""
    table, quote = table_of(of), dialect.identifier_preparer.quote
    kinds = [table.c[name].type.dialect_impl(dialect) for name in names]
    # A cast to VARCHAR(n) would cut what is too long; so it is refused.
    types = ["text" if isinstance(kind, String) else kind.compile(dialect=dialect) for kind in kinds]
    columns, lists = ", ".join(map(quote, names)), ", ".join(f"%s::{kind}[]" for kind in types)
    return " ".join(["INSERT INTO", quote(table.name), "(", columns, ") SELECT * FROM unnest(", lists, ")"])
