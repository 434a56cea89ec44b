"""The installation that the environment names, opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from web.bootstrap import Parts, bootstrap
from web.commands.answer import NotReady
from web.migrations import what_is_wrong
from web.settings import Settings


@contextmanager
def installation(*, any_schema: bool = False) -> Iterator[Parts]:
    """Give the parts; the database's connections are closed afterwards.

    Raises NotReady where the database doesn't answer, or its schema isn't ours; not for `any_schema`, which mends it.
    """
    parts = bootstrap(Settings.from_env())
    try:
        if not any_schema:
            must_be_ready(parts)
        yield parts
    except OperationalError as error:
        # The driver's own words, without our statement and its values.
        raise NotReady(f"The database does not answer: {str(error.orig).strip()}") from error
    finally:
        parts.database.dispose()


def must_be_ready(parts: Parts) -> None:
    """Raise NotReady where the database's schema isn't the one that this Radnice works with."""
    if wrong := what_is_wrong(parts.database):
        raise NotReady(wrong)


def ready() -> Parts:
    """The installation for as long as the program runs. Raises NotReady."""
    with installation() as parts:
        return parts
