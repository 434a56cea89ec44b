"""Trying a transaction again: somebody held the row, a deadlock was broken, the database was away for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import SystemRandom
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

R = TypeVar("R")

#: The same transaction may well succeed later.
MAY_PASS = (OperationalError, StaleDataError, IntegrityError)
MOST_TRIES = 8
#: Seconds; each pause may be twice as long as the one before.
FIRST_PAUSE = 0.01
#: Seconds after which no try begins: SQLite itself waits long before it says that it is busy.
LONGEST = 20.0

_random = SystemRandom()


def patiently(transaction: Callable[[], R]) -> R:
    """Run a transaction, again from its beginning where that may help."""
    begun = time.monotonic()
    for tried in range(1, MOST_TRIES + 1):
        try:
            return transaction()
        except MAY_PASS as error:
            late = time.monotonic() - begun > LONGEST
            if tried == MOST_TRIES or late or not _may_pass(error, tried):
                raise
            time.sleep(FIRST_PAUSE * 2**tried * _random.uniform(0.3, 1.0))
    raise AssertionError("unreachable")


def _may_pass(error: Exception, tried: int) -> bool:
    """Tell whether the same transaction may succeed when it is tried again."""
    if isinstance(error, IntegrityError):
        # Two commands wrote the same key at once; the second try sees the first one's row and refuses in words.
        return tried == 1
    return not _in_doubt(error)


def _in_doubt(error: Exception) -> bool:
    """The line broke during the commit: it may have happened, and must not happen twice."""
    return isinstance(error, OperationalError) and error.connection_invalidated and error.statement is None
