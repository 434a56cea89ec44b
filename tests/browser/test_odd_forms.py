"""Forms in odd dialects of JSON Schema, empty and filled: axe finds nothing and nothing is wider than a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.desk_server import served
from tests.browser.test_grant_form import is_fine
from tests.browser.visitor import NARROW
from tests.unit.forms.odd import FORMS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("name", FORMS)
def test_an_odd_form_is_clean_and_fits_a_narrow_window(browser: Browser, name: str) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 740}, locale="cs-CZ", bypass_csp=True)
    states: tuple[Mapping[str, Any], ...] = ({}, FORMS[name].data)
    for begun in states:
        with served(FORMS[name].schema, begun) as desk:
            page = context.new_page()
            page.goto(desk.url)
            is_fine(page, NARROW)
            with page.expect_navigation():
                page.get_by_role("button", name="Pokračovat").click()
            is_fine(page, NARROW)
    context.close()
