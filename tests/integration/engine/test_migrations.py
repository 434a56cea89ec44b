"""The steps of the schema make what the tables say, on either database, and can be taken back."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from engine.store import Base
from engine.store.people import TenantRow
from tests.integration.office import Office
from web.migrations import downgrade, upgrade


def is_of_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Indexes of words are each database's own: FTS5's tables, and PostgreSQL's indexes over an expression."""
    return not (name or "").startswith(("case_words_fts", "case_words_vector", "case_words_going_on"))


def test_the_steps_make_exactly_the_tables_of_the_models(engine_on: Office) -> None:
    with engine_on.everything.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_of_models})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_again_changes_nothing(engine_on: Office) -> None:
    upgrade(engine_on.database)
    assert [row.key for row in engine_on.rows(TenantRow)] == ["town"]


def test_the_steps_can_be_taken_back_and_again(engine_on: Office) -> None:
    downgrade(engine_on.database)
    assert inspect(engine_on.database).get_table_names() == ["alembic_version"]
    upgrade(engine_on.database)
    assert set(Base.metadata.tables) < set(inspect(engine_on.database).get_table_names())
