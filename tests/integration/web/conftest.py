from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.web.desk import Desk, open_desk
from web.limits import limiter


@pytest.fixture(scope="session")
def office() -> Iterator[Desk]:
    """Founded once for all tests."""
    with open_desk() as desk:
        yield desk


@pytest.fixture
def desk(office: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The office on its first day, where nobody counts attempts."""
    monkeypatch.setattr(limiter, "enabled", False)
    office.begin()
    return office
