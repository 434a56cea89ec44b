"""What the builder says of rules, registers, alternatives and pages, as a browser without JavaScript meets it."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from typing import Any

import pytest

from engine.commands import SaveRecord
from engine.model import SYSTEM
from forms.edit.kinds import NEW
from forms.edit.tree import every, tree
from tests.integration.web.desk import Desk
from tests.integration.web.matrix import TOWN
from tests.integration.web.test_studio import DOG, STUDIO, adds, begins, controls, edit, form, reads
from tests.unit.forms.foreign import SCHEMAS

#: Of a foreign schema these many places are opened.
OPENED = 4


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    return desk


def test_a_question_is_asked_when_a_condition_does_not_hold_and_the_tree_says_so(author: Desk) -> None:
    begins(author)
    adds(author, "Osvobození", "yes_no")
    adds(author, "Důvod", "text")
    rule = {"c:0:field": "/osvobozeni", "c:0:operator": "is", "c:0:value": "Ano", "c:side": "else"}
    assert edit(author, "when", "/properties/duvod", **rule).status_code == 303
    place = "/allOf/0/else/properties/duvod"
    assert list(form(author)["allOf"][0]) == ["if", "else"]
    page = author.get(f"{DOG}?pole={place}")
    assert "Jinak: „Osvobození“ je ano" in " ".join(reads(page).split())
    untouched = controls(page, "kdy")
    assert untouched["c:side"] == "else" and untouched["c:0:field"] == "/osvobozeni"
    author.post(f"{DOG}/uprava", untouched, DOG)
    assert list(form(author)["allOf"][0]) == ["if", "else"]


def test_alternatives_are_added_named_and_filled_with_questions(author: Desk) -> None:
    begins(author)
    adds(author, "Kdo žádá", "alternatives")
    names = {
        "o:0:label": "Člověk",
        "o:0:value": "",
        "o:0:was": "0",
        "o:1:label": "Firma",
        "o:1:value": "",
        "o:1:was": "1",
    }
    new = {"o:2:label": "Spolek", "o:2:value": "", "o:2:was": ""}
    said = {"k:title": "Kdo žádá", "o:0:shown": "1", **names, **new}
    assert edit(author, "details", "/properties/kdo_zada", **said).status_code == 303
    adds(author, "IČO", "text", "/oneOf/1")
    made = form(author)
    assert [one["title"] for one in made["oneOf"]] == ["Člověk", "Firma", "Spolek"]
    assert [one["properties"]["kdo_zada"] for one in made["oneOf"]] == [
        {"const": "clovek"}, {"const": "firma"}, {"const": "spolek"},
    ]  # fmt: skip
    assert "ico" in made["oneOf"][1]["properties"]
    adds(author, "Pes", "text")
    when = {"c:0:field": "/kdo_zada", "c:0:operator": "is", "c:0:value": "Firma"}
    assert edit(author, "when", "/properties/pes", **when).status_code == 303
    assert form(author)["allOf"][0]["if"]["properties"] == {"kdo_zada": {"const": "firma"}}
    refused = edit(author, "duplicate", "/properties/kdo_zada")
    assert refused.status_code == 422 and "zůstávají spolu" in reads(refused.text)


def test_a_rule_is_said_without_an_expression_and_tells_what_is_missing(author: Desk) -> None:
    begins(author)
    adds(author, "Náklady", "money")
    adds(author, "Dotace", "money")
    adds(author, "Od", "date")
    adds(author, "Program dává nejvýš náklady.", "rule")
    place = "/x-rules/0"
    assert "Program dává nejvýš náklady." in reads(author.get(f"{DOG}?pole={place}"))
    message = {"r:message": "Dotace je nejvýš náklady.", "r:english": "At most the costs."}
    bad = [
        ({}, "Vyberte otázku, kterou pravidlo hlídá"),
        ({"r:left": "/dotace", "r:sign": "at-most"}, "Vyberte, s čím se porovnává"),
        ({"r:left": "/dotace", "r:sign": "at-most", "r:right": "answer:/od"}, "spolu porovnat nejde"),
        ({"r:left": "/dotace", "r:sign": "at-most", "r:right": "today"}, "spolu porovnat nejde"),
        ({"r:left": "/dotace", "r:sign": "at-most", "r:right": "value", "r:value": "mnoho"}, "Napište číslo"),
        ({"r:left": "/od", "r:sign": "at-most", "r:right": "value", "r:value": "30. 2. 2027"}, "Napište den"),
        ({"r:left": "/dotace", "r:sign": "at-most", "r:right": "register:nothing:x"}, "Vyberte, s čím"),
        ({"r:expression": "dotace <"}, "Výraz nejde přečíst"),
    ]
    for said, why in bad:
        wrong = edit(author, "rule", place, **message, **said)
        assert wrong.status_code == 422 and why in reads(wrong.text), said
        assert "Dotace je nejvýš náklady." in wrong.text, "what was typed stays"
    empty = edit(author, "rule", place, **{"r:left": "/dotace", "r:sign": "at-most", "r:right": "answer:/naklady"})
    assert empty.status_code == 422 and "Napište větu" in reads(empty.text)
    assert form(author)["x-rules"][0]["check"] == "True"
    right = {"r:left": "/dotace", "r:sign": "at-most", "r:right": "answer:/naklady"}
    assert edit(author, "rule", place, **message, **right).status_code == 303
    made = form(author)
    assert made["x-rules"][0]["at"] == "/dotace"
    assert made["x-translations"]["en"] == {"/x-rules/0/message": "At most the costs."}
    untouched = controls(author.get(f"{DOG}?pole={place}"), "pravidlo")
    assert (untouched["r:left"], untouched["r:right"]) == ("/dotace", "answer:/naklady")
    author.post(f"{DOG}/uprava", untouched, DOG)
    assert form(author) == made
    tried = author.post(f"{DOG}/zkusit", {"/naklady": "100", "/dotace": "200", "/od": ""})
    assert tried.status_code == 422 and "Dotace je nejvýš náklady." in tried.text
    refused = edit(author, "remove", "/properties/naklady")
    assert refused.status_code == 422 and "Dotace je nejvýš náklady." in reads(refused.text)
    assert edit(author, "remove", place).status_code == 303 and "x-rules" not in form(author)


def test_registers_of_the_agenda_are_offered_where_a_form_may_ask_them(author: Desk) -> None:
    begins(author)
    adds(author, "Obec", "text")
    whole = author.get(DOG)
    assert "Seznam členů" in reads(whole)
    assert edit(author, "registers", **{"g:members": "1"}).status_code == 303
    assert form(author)["x-registers"] == ["members"]
    said = {"k:title": "Obec", "k:x-options/register": "members"}
    assert edit(author, "details", "/properties/obec", **said).status_code == 303
    options = form(author)["properties"]["obec"]["x-options"]
    assert options["register"] == "members" and {"value", "label"} < set(options)
    page = author.get(f"{DOG}?pole=/properties/obec")
    untouched = controls(page, "udaje")
    author.post(f"{DOG}/uprava", untouched, DOG)
    assert form(author)["properties"]["obec"]["x-options"] == options
    assert edit(author, "details", "/properties/obec", **{**said, "k:x-options/register": ""}).status_code == 303
    assert "x-options" not in form(author)["properties"]["obec"]
    assert edit(author, "registers").status_code == 303 and "x-registers" not in form(author)


def test_an_ico_fills_other_questions_in_and_a_wrong_target_is_refused(author: Desk) -> None:
    begins(author)
    for label in ("IČO", "Název", "Obec"):
        adds(author, label, "text")
    edit(author, "details", "/properties/ico", **{"k:title": "IČO", "k:format": "cz-ico"})
    place = "/properties/ico"
    assert "Doplnit podle této odpovědi další otázky" in reads(author.get(f"{DOG}?pole={place}"))
    said = {"p:obchodniJmeno": "/nazev", "p:sidlo.nazevObce": "/obec", "p:dic": ""}
    assert edit(author, "fill", place, **said).status_code == 303
    spec = {"source": "ares", "by": "/ico", "map": {"/nazev": "obchodniJmeno", "/obec": "sidlo.nazevObce"}}
    assert form(author)["x-prefill"] == spec
    assert "Načíst z ARES" in reads(author.get(f"{DOG}/zkusit"))
    author.post(f"{DOG}/uprava", controls(author.get(f"{DOG}?pole={place}"), "plneni"), DOG)
    assert json.dumps(form(author)["x-prefill"]) == json.dumps(spec)
    for wrong in ({"p:dic": "/nowhere"}, {"p:obchodniJmeno": "/nazev", "p:dic": "/nazev"}):
        assert edit(author, "fill", place, **wrong).status_code == 422
    assert form(author)["x-prefill"] == spec


def test_one_question_a_page_and_everything_on_one_page_again(author: Desk) -> None:
    begins(author)
    assert edit(author, "pages", way="each").status_code == 422
    adds(author, "Jméno", "text")
    adds(author, "Věk", "integer")
    assert edit(author, "pages", way="each").status_code == 303
    assert [step["fields"] for step in form(author)["x-steps"]] == [["/jmeno"], ["/vek"]]
    assert edit(author, "pages", way="one").status_code == 303 and "x-steps" not in form(author)


def test_limits_pictures_patterns_and_sentences_are_set_and_wrong_ones_told(author: Desk) -> None:
    begins(author)
    for label, kind in (("Značka", "text"), ("Počet", "integer"), ("Doklad", "files"), ("Cena", "money")):
        adds(author, label, kind)
    wrong: list[tuple[str, dict[str, str], str]] = [
        ("/properties/znacka", {"k:pattern": "("}, "Vzor nejde přečíst"),
        ("/properties/znacka", {"k:pattern": "^(a+)+\\1$"}, "Vzor nejde přečíst"),
        ("/properties/pocet", {"k:multipleOf": "0"}, "větší než nula"),
        ("/properties/doklad", {"k:x-image-max": "velké"}, "celé číslo"),
    ]
    for place, said, why in wrong:
        told = edit(author, "details", place, **said)
        assert told.status_code == 422 and why in reads(told.text), (place, said)
    right: list[tuple[str, dict[str, str], dict[str, Any]]] = [
        ("/properties/znacka", {"k:pattern": "^[A-Z]$", "k:x-messages/pattern": "Jedno písmeno.", "k:default": "A"},
         {"pattern": "^[A-Z]$", "x-messages": {"pattern": "Jedno písmeno."}, "default": "A"}),
        ("/properties/pocet", {"k:exclusiveMinimum": "0", "k:multipleOf": "5", "k:default": "10"},
         {"exclusiveMinimum": 0, "multipleOf": 5, "default": 10}),
        ("/properties/doklad", {"k:x-image-max": "2000", "k:x-max-size": "5"},
         {"x-image-max": 2000, "x-max-size": 5 * 2**20}),
        ("/properties/cena", {"k:default": "1 500", "k:x-sensitive": "true", "k:readOnly": "1"},
         {"default": "1500.00", "x-sensitive": True, "readOnly": True}),
    ]  # fmt: skip
    for place, said, stored in right:
        assert edit(author, "details", place, **said).status_code == 303
        part = form(author)["properties"][place.rpartition("/")[2]]
        assert {name: part.get(name) for name in stored} == stored


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_foreign_schema_opens_in_the_builder_and_saving_untouched_changes_nothing(author: Desk, name: str) -> None:
    text = json.dumps({**SCHEMAS[name], "title": "Cizí"}, ensure_ascii=False)
    begun = begins(author, "", how="file", file=(io.BytesIO(text.encode()), "cizi.json"))
    assert begun.status_code == 303, reads(begun.text)
    page = f"{STUDIO}/formulare/cizi"
    read = json.dumps(form(author, page))
    assert read == json.dumps(json.loads(text))
    places = [node.pointer for node in every(tree(json.loads(text)))]
    for place in ["", *places[:OPENED], *places[-1:]]:
        html = author.client.get(page, query_string={"pole": place}).text
        assert unescape(re.search(r'id="podrobnosti">([^<]*)<', html)[1]).strip(), place  # type: ignore[index]
        for form_id in ("udaje", "kdy", "pravidlo"):
            if f'id="{form_id}"' not in html or (form_id == "pravidlo" and "True" in html):
                continue
            saved = author.client.post(f"{page}/uprava", data=controls(html, form_id))
            assert saved.status_code in (303, 422), (place, form_id)
            assert json.dumps(form(author, page)) == read, (place, form_id)
    assert author.client.get(f"{page}/zkusit").status_code == 200


def test_changes_thrown_away_in_another_window_are_not_changed_and_what_was_typed_is_shown(author: Desk) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    old = controls(author.get(f"{DOG}?pole=/properties/jmeno_psa"), "udaje")
    author.post(f"{DOG}/zahodit", {"version": old["version"]}, DOG)
    late = author.client.post(f"{DOG}/uprava", data={**old, "k:title": "Jak se váš pes jmenuje"})
    assert late.status_code == 409
    assert "Vaše poslední změna se neuložila" in unescape(late.text) and "Jak se váš pes jmenuje" in late.text
    begins(author)
    adds(author, "Jméno psa", "text")
    before = form(author)
    again = author.client.post(f"{DOG}/uprava", data={**old, "k:title": "Jak se váš pes jmenuje"})
    assert again.status_code == 409, "a later proposal of the same form with the same number of steps is another one"
    assert form(author) == before
    assert author.client.get(DOG).status_code == 200


def test_a_very_long_title_stays_whole_and_a_name_made_of_it_stays_short(author: Desk) -> None:
    long = "Nejneobhospodařovávatelnějšímu " * 9
    begins(author, "Poplatek ze psa")
    adds(author, long.strip(), "text")
    made = form(author)["properties"]
    assert [one["title"] for one in made.values()] == [long.strip()]
    assert all(len(name) <= 40 for name in made)


def test_a_rule_is_added_to_the_chosen_group_and_compares_with_answers_inside_and_outside(author: Desk) -> None:
    begins(author)
    adds(author, "Nejdéle do", "date")
    adds(author, "Zábory", "rows")
    inside = "/properties/zabory/items"
    for label in ("Od", "Do"):
        adds(author, label, "date", "/properties/zabory")
    adds(author, "Konec musí být po začátku.", "rule", f"{inside}/properties/od")
    place = f"{inside}/x-rules/0"
    page = author.get(f"{DOG}?pole={place}")
    assert "Odpověď mimo tuto skupinu" in page and "kontroluje se v\xa0každé z\xa0nich" in reads(page)
    message = {"r:message": "Konec musí být po začátku.", "r:english": "The end comes after the beginning."}
    said = {"r:left": "/do", "r:sign": "at-least", "r:right": "answer:/od"}
    assert edit(author, "rule", place, **message, **said).status_code == 303
    untouched = controls(author.get(f"{DOG}?pole={place}"), "pravidlo")
    before = form(author)
    author.post(f"{DOG}/uprava", untouched, DOG)
    assert form(author) == before
    out = {"r:left": "/do", "r:sign": "at-most", "r:right": "answer:/nejdele_do"}
    assert edit(author, "rule", place, **message, **out).status_code == 303
    assert controls(author.get(f"{DOG}?pole={place}"), "pravidlo")["r:right"] == "answer:/nejdele_do"
    outer = {"r:left": "/nejdele_do", "r:sign": "at-most", "r:right": "answer:/do"}
    assert edit(author, "rule", place, **message, **outer).status_code == 422, (
        "the rule checks what stands in its group"
    )
    assert edit(author, "remove", place).status_code == 303
    assert "x-rules" not in form(author)["properties"]["zabory"]["items"]


def test_choices_are_explained_and_moved_and_keep_their_values_under_new_words(author: Desk) -> None:
    begins(author)
    adds(author, "Zóna", "choice")
    place = "/properties/zona"
    rows = {
        "o:0:label": "Střed",
        "o:0:value": "",
        "o:0:was": "0",
        "o:1:label": "Okolí",
        "o:1:value": "",
        "o:1:was": "1",
    }
    assert edit(author, "details", place, **{"k:title": "Zóna", "o:0:shown": "1", **rows}).status_code == 303
    page = controls(author.get(f"{DOG}?pole={place}"), "udaje")
    page |= {"o:0:hint": "náměstí a okolní ulice", "o:1:label": "Okraj města", "_offer": "up:1"}
    author.post(f"{DOG}/uprava", page, DOG)
    assert form(author)["properties"]["zona"]["oneOf"] == [
        {"const": "okoli", "title": "Okraj města"},
        {"const": "stred", "title": "Střed", "description": "náměstí a okolní ulice"},
    ]
    assert "náměstí a\xa0okolní ulice" in reads(author.get(f"{DOG}/zkusit"))


def test_objections_to_another_form_are_added_shown_and_told_what_they_judge(author: Desk) -> None:
    begins(author)
    adds(author, "Co má žadatel opravit", "review")
    place = "/properties/co_ma_zadatel_opravit"
    made = form(author)["properties"]["co_ma_zadatel_opravit"]
    assert made["x-widget"] == "field-review" and made["x-of"]
    said = {"k:title": "Co opravit", "k:x-of": "application", "k:minItems": "1", "k:x-was": "vady"}
    assert edit(author, "details", place, **said).status_code == 303
    made = form(author)["properties"]["co_ma_zadatel_opravit"]
    assert (made["x-of"], made["minItems"], made["x-was"]) == ("application", 1, "vady")
    untouched = controls(author.get(f"{DOG}?pole={place}"), "udaje")
    author.post(f"{DOG}/uprava", untouched, DOG)
    assert form(author)["properties"]["co_ma_zadatel_opravit"] == made
    assert "IČO" in reads(author.get(f"{DOG}/zkusit")), "the preview shows the answers that will be judged"
    wrong = edit(author, "details", place, **{**said, "k:x-was": "/kontakt//mail"})
    assert wrong.status_code == 422 and "začíná lomítkem" in reads(wrong.text)


def test_a_price_by_choice_times_numbers_and_the_sum_of_a_column_are_said_without_an_expression(author: Desk) -> None:
    begins(author)
    adds(author, "Zóna", "choice")
    adds(author, "Zábory", "rows")
    for label, kind in (("Metry", "number"), ("Dny", "integer"), ("Cena", "computed")):
        adds(author, label, kind, "/properties/zabory")
    for label in ("Od", "Do"):
        adds(author, label, "date", "/properties/zabory")
    adds(author, "Celkem", "computed")
    cell, total = "/properties/zabory/items/properties/cena", "/properties/celkem"
    page = author.get(f"{DOG}?pole={cell}")
    assert {"zóna", "metry", "dny"} <= set(re.findall(r"<option[^>]*>(\w+)</option>", page.lower()))
    begun = {"p:mode": "price", "p:by": "/zona"}
    asked = author.client.post(f"{DOG}/znovu", data={**controls(page, "cena"), **begun})
    assert asked.status_code == 200 and 'name="p:a:1"' in asked.text and form(author)["properties"]["celkem"]
    bad = [
        ({**begun, "p:a:0": "10"}, "Napište částku"),
        ({**begun, "p:a:0": "10", "p:a:1": "moc"}, "není částka"),
        ({"p:mode": "price"}, "Napište částku"),
        ({"p:mode": "total"}, "Zaškrtněte, co se sčítá"),
        ({"p:mode": "total", "p:part:answer:/nic": "1"}, "Zaškrtněte, co se sčítá"),
        ({**begun, "p:by": "/metry", "p:below": "5"}, "od kolika"),
        ({**begun, "p:by": "/metry", "p:s:0:from": "1", "p:s:0:amount": "2"}, "Napište částku"),
        ({**begun, "p:by": "/nic"}, "formuláře už tu není"),
    ]
    for said, why in bad:
        wrong = edit(author, "price", cell, **said)
        assert wrong.status_code == 422 and why in reads(wrong.text), (said, why)
    right = {**begun, "p:a:0": "10", "p:a:1": "2,50 Kč", "p:x:0": "/metry", "p:x:1": "days:/od:/do"}
    assert edit(author, "price", cell, **right).status_code == 303
    assert "days_between" in json.dumps(form(author))
    assert controls(author.get(f"{DOG}?pole={cell}"), "cena")["p:x:1"] == "days:/od:/do"
    right |= {"p:x:1": "/dny"}
    assert edit(author, "price", cell, **right).status_code == 303
    summed = {"p:mode": "total", "p:part:column:/zabory:cena": "1"}
    assert edit(author, "price", total, **summed).status_code == 303
    made = form(author)
    for place in (cell, total):
        author.post(f"{DOG}/uprava", controls(author.get(f"{DOG}?pole={place}"), "cena"), DOG)
        assert json.dumps(form(author)) == json.dumps(made), place
    values = made["properties"]["zona"]["oneOf"]
    rows = {"/zabory/0/metry": "12", "/zabory/0/dny": "3", "/zabory/1/metry": "1,5", "/zabory/1/dny": "1"}
    tried = author.post(f"{DOG}/zkusit", {"/zona": values[1]["const"], **rows, "/zabory~": "[]"})
    assert "93,75" in reads(tried.text).replace("\xa0", " "), reads(tried.text)
    refused = edit(author, "remove", "/properties/zona")
    assert refused.status_code == 422 and "Cena" in reads(refused.text)


def test_a_price_by_a_number_has_lines_from_how_much_on(author: Desk) -> None:
    begins(author)
    adds(author, "Věk", "integer")
    adds(author, "Poplatek", "computed")
    place = "/properties/poplatek"
    said = {"p:mode": "price", "p:by": "/vek", "p:below": "1 500", "p:s:0:from": "65", "p:s:0:amount": "200"}
    assert edit(author, "price", place, **said).status_code == 303
    assert form(author)["properties"]["poplatek"]["x-computed"] == (
        '"200.00" if value_of("vek", None) >= 65 else "1500.00"'
    )
    twice = edit(author, "price", place, **said, **{"p:s:1:from": "65", "p:s:1:amount": "100"})
    assert twice.status_code == 422 and "stejným číslem" in reads(twice.text)
    by_hand = {"k:title": "Poplatek", "k:x-computed": "vek * 2"}
    assert edit(author, "details", place, **by_hand).status_code == 303
    assert "Počítá se výrazem" in reads(author.get(f"{DOG}?pole={place}"))


def test_versions_and_the_page_before_publishing_tell_differences_in_words(author: Desk) -> None:
    begins(author)
    adds(author, "Kdo žádá", "alternatives")
    adds(author, "Věk", "integer")
    adds(author, "Poplatek", "computed")
    adds(author, "Věk musí sedět.", "rule")
    edit(author, "copy-variant", "/oneOf/0")
    said = {"p:mode": "price", "p:by": "/vek", "p:below": "1500", "p:s:0:from": "65", "p:s:0:amount": "200"}
    edit(author, "price", "/properties/poplatek", **said)
    page = author.get(f"{DOG}/zverejnit")
    published = author.post(f"{DOG}/zverejnit", {"version": re.search(r'name="version" value="(\d+)"', page)[1]}, DOG)  # type: ignore[index]
    assert published.status_code == 303, reads(published.text)
    author.post(f"{DOG}/otevrit", {}, f"{DOG}/zverejneny")
    assert edit(author, "copy-variant", "/oneOf/1").status_code == 303
    rule = {"r:left": "/vek", "r:sign": "at-least", "r:right": "value", "r:value": "18", "r:message": "Věk musí sedět."}
    assert edit(author, "rule", "/x-rules/0", **rule).status_code == 303
    edit(author, "price", "/properties/poplatek", **{**said, "p:s:0:amount": "300"})
    when = {"c:0:field": "/vek", "c:0:operator": "at-least", "c:0:value": "15"}
    assert edit(author, "when", "/properties/kdo_zada", **when).status_code == 303
    for path in (f"{DOG}/zverejnit", f"{DOG}/verze"):
        told = reads(author.get(path))
        assert "Přidaná varianta: „První varianta (kopie) (kopie)“" in told, told
        assert (
            "Změněné pravidlo: „Věk musí sedět.“" in told
            and "co musí platit: Věk je aspoň (nejdřív) 18, dřív zatím nic" in told
        )
        assert "Věk (od 65: 300; jinak 1500)" in told and "Věk je aspoň 15" in told
        assert "{" not in told.partition("Co se změní")[2].partition("Co říká kontrola")[0]


def test_what_another_answer_brings_along_becomes_a_condition_by_a_button(author: Desk) -> None:
    more = {"properties": {"adresa": {"type": "string", "title": "Adresa"}}}
    schema = {"title": "Cizí", "type": "object", "properties": {"karta": {"type": "string", "title": "Karta"}}}
    text = json.dumps({**schema, "dependentSchemas": {"karta": more}})
    begins(author, "", how="file", file=(io.BytesIO(text.encode()), "cizi.json"))
    page, place = f"{STUDIO}/formulare/cizi", "/dependentSchemas/karta"
    assert "Udělat z toho podmínku" in reads(author.get(f"{page}?pole={place}"))
    assert edit(author, "as-condition", place, page).status_code == 303
    made = form(author, page)
    assert made["allOf"] == [{"if": {"required": ["karta"]}, "then": more}] and "dependentSchemas" not in made
    inner = "/allOf/0/then/properties/adresa"
    assert controls(author.get(f"{page}?pole={inner}"), "kdy")["c:0:operator"] == "answered"


def test_an_answer_fills_others_in_from_a_register_by_one_of_its_public_fields(author: Desk) -> None:
    begins(author)
    for label in ("Člen", "Druh", "Název"):
        adds(author, label, "text")
    place = "/properties/clen"
    page = author.get(f"{DOG}?pole={place}")
    begun = {"p:source": "register:members"}
    asked = author.client.post(f"{DOG}/znovu", data={**controls(page, "plneni"), **begun})
    assert asked.status_code == 200 and 'name="p:kind"' in asked.text and 'name="p:email"' not in asked.text
    bad = [
        ({**begun, "p:kind": "/druh"}, "podle kterého pole"),
        ({**begun, "p:key": "email", "p:kind": "/druh"}, "podle kterého pole"),
        ({**begun, "p:key": "name"}, "aspoň jednu otázku"),
        ({**begun, "p:key": "name", "p:kind": "/nic"}, "nenabízí"),
        ({"p:source": "register:nic", "p:key": "name"}, "nejde"),
        ({"p:source": "ares", "p:dic": "/druh"}, "nejde"),
    ]
    for said, why in bad:
        wrong = edit(author, "fill", place, **said)
        assert wrong.status_code == 422 and why in reads(wrong.text), (said, why)
    right = {**begun, "p:key": "name", "p:kind": "/druh", "p:name": "/nazev", "p:email": "/druh"}
    assert edit(author, "fill", place, **right).status_code == 303
    spec = {
        "source": "register", "register": "members", "key": "name", "title": "Seznam členů", "by": "/clen",
        "map": {"/druh": "kind", "/nazev": "name"},
    }  # fmt: skip
    assert form(author)["x-prefill"] == spec
    author.post(f"{DOG}/uprava", controls(author.get(f"{DOG}?pole={place}"), "plneni"), DOG)
    assert json.dumps(form(author)["x-prefill"]) == json.dumps(spec)
    assert "Načíst z registru „Seznam členů“" in reads(author.get(f"{DOG}/zkusit"))
    tried = author.post(f"{DOG}/zkusit", {"/clen": "Nikdo takový", "_do": "prefill:/clen"})
    assert "nic takového nezná" in reads(tried.text).replace("\xa0", " ")
    save = {"tenant": author.stage.tenant, "actor": SYSTEM, "register": "members"}
    author.stage.engine.execute(SaveRecord(**save, data=TOWN))
    author.stage.engine.execute(SaveRecord(**save, data={**TOWN, "ico": "25596641", "name": "Tajný", "state": "ended"}))
    tried = author.post(f"{DOG}/zkusit", {"/clen": TOWN["name"], "_do": "prefill:/clen"})
    assert "Doplněno z registru Seznam členů" in reads(tried.text).replace("\xa0", " ")
    assert f'value="{TOWN["kind"]}"' in tried.text and f'name="/nazev" value="{TOWN["name"]}"' in tried.text
    secret = author.post(f"{DOG}/zkusit", {"/clen": "Tajný", "_do": "prefill:/clen"})
    assert "nic takového nezná" in reads(secret.text).replace("\xa0", " "), "what isn't public nobody learns"
    assert edit(author, "fill", place, **{"p:source": ""}).status_code == 303 and "x-prefill" not in form(author)


def test_what_only_says_the_kind_of_a_question_is_not_told_as_advanced(author: Desk) -> None:
    begins(author)
    for number, kind in enumerate(NEW):
        adds(author, f"Otázka {number}", kind)
        assert "Pokročilé, zůstává" not in reads(author.get(f"{DOG}?pole=/properties/otazka_{number}")), kind


def test_the_page_before_publishing_says_that_no_diagram_asks_the_form(author: Desk) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    assert "Žádný diagram agendy se na tento formulář zatím neptá" in reads(author.get(f"{DOG}/zverejnit"))
    asked = f"{STUDIO}/formulare/completeness"
    assert author.post(f"{asked}/otevrit", {}, f"{asked}/zverejneny").status_code == 303
    assert "Žádný diagram" not in reads(author.get(f"{asked}/zverejnit"))
