"""Every service of the catalogue has a picture that is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from processes.catalogue import load, supplied

SPRITE = Path(__file__).resolve().parents[3] / "web" / "static" / "sprite.svg"
DRAWN = frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("key", supplied())
def test_the_picture_of_each_service_is_drawn(key: str) -> None:
    assert {service.icon for service in load(key).services} <= DRAWN
