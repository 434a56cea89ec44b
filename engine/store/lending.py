"""Connections for commands. On SQLite the last one stays open: taking it from the pool costs more than a write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, event

#: Execution option of an engine: where the connection waits that the next command will use.
_IDLE = "radnice_idle"


class _Idle(list[Connection]):
    """At most one connection: SQLite lets one write at a time, and the pool keeps the rest for those who read."""

    def let_go(self, *_engine: Engine) -> None:
        """Close what waits."""
        with suppress(IndexError):
            connection = self.pop()
            connection.detach()
            connection.close()


def keep_one_open(engine: Engine) -> Engine:
    """Let commands on this engine share a connection; it is closed when the engine is disposed of."""
    idle = _Idle()
    event.listen(engine, "engine_disposed", idle.let_go)
    engine.update_execution_options(**{_IDLE: idle})
    return engine


@contextmanager
def lent(engine: Engine) -> Iterator[Connection]:
    """Give a connection for one command, whose transaction is over when it comes back."""
    idle: _Idle | None = engine.get_execution_options().get(_IDLE)
    if idle is None:
        with engine.connect() as connection:
            yield connection
        return
    connection = _taken(idle) or engine.connect()
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
    if idle:
        connection.close()
    else:
        idle.append(connection)


def _taken(idle: _Idle) -> Connection | None:
    try:
        return idle.pop()
    except IndexError:
        return None
