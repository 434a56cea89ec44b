"""The second wall: PostgreSQL keeps tenants apart even where a query forgets to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import sessionmaker

from engine.commands import AddPerson
from engine.model import SYSTEM
from engine.store.base import Base, table_of
from engine.store.people import PersonRow, TenantRow
from engine.store.session import TENANT, make_engine, read_sessions, see_as
from engine.store.wall import BY_SESSION, EVERY, STANDS_FOR, everybodys, is_open, stand_for
from engine.store.wording import CaseWordsRow
from tests.integration.conftest import server
from tests.integration.diagrams import catch, chain, diagram, end, start, timer, user
from tests.integration.office import Office

PEOPLE = table_of(PersonRow)
WORDS = table_of(CaseWordsRow)
#: Tables whose rows may be read past the wall, each with the reason written at it.
READ_BY_ALL = {"case_words", "agenda_offer", "agenda_offer_file"}


def tables_of_tenants() -> set[str]:
    """Every table that names a tenant, by whatever column."""
    named = {
        table.name
        for table in Base.metadata.sorted_tables
        if "tenant" in table.c or any(key.column.table.name == "tenant" for key in table.foreign_keys)
    }
    return named | {"tenant"}


@pytest.fixture
def two_towns(engine_on: Office) -> Office:
    if engine_on.database.dialect.name != "postgresql":
        pytest.skip("SQLite has no row-level security")
    engine_on.add_tenant("village")
    for tenant, username in (("town", "jana"), ("village", "petr")):
        engine_on.engine.execute(AddPerson(tenant=tenant, actor=SYSTEM, username=username, name=username))
    return engine_on


def test_every_table_with_a_tenant_is_behind_it(two_towns: Office) -> None:
    with two_towns.everything.connect() as connection:
        assert is_open(connection) == []
        policies = set(connection.scalars(text("SELECT tablename FROM pg_policies WHERE policyname = 'own_tenant'")))
    assert policies == tables_of_tenants()


def test_only_words_of_cases_and_offers_are_read_past_it(two_towns: Office) -> None:
    with two_towns.everything.connect() as connection:
        others = text("SELECT tablename, cmd FROM pg_policies WHERE policyname <> 'own_tenant'")
        assert {tuple(row) for row in connection.execute(others)} == {(name, "SELECT") for name in READ_BY_ALL}


def test_words_can_be_neither_written_nor_deleted_for_others(two_towns: Office) -> None:
    two_towns.deploy(diagram(start(), user("a"), end(), chain("s", "a", "e")))
    case = two_towns.start()
    words = {"instance_id": case.instance_id, "words": "ricany", "upto": 1}
    with two_towns.everything.connect() as connection:
        stand_for(connection, "village")
        with pytest.raises(ProgrammingError, match="row-level security"), connection.begin():
            connection.execute(insert(WORDS).values(owner="town", **words))
        stand_for(connection, "town")
        with connection.begin():
            connection.execute(insert(WORDS).values(owner="town", **words))
        stand_for(connection, "village")
        with connection.begin():
            assert connection.execute(update(WORDS).values(words="x")).rowcount == 0
            assert connection.execute(delete(WORDS)).rowcount == 0


def test_a_query_without_any_filter_gives_nothing_of_others(two_towns: Office) -> None:
    """The application's own filter is taken away: plain sessions that only say for whom they read."""
    unfiltered = sessionmaker(two_towns.database.execution_options(**{STANDS_FOR: BY_SESSION}))
    for tenant, seen in (("town", ["jana"]), ("village", ["petr"]), ("elsewhere", []), (EVERY, ["jana", "petr"])):
        with unfiltered() as session:
            stand_for(session.connection(), tenant)
            assert sorted(session.scalars(select(PersonRow.username))) == seen
            assert len(session.scalars(select(TenantRow)).all()) == len(seen)


def test_a_connection_that_says_nothing_sees_nothing(two_towns: Office) -> None:
    database = two_towns.database.execution_options(**{STANDS_FOR: ""})
    with database.connect() as connection:
        for name in tables_of_tenants() - READ_BY_ALL:
            assert connection.execute(select(Base.metadata.tables[name])).all() == []


def test_nothing_can_be_written_for_others(two_towns: Office) -> None:
    with two_towns.everything.connect() as connection:
        stand_for(connection, "town")
        with connection.begin():
            moved = connection.execute(update(PEOPLE).where(PEOPLE.c.username == "petr").values(name="Mallory"))
            assert moved.rowcount == 0
        row = {"id": "x", "username": "x", "name": "x", "email": "", "active": True}
        with pytest.raises(ProgrammingError, match="row-level security"), connection.begin():
            connection.execute(insert(PEOPLE).values(tenant="village", created_at=two_towns.clock.now(), **row))


def test_a_connection_that_comes_back_stands_for_whoever_takes_it_next(two_towns: Office) -> None:
    """One connection serves both towns in turn, reading and commanding, also after a failure."""
    address = two_towns.database.url
    database = make_engine(address.render_as_string(hide_password=False))
    sessions = read_sessions(database)
    for _ in range(2):
        for tenant, username in (("town", "jana"), ("village", "petr")):
            with sessions(info={TENANT: tenant}) as session:
                assert session.scalars(select(PersonRow.username)).all() == [username]
            with pytest.raises(DBAPIError), everybodys(database).begin() as connection:
                connection.exec_driver_sql("SELECT 1 / 0")
    with sessions() as session:
        assert session.scalars(select(PersonRow.username)).all() == []
        see_as(session, "town")
        assert session.scalars(select(PersonRow.username)).all() == ["jana"]
    assert database.pool.checkedout() == 0  # type: ignore[attr-defined]
    database.dispose()


def test_workers_find_the_work_of_all(two_towns: Office) -> None:
    waits = diagram(start(), catch("t", timer("P1D")), user("a"), end(), chain("s", "t", "a", "e"))
    for two_towns.tenant in ("town", "village"):
        two_towns.deploy(waits)
        two_towns.start()
    two_towns.pass_time(timedelta(days=1))
    due = two_towns.engine.due().timer_ids
    assert len(due) == 2
    assert all(two_towns.engine.fire(timer_id) for timer_id in due)


def test_an_administrators_role_is_told_of(two_towns: Office) -> None:
    database = create_engine(server().set(database=two_towns.database.url.database))
    with database.connect() as connection:
        assert is_open(connection) == ["role"]
    database.dispose()
