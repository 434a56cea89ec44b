"""A whole application for a grant on the portal: on a phone, by keyboard only, without JavaScript, in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from engine.store.papers import AttachmentRow, SubmissionRow
from tests.browser.filling import fills, goes_on, types_through
from tests.browser.test_grant_form import SMALL_TARGETS
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor
from tests.browser.whole_grant import ANSWERS, COME, FORM, STEPS
from tests.integration.conftest import ALL
from tests.integration.portal.public_forms import address, offer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KEY = "whole_grant"
CHECK = "Zkontrolujte si odpovědi"


@pytest.fixture(scope="module", autouse=True)
def offered(town: Town) -> None:
    """The town offers the service."""
    offer(town.parts, town.tenant, {KEY: FORM})


def is_fine(visitor: Visitor, title: str = "") -> None:
    """axe finds nothing, nothing is cut off, what is pressed is big enough."""
    visitor.looks(title)
    assert not visitor.page.evaluate(SMALL_TARGETS)


def came(town: Town) -> dict[str, Any]:
    """The newest submission, with names of files for their ids."""
    with town.parts.sessions(info=ALL) as session:
        newest = select(SubmissionRow).where(SubmissionRow.form == KEY).order_by(SubmissionRow.submitted_at.desc())
        data = dict(session.scalars(newest).first().data)
        names = {row.id: row.filename for row in session.scalars(select(AttachmentRow))}
    data["attachments"] = [names[one] for one in data["attachments"]]
    data["power_of_attorney"] = names[data["power_of_attorney"]]
    return data


def sends(visitor: Visitor) -> None:
    visitor.presses("Odeslat")
    visitor.looks("Žádost je podaná")


@pytest.mark.parametrize(
    ("width", "scripted", "dark"),
    [(PHONE, True, False), (NARROW, True, True), (PHONE, False, False)],
    ids=["phone", "narrow and dark", "no-javascript"],
)
def test_it_is_filled_by_touch(browser: Browser, town: Town, width: int, scripted: bool, dark: bool) -> None:
    with Visitor.comes(browser, town, width=width, scripted=scripted, dark=dark) as visitor:
        visitor.goes(address(KEY))
        for key, (title, _names) in STEPS.items():
            is_fine(visitor, title)
            goes_on(visitor)
            is_fine(visitor, f"Chyba: {title}")
            fills(visitor, ANSWERS[key])
            is_fine(visitor)
            goes_on(visitor)
        is_fine(visitor, CHECK)
        sends(visitor)
    assert came(town) == COME


def test_it_is_filled_by_keyboard_only(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, width=DESKTOP) as visitor:
        visitor.goes(address(KEY))
        for key, (title, _names) in STEPS.items():
            visitor.looks(title)
            types_through(visitor, ANSWERS[key])
        visitor.looks(CHECK)
        sends(visitor)
    assert came(town) == COME
