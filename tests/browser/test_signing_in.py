"""What the other browser tests rely on: people of a town may sign in as often as tests play them, in any order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.town import Town, nobody_is_slowed_down
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_town_that_closes_leaves_the_limit_as_it_found_it(browser: Browser, town: Town) -> None:
    with nobody_is_slowed_down():
        pass
    for _time in range(6):
        with Visitor.comes(browser, town) as person:
            person.signs_in("autor")
