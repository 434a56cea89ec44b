"""The same tests on SQLite and on PostgreSQL, each on a database of its own made by the migrations."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from engine.ids import new_id
from engine.store import Base
from engine.store.session import TENANT, make_engine
from engine.store.wall import EVERY, everybodys
from tests.integration.office import Office
from web.migrations import upgrade

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
#: Whom the wall between tenants binds: an administrator would pass through it.
ROLE = "radnice_test"
#: `info` of a session that looks at all tenants.
ALL = {TENANT: EVERY}


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with all tables and no rows."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'radnice.db')}"
    else:
        url = request.getfixturevalue("postgres_database")
        yield url
        empty(url)


@pytest.fixture
def engine_on(database_url: str) -> Iterator[Office]:
    """An engine with one organisation, on either database; whatever was done, cases must be where the history says."""
    office = Office(make_engine(database_url))
    yield office
    findings = office.findings()
    office.close()
    assert findings == []


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "radnice.db"
    make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """A database of this test run on the server."""
    with scratch_database() as url:
        make_tables(url)
        yield url


@contextmanager
def scratch_database() -> Iterator[str]:
    name = f"radnice_test_{new_id()}"
    try:
        url = create_database(name)
    except OperationalError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL is not reachable (RADNICE_TEST_POSTGRES_URL): {str(error.orig).splitlines()[0]}")
    try:
        yield url
    finally:
        run_on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def create_database(name: str) -> str:
    """Make a database that belongs to an ordinary role; gives its address."""
    run_on_server(
        f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}';"
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    run_on_server(f"CREATE DATABASE {name} OWNER {ROLE}")
    address = server().set(database=name, username=ROLE, password=ROLE)
    return address.render_as_string(hide_password=False)


def empty(url: str) -> None:
    """Delete all rows: quicker than a new database for each test."""
    database = make_engine(url)
    with everybodys(database).begin() as connection:
        forget(connection)
    database.dispose()


def forget(connection: Connection) -> None:
    """Delete all rows, also those that may not be deleted."""
    tables = Base.metadata.sorted_tables
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"TRUNCATE {', '.join(table.name for table in tables)}")
        return
    guards = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep_%'")
    for name in connection.execute(guards).scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for table in reversed(tables):
        connection.execute(table.delete())


def make_tables(url: str) -> None:
    database = make_engine(url)
    upgrade(database)
    database.dispose()


def server() -> URL:
    return make_url(os.environ.get("RADNICE_TEST_POSTGRES_URL", SERVER)).set(drivername="postgresql+psycopg")


def run_on_server(statement: str) -> None:
    engine = create_engine(server(), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
