"""Many rows of a table at once, past the ORM and SQLAlchemy's own way, which cost more than the database itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import Dialect, String, bindparam, update
from sqlalchemy.orm import Session

from engine.store.base import Base, table_of
from engine.store.prepared import Convert, Prepared, as_if_through_sqlalchemy, driver_of, error_of, insertion

Row = Mapping[str, Any]
#: The parameter that says which row is changed.
_KEY = "changed_row"


def insert_all(session: Session, of: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns; those that they don't name get what the database gives them."""
    if not rows:
        return
    _at_once(session, _insertion(of, tuple(rows[0])), rows, partial(_listed, of))


def update_all(session: Session, of: type[Base], rows: Sequence[Row]) -> None:
    """Change rows known by their `id`; they all name the same columns. Objects of the session don't learn of it."""
    if not rows:
        return
    names = tuple(name for name in rows[0] if name != "id")
    _at_once(session, _change(of, names), [{**row, _KEY: row["id"]} for row in rows], partial(_changed, of))


def _at_once(
    session: Session, prepared: Prepared, rows: Sequence[Row], listed: Callable[[tuple[str, ...], Dialect], str]
) -> None:
    session.flush()
    connection = session.connection()
    statement = prepared.compiled(connection.dialect)
    cursor = driver_of(connection).cursor()
    text = statement.text
    try:
        if connection.dialect.name == "postgresql":
            # One list a column: a statement for each row would be planned and answered for each row.
            text = listed(tuple(name for name, _ in statement.binds), connection.dialect)
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
def _change(of: type[Base], names: tuple[str, ...]) -> Prepared:
    table = table_of(of)
    return Prepared(update(table).where(table.c.id == bindparam(_KEY)), *names)


@cache
def _listed(of: type[Base], names: tuple[str, ...], dialect: Dialect) -> str:
    """Write the INSERT that takes a list for each column."""
    table, quote = table_of(of), dialect.identifier_preparer.quote
    lists = ", ".join(_list(of, name, dialect) for name in names)
    columns = ", ".join(map(quote, names))
    return " ".join(["INSERT INTO", quote(table.name), "(", columns, ") SELECT * FROM unnest(", lists, ")"])


@cache
def _changed(of: type[Base], names: tuple[str, ...], dialect: Dialect) -> str:
    """Write the UPDATE that takes a list for each column and one of ids."""
    table, quote = table_of(of), dialect.identifier_preparer.quote
    lists = ", ".join(_list(of, "id" if name == _KEY else name, dialect) for name in names)
    columns = ", ".join(map(quote, names))
    to = ", ".join(f"{quote(name)} = told.{quote(name)}" for name in names if name != _KEY)
    known = f"{quote(table.name)}.id = told.{quote(_KEY)}"
    return f"UPDATE {quote(table.name)} SET {to} FROM unnest({lists}) AS told ({columns}) WHERE {known}"  # noqa: S608


def _list(of: type[Base], name: str, dialect: Dialect) -> str:
    kind = table_of(of).c[name].type.dialect_impl(dialect)
    # A cast to VARCHAR(n) would cut what is too long; so it is refused.
    return f"%s::{'text' if isinstance(kind, String) else kind.compile(dialect=dialect)}[]"
