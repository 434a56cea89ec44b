"""The whole product on a free port, and a browser in front of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.town import Town, open_town
from tests.browser.traffic import PATIENCE
from tests.browser.visitor import Visitor

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Chromium on this machine."""
    named = os.environ.get("RADNICE_TEST_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each visitor has an empty profile."""
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not here")
        pytest.skip("Chromium is not here")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The association with its people and its agenda, served with the embedded worker."""
    folder: Path = tmp_path_factory.mktemp("town")
    with open_town(folder) as opened:
        yield opened


@pytest.fixture
def visitor(browser: Browser, town: Town) -> Iterator[Visitor]:
    """Somebody with a desktop browser."""
    with Visitor.comes(browser, town) as somebody:
        yield somebody
