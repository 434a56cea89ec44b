"""The database's schema in numbered steps (Alembic): one chain for SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

HERE = Path(__file__).parent


def upgrade(database: Engine) -> None:
    """Bring the schema up to date; on a database that is, nothing happens."""
    with database.begin() as connection:
        command.upgrade(_config(connection), "head")


def downgrade(database: Engine, revision: str = "base") -> None:
    """Take steps back, by default all of them."""
    with database.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
