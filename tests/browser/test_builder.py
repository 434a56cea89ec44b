"""A clerk who never saw JSON builds the form of a dog fee: by mouse, by keyboard, without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, expect

from tests.browser.test_office import desk
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STUDIO = "/studio/membership"


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
    """Chapters 1 to 7 of the guide: owner by kind, dogs with choices, exemption with its proof, fee by age, a rule."""
    begins(author, "Poplatek ze psa")
    author.looks("Poplatek ze psa")
    asks_who_keeps_the_dog(author)
    counts_by_age(author)
    asks_only_when_exempt(author)
    sums_up(author)
    forbids_the_future(author)


def counts_by_age(author: Visitor) -> None:
    """Age and number of dogs, the size of the dog with an explanation, since when."""
    for label, least in (("Kolik je vám let", "18"), ("Kolik máte psů", "1")):
        adds(author, label, "Celé číslo")
        author.page.get_by_label("Musí se vyplnit").check()
        author.settles()
        author.page.get_by_label("Nejméně", exact=True).fill(least)
        leaves(author, "Nejméně")
    adds(author, "Jak je pes velký", "Jedna z několika voleb")
    names_choices(author, "malý", "velký")
    author.page.get_by_text("Vysvětlení voleb").click()
    author.page.get_by_label("malý", exact=True).fill("do 10 kg")
    leaves(author, "malý")
    adds(author, "Od kdy psa máte", "Datum")


def sums_up(author: Visitor) -> None:
    """The fee by age and number of dogs."""
    adds(author, "Roční poplatek", "Vypočtená hodnota")
    price = author.page.locator("#cena")
    price.get_by_label("Podle čeho se cena řídí").select_option(label="Kolik je vám let")
    author.settles()
    price.get_by_label("od", exact=True).first.fill("65")
    price.get_by_label("částka na řádku 1").fill("200")
    price.get_by_label("jinak").fill("1500")
    price.get_by_label("krát číslo 1").select_option(label="Kolik máte psů")
    author.settles()
    author.presses("Uložit výpočet")


def asks_who_keeps_the_dog(author: Visitor) -> None:
    """A choice of which each answer has questions of its own, from the library."""
    adds(author, "Kdo psa drží", "Volba, ke které patří další otázky")
    names_choices(author, "člověk", "firma nebo spolek")
    for variant, label, kind in (
        ("člověk", "Držitel psa", "Osoba: jméno, datum narození"),
        ("firma nebo spolek", "Organizace", "Organizace podle IČO (ARES)"),
    ):
        chooses(author, variant)
        author.page.get_by_label("Popisek nové otázky").fill(label)
        author.page.get_by_label("Co přidat").select_option(label=kind)
        author.presses("Přidat")


def names_choices(author: Visitor, *labels: str) -> None:
    """Rewrite the choices of the chosen question."""
    for number, label in enumerate(labels, 1):
        author.page.get_by_label(f"Volba {number}", exact=True).fill(label)
        leaves(author, f"Volba {number}")


def forbids_the_future(author: Visitor) -> None:
    """A rule over a date and the day of sending."""
    adds(author, "Datum nemůže být v budoucnu.", "Pravidlo mezi odpověďmi")
    page = author.page
    page.get_by_label("Otázka, kterou pravidlo hlídá").select_option(label="Od kdy psa máte")
    page.get_by_label("S čím se porovnává").select_option(label="den odeslání")
    author.presses("Uložit pravidlo")


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


def schema_of(author: Visitor, key: str) -> Any:
    """The form as it would be downloaded."""
    answer = author.context.request.get(f"{author.town.url}{STUDIO}/formulare/{key}.json")
    return json.loads(answer.body())


def fills_the_trial(author: Visitor) -> None:
    """A person of seventy with two dogs and a claim; the proof is asked only of who claims, the firm of nobody here."""
    page = author.page
    assert page.locator('[name="/prukaz_nebo_potvrzeni"]').count() == 0
    author.picks("/kdo_psa_drzi", "clovek")
    assert page.locator('[name="/organizace/ico"]').count() == 0
    answers = {
        "/drzitel_psa/first_name": "Jana",
        "/drzitel_psa/last_name": "Nová",
        "/kolik_je_vam_let": "70",
        "/kolik_mate_psu": "2",
    }
    for pointer, text in (answers | {"/od_kdy_psa_mate": "1. 3. 2999"}).items():
        author.types(pointer, text)
    author.picks("/mate_narok_na_osvobozeni", "true")
    author.attaches("/prukaz_nebo_potvrzeni", "prukaz.pdf", b"%PDF-1.4\n%%EOF\n")
    author.looks("")


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
    fills_the_trial(author)
    author.presses("Zkusit odeslat")
    author.looks("")
    assert "Datum nemůže být v budoucnu." in author.reads()
    author.types("/od_kdy_psa_mate", "1. 3. 2020")
    author.presses("Zkusit odeslat")
    author.looks("Co by se uložilo")
    assert '"rocni_poplatek": "400.00"' in author.reads() and '"kdo_psa_drzi": "clovek"' in author.reads()

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
        adds(author, "Kdo", "Volba, ke které patří další otázky")
        adds(author, "Cena", "Vypočtená hodnota")
        adds(author, "Nesedí to.", "Pravidlo mezi odpověďmi")
        for path in (
            "",
            "?pole=/properties/velikost",
            "?pole=/properties/kdo",
            "?pole=/oneOf/0",
            "?pole=/properties/cena",
            "?pole=/x-rules/0",
            "/zkusit",
            "/preklady",
            "/verze",
            "/zverejnit",
        ):
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
