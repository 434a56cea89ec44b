"""Databases to measure on: an SQLite file beside the sources and a PostgreSQL database of its own."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy.exc import OperationalError

from tests.integration.conftest import create_database, run_on_server

_serial = count()


def databases() -> Iterator[tuple[str, AbstractContextManager[str]]]:
    """Give each kind's name and the context in which its address is good; PostgreSQL only where it is reachable."""
    yield "SQLite", sqlite()
    try:
        run_on_server("SELECT 1")
    except OperationalError:
        print("PostgreSQL is not reachable", file=sys.stderr)
    else:
        yield "PostgreSQL", postgres()


@contextmanager
def sqlite() -> Iterator[str]:
    # Beside the sources, not in /tmp: that may be memory, where nothing is durable.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        yield f"sqlite:///{folder}/radnice.db"


@contextmanager
def postgres() -> Iterator[str]:
    name = f"radnice_bench_{os.getpid()}_{next(_serial)}"
    url = create_database(name)
    try:
        yield url
    finally:
        run_on_server(f"DROP DATABASE {name} WITH (FORCE)")
