"""A clerk who never saw JSON builds the form of a dog fee: by mouse, by keyboard, without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, expect

from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STUDIO = "/studio/membership"
#: What the guide tells to write.
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "form-builder.md"
FEE = GUIDE.read_text(encoding="utf-8").split("```")[1].strip()


@pytest.fixture
def author(browser: Browser, town: Town) -> Iterator[Visitor]:
    with desk(browser, town, "autor") as somebody:
        yield somebody


def begins(author: Visitor, title: str) -> None:
    """Open a new empty form."""
    author.goes(f"{STUDIO}/formulare/novy")
    author.page.get_by_label("Jak se formulář jmenuje").fill(title)
    author.presses("Začít tvořit")


def adds(author: Visitor, label: str, kind: str) -> None:
    """Add a question at the end of the form."""
    chooses(author, "Celý formulář")
    author.page.get_by_label("Popisek nové otázky").fill(label)
    author.page.get_by_label("Co přidat").select_option(label=kind)
    author.presses("Přidat")


def chooses(author: Visitor, name: str) -> None:
    """Choose a part in the tree."""
    line = author.page.get_by_role("navigation", name="Části formuláře").get_by_role("link", name=name)
    line.click()
    expect(line).to_have_attribute("aria-current", "true")
    author.settles()


def preview(author: Visitor) -> FrameLocator:
    """What the applicants will see."""
    return author.page.frame_locator("#nahled")


def builds_dog_fee(author: Visitor) -> None:
    """Chapters 1 to 6 of the guide: owner from the library, dog with choices, exemption with its proof, fee by age."""
    page = author.page
    begins(author, "Poplatek ze psa")
    author.looks("Poplatek ze psa")
    adds(author, "Držitel psa", "Osoba: jméno, datum narození")
    adds(author, "Kolik je vám let", "Celé číslo")
    page.get_by_label("Musí se vyplnit").check()
    author.settles()
    page.get_by_label("Nejméně", exact=True).fill("18")
    leaves(author, "Nejméně")
    renames(author, "vek")
    adds(author, "Jak je pes velký", "Jedna z několika voleb")
    for number, label in ((1, "malý"), (2, "velký")):
        page.get_by_label(f"Volba {number}", exact=True).fill(label)
        leaves(author, f"Volba {number}")
    asks_only_when_exempt(author)
    adds(author, "Roční poplatek", "Vypočtená hodnota")
    page.get_by_label("Jak se vypočte").fill(FEE)
    leaves(author, "Jak se vypočte")


def leaves(author: Visitor, label: str) -> None:
    """Leave a box, which saves it."""
    author.page.get_by_label(label, exact=True).press("Tab")
    author.settles()


def asks_only_when_exempt(author: Visitor) -> None:
    """A question, and a file that is asked only when it is answered with yes."""
    adds(author, "Máte nárok na osvobození?", "Ano nebo ne")
    adds(author, "Průkaz nebo potvrzení", "Soubor")
    author.page.get_by_label("Musí se vyplnit").check()
    author.settles()
    rule = author.page.get_by_role("group", name="Podmínka 1")
    rule.get_by_label("Otázka").select_option(label="Máte nárok na osvobození?")
    rule.get_by_label("Odpověď").and_(author.page.locator("select")).select_option(label="Ano")
    author.settles()
    author.presses("Uložit podmínku")


def renames(author: Visitor, name: str) -> None:
    author.page.get_by_text("Přesun jinam, jiný druh").click()
    author.page.get_by_label("Název v odpovědích").fill(name)
    author.presses("Přejmenovat")


def schema_of(author: Visitor, key: str) -> Any:
    """The form as it would be downloaded."""
    answer = author.context.request.get(f"{author.town.url}{STUDIO}/formulare/{key}.json")
    return json.loads(answer.body())


def test_a_clerk_builds_previews_tries_and_publishes_the_form_of_a_dog_fee(author: Visitor) -> None:
    builds_dog_fee(author)
    author.looks("Poplatek ze psa")
    inside = preview(author)
    expect(inside.get_by_label("Průkaz nebo potvrzení")).to_have_count(0)
    chooses(author, "Průkaz nebo potvrzení")
    expect(inside.get_by_label("Průkaz nebo potvrzení")).to_be_visible()
    chooses(author, "Celý formulář")
    expect(inside.get_by_label("Průkaz nebo potvrzení")).to_have_count(0)
    inside.get_by_role("group", name="Máte nárok na osvobození?").get_by_label("Ano").check()
    expect(inside.get_by_label("Průkaz nebo potvrzení")).to_be_visible()

    author.follows("Zkusit vyplnit")
    for pointer, text in (("/drzitel_psa/first_name", "Jana"), ("/drzitel_psa/last_name", "Nová"), ("/vek", "70")):
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


def test_the_builder_is_walked_by_keyboard_alone(author: Visitor) -> None:
    begins(author, "Klávesnice")
    page = author.page
    page.get_by_label("Popisek nové otázky").focus()
    for label in ("První", "Druhá"):
        page.keyboard.type(label)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        author.settles()
        page.get_by_label("Popisek nové otázky").focus()
    second = page.get_by_role("navigation", name="Části formuláře").get_by_role("link", name="Druhá")
    second.focus()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    author.settles()
    assert list(schema_of(author, "klavesnice")["properties"]) == ["druha", "prvni"]
    page.get_by_role("button", name="Posunout níž").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    author.settles()
    assert list(schema_of(author, "klavesnice")["properties"]) == ["prvni", "druha"]
    page.get_by_role("button", name="Zpět").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert list(schema_of(author, "klavesnice")["properties"]) == ["druha", "prvni"]


def test_a_label_that_changes_is_saved_at_once_and_the_preview_follows_with_the_focus_kept(author: Visitor) -> None:
    begins(author, "Hned")
    adds(author, "Jméno", "Krátký text")
    label = author.page.get_by_label("Popisek", exact=True)
    label.fill("Jméno psa")
    label.press("Tab")
    expect(preview(author).get_by_label("Jméno psa")).to_be_visible()
    expect(author.page.get_by_label("Nápověda", exact=True)).to_be_focused()
    author.page.get_by_role("link", name="Telefon").click()
    author.settles()
    assert author.page.locator("#nahled").evaluate("frame => frame.clientWidth") <= PHONE


def test_a_question_is_dragged_into_a_group(author: Visitor) -> None:
    begins(author, "Tažení")
    adds(author, "Jméno", "Krátký text")
    adds(author, "Držitel", "Skupina otázek")
    lines = author.page.get_by_role("navigation", name="Části formuláře")
    with author.page.expect_navigation():
        lines.get_by_role("link", name="Jméno").drag_to(lines.get_by_role("link", name="Držitel"))
    author.settles()
    properties = schema_of(author, "tazeni")["properties"]
    assert list(properties) == ["drzitel"] and "jmeno" in properties["drzitel"]["properties"]


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (NARROW, False), (DESKTOP, True)])
def test_every_page_of_the_studio_fits_and_can_be_read(browser: Browser, town: Town, width: int, dark: bool) -> None:
    with desk(browser, town, "autor", width=width, dark=dark) as author:
        begins(author, "Všechny stránky")
        form = author.page.url.partition("?")[0]
        adds(author, "Velikost", "Jedna z několika voleb")
        adds(author, "Proč", "Dlouhý text")
        for path in ("", "?pole=/properties/velikost", "/zkusit", "/preklady", "/verze", "/zverejnit"):
            author.goes(form + path)
            author.looks("")
        for path in ("/studio", STUDIO, f"{STUDIO}/formulare/novy", f"{STUDIO}/formulare/application/zverejneny"):
            author.goes(path)
            author.looks("")
        author.goes(f"{form}/zkusit")


def test_the_whole_builder_works_without_javascript(browser: Browser, town: Town) -> None:
    with Visitor.comes(browser, town, scripted=False) as author:
        author.signs_in("autor", "/studio")
        begins(author, "Bez skriptů")
        page = author.page
        for label, kind in (("Osvobození", "Ano nebo ne"), ("Průkaz", "Soubor")):
            page.get_by_label("Popisek nové otázky").fill(label)
            page.get_by_label("Co přidat").select_option(label=kind)
            author.presses("Přidat")
        rule = page.get_by_role("group", name="Podmínka 1")
        rule.get_by_label("Otázka").select_option(label="Osvobození")
        rule.get_by_label("Odpověď").fill("ano")
        author.presses("Uložit podmínku")
        page.get_by_label("Nápověda", exact=True).fill("Stačí fotka.")
        with page.expect_navigation():
            page.get_by_role("button", name="Uložit", exact=True).click()
        branch = schema_of(author, "bez_skriptu")["allOf"][0]
        assert branch["if"] == {"properties": {"osvobozeni": {"const": True}}, "required": ["osvobozeni"]}
        assert branch["then"]["properties"]["prukaz"]["description"] == "Stačí fotka."
