from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.web.desk import Desk, open_desk


@pytest.fixture(scope="session")
def office() -> Iterator[Desk]:
    """Founded once for all tests."""
    with open_desk() as desk:
        yield desk


@pytest.fixture
def desk(office: Desk) -> Desk:
    """The office on its first day."""
    office.begin()
    return office
