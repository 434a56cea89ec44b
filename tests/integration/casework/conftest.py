from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from engine.store.base import Base
from engine.store.session import make_engine
from tests.integration.casework.office import Office

PG = "postgresql+psycopg://postgres@127.0.0.1:5432/casework_test"


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Office]:
    if request.param == "sqlite":
        database = make_engine(f"sqlite:///{tmp_path}/office.db")
    else:
        database = make_engine(PG)
        Base.metadata.drop_all(database)
    yield Office(database)
    database.dispose()
