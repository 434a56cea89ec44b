"""Connections for commands, each in a transaction that the driver begins and ends: SQLAlchemy's way costs as a write.

On SQLite the last one stays open: taking it from the pool costs more than a write.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, event

from engine.store.prepared import as_if_through_sqlalchemy, driver_of, error_of
from engine.store.wall import stand_for

#: Execution option of an engine: where the connection waits that the next command will use.
_IDLE = "radnice_idle"
#: Execution option of a connection on SQLite: whoever lends it has begun its transaction.
BEGUN = "radnice_begun"
_BEGIN = "BEGIN IMMEDIATE"


class _Idle(list[Connection]):
    """At most one connection: SQLite lets one write at a time, and the pool keeps the rest for those who read."""

    def taken(self) -> Connection | None:
        """Take what waits; None where nothing does."""
        try:
            return self.pop()
        except IndexError:
            return None

    def let_go(self, *_engine: Engine) -> None:
        """Close what waits."""
        connection = self.taken()
        if connection is not None:
            connection.detach()
            connection.close()


def keep_one_open(engine: Engine) -> Engine:
    """Let commands on this engine share a connection; it is closed when the engine is disposed of."""
    idle = _Idle()
    event.listen(engine, "engine_disposed", idle.let_go)
    engine.update_execution_options(**{_IDLE: idle})
    return engine


class lent:
    """A connection for one command that sees one tenant, in a transaction: kept at the end, undone by an error.

    Statements go to the driver, or through SQLAlchemy, which then takes the open transaction for its own.
    """

    __slots__ = ("_connection", "_idle", "_tenant")

    def __init__(self, engine: Engine, tenant: str) -> None:
        self._idle: _Idle | None = engine.get_execution_options().get(_IDLE)
        self._connection = (self._idle.taken() if self._idle is not None else None) or _opened(engine)
        self._tenant = tenant

    def __enter__(self) -> Connection:
        connection = self._connection
        try:
            stand_for(connection, self._tenant)
            _begin(connection)
        except BaseException:
            _undo(connection)
            raise
        return connection

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        connection, idle = self._connection, self._idle
        if kind is not None:
            _undo(connection)
            return
        try:
            _commit(connection)
        except BaseException:
            _undo(connection)
            raise
        if idle is None or idle:
            connection.close()
        else:
            idle.append(connection)


def join(connection: Connection) -> None:
    """Let SQLAlchemy take the open transaction for its own, before something else of it would and end it too early."""
    if not connection.in_transaction():
        connection.begin()


def _opened(engine: Engine) -> Connection:
    connection = engine.connect()
    # psycopg begins with the first statement by itself.
    return connection.execution_options(**{BEGUN: True}) if engine.dialect.name == "sqlite" else connection


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        try:
            driver_of(connection).execute(_BEGIN)
        except error_of(connection) as error:
            raise as_if_through_sqlalchemy(connection, _BEGIN, error) from error


def _undo(connection: Connection) -> None:
    joined = connection.get_transaction()
    if joined is not None:
        # One whose commit has failed would keep the pool from undoing it.
        joined.rollback()
    connection.close()


def _commit(connection: Connection) -> None:
    joined = connection.get_transaction()
    if joined is not None:
        # One that has failed already only ends.
        (joined.commit if joined.is_active else joined.rollback)()
        return
    try:
        driver_of(connection).commit()
    except error_of(connection) as error:
        raise as_if_through_sqlalchemy(connection, None, error) from error
