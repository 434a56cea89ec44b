"""The builder on a slow line: quick typing, tabbing through, clicking in the tree and buttons lose nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.slow_line import SlowLine
from tests.browser.test_builder import adds, begins, schema_of
from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def author(browser: Browser, town: Town) -> Iterator[Visitor]:
    with desk(browser, town, "autor") as somebody:
        yield somebody


def box(author: Visitor, label: str) -> Locator:
    return author.page.get_by_label(label, exact=True)


def test_words_typed_while_the_builder_saves_are_kept_whatever_is_done_next(author: Visitor) -> None:
    begins(author, "Pomalu")
    adds(author, "Jméno", "Krátký text")
    line = SlowLine(author, "/formulare/pomalu")

    box(author, "Popisek").fill("Jméno psa")
    box(author, "Popisek").press("Tab")
    line.holds()
    box(author, "Nápověda").fill("Jak na něj vol")
    line.lets_go()
    expect(box(author, "Nápověda")).to_have_value("Jak na něj vol")
    box(author, "Nápověda").press_sequentially("áte")
    box(author, "Nápověda").press("Tab")
    line.holds()
    author.page.get_by_label("Popisek nové otázky").fill("Rasa")
    line.lets_go()
    expect(author.page.get_by_label("Popisek nové otázky")).to_have_value("Rasa")

    box(author, "Popisek").fill("Jak se pes jmenuje")
    author.page.get_by_role("navigation", name="Části formuláře").get_by_role("link", name="Jméno psa").click()
    line.holds()
    line.lets_go()
    box(author, "Popisek").fill("Jméno vašeho psa")
    author.page.get_by_role("button", name="Přidat").click()
    line.holds()
    with author.page.expect_navigation():
        line.lets_go()
    author.settles()

    properties = schema_of(author, "pomalu")["properties"]
    assert [one["title"] for one in properties.values()] == ["Jméno vašeho psa", "Rasa"]
    assert next(iter(properties.values()))["description"] == "Jak na něj voláte"
