"""The read session of a request: Flask-SQLAlchemy over the engine's own tables and connections.

Commands never go through it: they have a transaction of their own in `engine.facade`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from engine.store.base import Base
from engine.store.session import CLOCK, keep_apart, reading

MIGRATIONS = "web/migrations"


class ReadDatabase(SQLAlchemy):
    """Flask-SQLAlchemy that takes the connections `web.bootstrap` made instead of opening its own."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Database:
        database: Database = app.extensions["radnice"].database
        return reading(database)


db = ReadDatabase(metadata=Base.metadata)
keep_apart(db.session)
migrate = Migrate(directory=MIGRATIONS)


def request_session() -> Session:
    """The request's own session, opened on first use and closed at its end."""
    opened = db.session()
    opened.info.setdefault(CLOCK, current_app.extensions["radnice"].clock)
    return opened


def close_session() -> None:
    """End the request's read before a command or a call outside: nothing is held meanwhile."""
    db.session.remove()


def install(app: Flask) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = app.extensions["radnice"].settings.database
    db.init_app(app)
    migrate.init_app(app, db)
