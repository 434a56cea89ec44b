"""How to reach the database: engines for SQLite and PostgreSQL, sessions for reading and for commands."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, StaticPool, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria

from engine.calendar import PRAGUE, Clock, SystemClock, day_in_prague
from engine.store import searching
from engine.store.base import Owned, as_json
from engine.store.lending import BEGUN, keep_one_open
from engine.store.prepared import as_if_through_sqlalchemy, driver_of, error_of
from engine.store.wall import BY_SESSION, EVERY, NOBODY, STANDS_FOR, stand_for, told_by_option

__all__ = [
    "by_index",
    "command_sessions",
    "for_reading",
    "make_engine",
    "read_sessions",
    "reading",
    "reading_one_moment",
    "searching",
    "see_as",
    "today_of",
]

#: How long SQLite waits for another writer.
BUSY_MS = 15_000
#: A connection used so lately is alive, unless the server has said something since: it only does to take leave.
FRESH_SECONDS = 1.0
#: A connection with this execution option takes the write lock at once.
_WRITES = "radnice_writes"
_NAMED = "radnice_names_tenant"
#: Execution options of a statement that names the tenant itself, so that it needn't be rewritten each time.
NAMES_TENANT = {_NAMED: True}
#: Key of `Session.info`: only rows of this tenant are seen; of all with EVERY, and of nobody without it.
TENANT = "tenant"
#: Key of `Session.info`: the installation's clock, by which what is public for a time is so; else the machine's.
CLOCK = "clock"


def make_engine(url: str) -> Engine:
    """Connect to `sqlite:///…` or `postgresql://…` (psycopg 3)."""
    address = _with_driver(make_url(url))
    if address.get_backend_name() != "sqlite":
        # Compiling a question takes PostgreSQL longer than any of ours takes to answer.
        engine = create_engine(
            address, json_serializer=as_json, pool_size=10, max_overflow=20, connect_args={"options": "-c jit=off"}
        )
        event.listen(engine, "checkin", _remember_use)
        event.listen(engine, "checkout", partial(_ask_if_idle, engine.dialect))
        event.listen(engine, "engine_connect", told_by_option)
        return engine
    in_memory = address.database in (None, "", ":memory:")
    engine = create_engine(address, json_serializer=as_json, **({"poolclass": StaticPool} if in_memory else {}))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine if in_memory else keep_one_open(engine)


def command_sessions(engine: Engine) -> sessionmaker[Session]:
    """Give sessions for commands: SQLite takes its write lock when the transaction begins."""
    return _sessions(engine.execution_options(**{_WRITES: True}))


def read_sessions(engine: Engine, tenant: str | None = None, clock: Clock | None = None) -> sessionmaker[Session]:
    """Give sessions for reading; each says for whom, by `info` or `see_as`, where they don't all read for `tenant`."""
    sessions = _sessions(reading(engine))
    known = {TENANT: tenant, CLOCK: clock}
    sessions.configure(info={name: value for name, value in known.items() if value is not None})
    return sessions


def reading(engine: Engine) -> Engine:
    """Give the same connections for reading only."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_WRITES: False})
    # A transaction that only reads ends in a rollback, and on a rollback psycopg forgets every statement that it has
    # prepared on the connection, those of the commands too. Nothing is lost: READ COMMITTED never was one snapshot.
    return engine.execution_options(isolation_level="AUTOCOMMIT", **{STANDS_FOR: BY_SESSION})


def for_reading(commands: sessionmaker[Session]) -> sessionmaker[Session]:
    """Give sessions on the same database that take no write lock: a look must not wait for those who write."""
    database: Engine = commands.kw["bind"]
    return read_sessions(database)


@contextmanager
def reading_one_moment(sessions: sessionmaker[Session], tenant: str) -> Iterator[Session]:
    """Give a session that sees the database as it is now, whatever is written meanwhile."""
    database: Engine = sessions.kw["bind"]
    with _sessions(database)(info={TENANT: tenant}) as session:
        if database.dialect.name != "sqlite":
            # Told to the connection: an engine that only reads has its own level, which would hold.
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        # The moment is that of the first look, in both databases.
        session.execute(text("SELECT 1 FROM tenant LIMIT 1"))
        yield session


@contextmanager
def by_index(sessions: sessionmaker[Session], tenant: str) -> Iterator[Session]:
    """Give a session for queries that need few rows of many, also where PostgreSQL believes that any row will do.

    "Is there one like this?" it may answer by reading a whole table again and again, because it hopes to meet one soon.
    """
    database: Engine = sessions.kw["bind"]
    with _sessions(database.execution_options(**{_WRITES: False}))(info={TENANT: tenant}) as session:
        if database.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        yield session


def today_of(session: Session) -> date:
    """Give this day in Prague as the session's installation has it."""
    clock: Clock = session.info.get(CLOCK) or SystemClock()
    return day_in_prague(clock.now())


