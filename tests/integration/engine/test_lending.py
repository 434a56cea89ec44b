"""The connection that commands on SQLite share: kept open between them, never in a transaction, closed at the end."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, QueuePool

from engine.store.lending import lent
from engine.store.prepared import driver_of
from engine.store.session import make_engine


@pytest.fixture
def town(tmp_path: Path) -> Engine:
    return make_engine(f"sqlite:///{tmp_path / 'town.db'}")


def taken_from_pool(database: Engine) -> int:
    pool = database.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


def test_one_command_after_another_has_the_same_connection(town: Engine) -> None:
    drivers = []
    for _ in range(3):
        with lent(town) as connection, connection.begin():
            drivers.append(driver_of(connection))
    assert len(set(map(id, drivers))) == 1
    assert not drivers[0].in_transaction


def test_commands_at_once_have_connections_of_their_own_and_one_is_kept(town: Engine) -> None:
    with lent(town) as one, lent(town) as other:
        assert driver_of(one) is not driver_of(other)
    assert taken_from_pool(town) == 1


def test_a_connection_is_not_kept_after_a_failure(town: Engine) -> None:
    with pytest.raises(ValueError, match="refused"), lent(town) as connection, connection.begin():
        raise ValueError("refused")
    assert taken_from_pool(town) == 0


def test_what_waits_is_closed_with_the_engine(town: Engine) -> None:
    with lent(town) as connection:
        driver = driver_of(connection)
    town.dispose()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")
