"""Runs the steps: on the connection that `web.migrations` gives, or on the application's under Flask-Migrate."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from engine.store import Base
from engine.store.base import JsonValue, Moment
from engine.store.wall import raise_wall, stand_for_every


def render(kind: str, item: Any, autogenerating: AutogenContext) -> str | Literal[False]:
    """Write our own types by their names in engine.store.base."""
    if kind == "type" and (isinstance(item, Moment) or item is JsonValue):
        name = "Moment" if isinstance(item, Moment) else "JsonValue"
        autogenerating.imports.add(f"from engine.store.base import {name}")
        return "Moment()" if name == "Moment" else name
    return False


def run(connection: Connection) -> None:
    """Run the steps asked for in the connection's transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=render,
        include_object=context.config.attributes.get("include_object"),
        # SQLite can change hardly anything in place; the batch mode makes a new table and copies.
        render_as_batch=True,
    )
    with context.begin_transaction():
        stand_for_every(connection)
        context.run_migrations()
        raise_wall(connection)


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.extensions["migrate"].db.engine.begin() as own:
        run(own)
