"""A clerk who never saw JSON builds the form of a dog fee: by mouse, by keyboard, without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, expect

from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STUDIO = "/studio/membership"
FEE = "'200.00' if age >= 65 else '1500.00'"


@pytest.fixture
def author(browser: Browser, town: Town) -> Iterator[Visitor]:
    with desk(browser, town, "autor") as somebody:
        yield somebody


def begins(author: Visitor, title: str) -> None:
    """Open a new empty form."""
    author.goes(f"{STUDIO}/formulare/novy")
    author.page.get_by_label("Jak se formulář jmenuje").fill(title)
    author.presses("Začít")


def adds(author: Visitor, label: str, kind: str) -> None:
    """Add a question at the end of the form."""
    author.page.get_by_role("link", name="Celý formulář").click()
    author.settles()
    author.page.get_by_label("Popisek nové otázky").fill(label)
    author.page.get_by_label("Co přidat").select_option(label=kind)
    author.presses("Přidat")


def preview(author: Visitor) -> FrameLocator:
    """What the applicants will see."""
    return author.page.frame_locator("#nahled")


def builds_dog_fee(author: Visitor) -> None:
    """Owner from the library, dog with choices, exemption with its proof, fee by age."""
    begins(author, "Poplatek ze psa")
    author.looks("Poplatek ze psa")
    adds(author, "Držitel psa", "Osoba: jméno, datum narození")
    adds(author, "Kolik je vám let", "Celé číslo")
    renames(author, "age")
    adds(author, "Jak je pes velký", "Jedna z několika voleb")
    for number, label in ((1, "malý"), (2, "střední"), (3, "velký")):
        author.page.get_by_label(f"Volba {number}", exact=True).fill(label)
        author.page.get_by_label(f"Volba {number}", exact=True).press("Tab")
        author.settles()
    adds(author, "Máte nárok na osvobození?", "Ano nebo ne")
    adds(author, "Průkaz nebo potvrzení", "Soubor")
    author.page.get_by_label("Musí se vyplnit").check()
    author.settles()
    author.page.get_by_role("group", name="Podmínka 1").get_by_label("Otázka").select_option(
        label="Máte nárok na osvobození?"
    )
    author.settles()
    author.presses("Uložit podmínku")
    adds(author, "Roční poplatek", "Vypočtená hodnota")
    author.page.get_by_label("Jak se vypočte").fill(FEE)
    author.page.get_by_label("Jak se vypočte").press("Tab")
    author.settles()


def renames(author: Visitor, name: str) -> None:
    author.page.get_by_text("Přesun jinam, jiný druh").click()
    author.page.get_by_label("Název v odpovědích").fill(name)
    author.presses("Přejmenovat")


def schema_of(author: Visitor, key: str) -> dict[str, object]:
    """The form as it would be downloaded."""
    answer = author.context.request.get(f"{author.town.url}{STUDIO}/formulare/{key}.json")
    return json.loads(answer.body())  # type: ignore[no-any-return]


def test_a_clerk_builds_previews_tries_and_publishes_the_form_of_a_dog_fee(author: Visitor) -> None:
    builds_dog_fee(author)
    author.looks("Poplatek ze psa")
    inside = preview(author)
    expect(inside.get_by_label("Průkaz nebo potvrzení")).to_have_count(0)
    inside.get_by_role("group", name="Máte nárok na osvobození?").get_by_label("Ano").check()
    expect(inside.get_by_label("Průkaz nebo potvrzení")).to_be_visible()

    author.follows("Zkusit vyplnit")
    for pointer, text in (("/drzitel_psa/first_name", "Jana"), ("/drzitel_psa/last_name", "Nová"), ("/age", "70")):
        author.types(pointer, text)
    author.picks("/mate_narok_na_osvobozeni", "false")
    author.presses("Zkusit odeslat")
    author.looks("Co by se uložilo")
    assert '"roc' in author.reads() and '"200.00"' in author.reads()

    author.goes(f"{STUDIO}/formulare/poplatek_ze_psa/zverejnit")
    author.looks("Zkontrolovat a zveřejnit")
    author.presses("Zveřejnit")
    expect(author.page.get_by_text("Zveřejněno jako verze")).to_be_visible()
    author.looks("Členství ve spolku")
