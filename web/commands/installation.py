"""The installation that the environment names, opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from web.bootstrap import Parts, bootstrap
from web.settings import Settings


@contextmanager
def installation() -> Iterator[Parts]:
    """Give the parts; the database's connections are closed afterwards."""
    parts = bootstrap(Settings.from_env())
    try:
        yield parts
    finally:
        parts.database.dispose()
