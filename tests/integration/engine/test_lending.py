"""The connection that commands on SQLite share: kept open between them, never in a transaction, closed at the end."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from sqlalchemy import Engine, QueuePool

from engine.store.lending import join, lent
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
        with lent(town, "town") as connection:
            drivers.append(driver_of(connection))
    assert len(set(map(id, drivers))) == 1
    assert not drivers[0].in_transaction


def test_commands_at_once_have_connections_of_their_own_and_one_is_kept(town: Engine) -> None:
    others: list[object] = []

    def wait_for_its_turn() -> None:
        with lent(town, "town") as other:
            others.append(driver_of(other))

    waiting = Thread(target=wait_for_its_turn)
    with lent(town, "town") as one:
        waiting.start()
        while taken_from_pool(town) < 2:
            sleep(0.01)
        mine = driver_of(one)
    waiting.join()
    assert others and others[0] is not mine
    assert taken_from_pool(town) == 1


def test_a_connection_is_not_kept_after_a_failure(town: Engine) -> None:
    with pytest.raises(ValueError, match="refused"), lent(town, "town"):
        raise ValueError("refused")
    assert taken_from_pool(town) == 0


def test_what_waits_is_closed_with_the_engine(town: Engine) -> None:
    with lent(town, "town") as connection:
        driver = driver_of(connection)
    town.dispose()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_what_the_driver_and_sqlalchemy_write_in_one_command_is_kept_or_undone_together(town: Engine) -> None:
    with lent(town, "town") as connection:
        driver_of(connection).execute("CREATE TABLE seen (who)")
    for who in ("jana", "petr"):
        with suppress(ValueError), lent(town, "town") as connection:
            driver_of(connection).execute("INSERT INTO seen VALUES (?)", (who,))
            join(connection)
            connection.exec_driver_sql("INSERT INTO seen VALUES (?)", (who,))
            driver_of(connection).execute("INSERT INTO seen VALUES (?)", (who,))
            if who == "petr":
                raise ValueError
    with lent(town, "town") as connection:
        assert connection.exec_driver_sql("SELECT who, count(*) FROM seen").all() == [("jana", 3)]


def test_a_command_that_went_no_further_than_the_driver_is_undone_by_an_error(town: Engine) -> None:
    with lent(town, "town") as connection:
        driver_of(connection).execute("CREATE TABLE seen (who)")
    with suppress(ValueError), lent(town, "town") as connection:
        driver_of(connection).execute("INSERT INTO seen VALUES ('jana')")
        raise ValueError
    with town.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM seen").scalar_one() == 0