def see_as(session: Session, tenant: str) -> None:
    """Let a session for reading see one tenant from now on."""
    if session.info.get(TENANT) == tenant:
        return
    session.info[TENANT] = tenant
    if session.in_transaction():
        stand_for(session.connection(), tenant)


def keep_apart(sessions: Any) -> None:
    """Let sessions add their tenant to every query, and say it to the database."""
    event.listen(sessions, "do_orm_execute", only_own_tenant)
    event.listen(sessions, "after_begin", _stand)


def _sessions(engine: Engine) -> sessionmaker[Session]:
    sessions = sessionmaker(engine.execution_options(**{STANDS_FOR: BY_SESSION}), expire_on_commit=False)
    keep_apart(sessions)
    return sessions


def _stand(session: Session, _transaction: Any, connection: Connection) -> None:
    # A session on a command's own connection finds it told.
    if not isinstance(session.bind, Connection):
        stand_for(connection, session.info.get(TENANT, NOBODY))


def only_own_tenant(statement: ORMExecuteState) -> None:
    tenant = statement.session.info.get(TENANT)
    if tenant in (None, EVERY) or not statement.is_orm_statement:
        return
    if statement.is_column_load or statement.is_relationship_load:
        return
    if not statement.execution_options.get(_NAMED):
        own = with_loader_criteria(Owned, lambda row: row.tenant == tenant, include_aliases=True)
        statement.statement = statement.statement.options(own)


def _with_driver(address: URL) -> URL:
    return address.set(drivername="postgresql+psycopg") if address.get_backend_name() == "postgresql" else address


def _remember_use(_connection: DBAPIConnection | None, record: Any) -> None:
    record.info["used"] = monotonic()


def _ask_if_idle(dialect: Dialect, connection: DBAPIConnection, record: Any, _proxy: Any) -> None:
    """Don't hand out a connection that died while nobody used it: the server was started anew, a firewall forgot it."""
    if monotonic() - record.info.get("used", -inf) < FRESH_SECONDS and not _has_news(connection):
        return
    try:
        alive = dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        alive = False
    if not alive:
        raise DisconnectionError


def _has_news(connection: Any) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _prepare_sqlite(connection: DBAPIConnection, _record: Any) -> None:
    # The driver's own way to begin a transaction comes too late for reads and too early for savepoints.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Patience first: also the pragmas after it wait for others.
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    driver: Any = connection
    driver.create_function("in_prague", 2, _in_prague, deterministic=True)


def _in_prague(moment: str | None, pattern: str) -> str | None:
    """Let SQLite, which knows no zones, write a moment that it keeps in UTC by the clocks of Prague."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(PRAGUE).strftime(pattern)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later could find that somebody wrote in between, and would fail.
    options = connection.get_execution_options()
    if options.get(BEGUN):
        return
    writes = options.get(_WRITES, False)
    statement = "BEGIN IMMEDIATE" if writes else "BEGIN"
    try:
        driver_of(connection).execute(statement)
    except error_of(connection) as error:
        raise as_if_through_sqlalchemy(connection, statement, error) from error
