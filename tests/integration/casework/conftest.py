from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.store.session import make_engine
from tests.integration.casework.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The office of the casework tests, on either database."""
    database = make_engine(database_url)
    yield Office(database)
    database.dispose()
