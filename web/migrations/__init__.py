"""The database's schema in numbered steps (Alembic): one chain for SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

HERE = Path(__file__).parent


def upgrade(database: Engine) -> None:
    """Bring the schema up to date; on a database that is, nothing happens."""
    with database.begin() as connection:
        command.upgrade(_config(connection), "head")


def what_is_wrong(database: Engine) -> str:
    """Say what is wrong where a database has no schema, an older one or a newer one, and what to do; "" = nothing."""
    with database.connect() as connection:
        there = MigrationContext.configure(connection).get_current_revision()
        steps = ScriptDirectory.from_config(_config(connection))
    newest = steps.get_current_head()
    if there == newest:
        return ""
    if there is None:
        return "The database has no schema of Radnice yet. Make it: radnice db upgrade"
    known = any(one.revision == there for one in steps.walk_revisions())
    way = "Bring it up to date: radnice db upgrade" if known else "It comes from a newer Radnice: install that one."
    return f"The database's schema is at step {there}, this Radnice works with {newest}. {way}"


def downgrade(database: Engine, revision: str = "base") -> None:
    """Take steps back, by default all of them."""
    with database.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
