"""The studio as its author's browser meets it without JavaScript, two people at once, bad input."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from processes.catalogue import load
from tests.integration.web.desk import TOKEN, Desk

STUDIO = "/studio/membership"
DOG = f"{STUDIO}/formulare/poplatek_ze_psa"
VERSION = re.compile(r'name="version" value="(\d+)"')
#: A form with everything the builder can't say: other drafts' words, patterns, odd types, keys in an odd order.
STRANGE = """{"title": "Cizí", "$schema": "http://json-schema.org/draft-07/schema#",
 "x-vendor": {"z": 1, "a": [null, 1.5]}, "type": "object",
 "definitions": {"part": {"type": "object", "properties": {"b": {"type": "string"}}}},
 "properties": {"z": {"type": ["string", "null"], "patternProperties": {"^x": {}}},
  "part": {"$ref": "#/definitions/part"},
  "a": {"enum": [1, "1", true], "$comment": "kept"}}, "not": {"required": ["z", "a"]}}"""


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    return desk


def begins(desk: Desk, title: str = "Poplatek ze psa", **how: Any) -> TestResponse:
    """Open a new form."""
    return desk.post(f"{STUDIO}/formulare/novy", {"title": title, "how": "empty", **how})


def edit(desk: Desk, verb: str, place: str = "", page: str = DOG, **said: str) -> TestResponse:
    """Press a button of the builder on its newest page."""
    version = VERSION.search(desk.get(page))
    assert version
    return desk.post(
        f"{page}/uprava", {"edit": verb, "place": place, "version": version[1], **said}, f"{page}?pole={place}"
    )


def adds(desk: Desk, label: str, kind: str, place: str = "") -> None:
    assert edit(desk, "add", place, label=label, kind=kind).status_code == 303


def form(desk: Desk, page: str = DOG) -> dict[str, Any]:
    """The form as a file."""
    return json.loads(desk.get(f"{page}.json"))  # type: ignore[no-any-return]


def reads(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


def controls(html: str, form_id: str) -> dict[str, str]:
    """What a browser would post of a form that nobody has touched."""
    inner = html.split(f'id="{form_id}"', 1)[1].split("</form>", 1)[0]
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", inner):
        facts = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        if facts.get("type") != "checkbox" or " checked" in tag:
            found[facts["name"]] = facts.get("value", "")
    for name, text in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', inner, re.DOTALL):
        found[unescape(name)] = unescape(text)
    for name, options in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', inner, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        found[unescape(name)] = unescape(chosen[1]) if chosen else ""
    return found


def test_the_studio_is_for_authors_only(desk: Desk) -> None:
    assert desk.client.get("/studio").status_code == 302
    desk.sign_in("sekretarka")
    for page in ("/studio", STUDIO, f"{STUDIO}/formulare/novy", f"{STUDIO}/formulare/application"):
        desk.get(page, 403)
    assert "Studio" not in desk.get("/prace/ukoly")
    desk.sign_in("autor")
    assert "Členství ve spolku" in desk.get("/studio")


def test_another_organisation_sees_nothing_of_a_form_being_changed(author: Desk) -> None:
    begins(author)
    author.sign_in("spravce", "jinde.example")
    assert "Poplatek ze psa" not in author.get("/studio") + author.get(STUDIO)
    assert author.client.get(f"{DOG}/zkusit").status_code == 404
    assert author.client.get(f"{DOG}.json").status_code == 404


def test_questions_are_added_described_moved_and_removed_without_javascript(author: Desk) -> None:
    assert begins(author).status_code == 303
    adds(author, "Jméno psa", "text")
    adds(author, "Držitel", "library:person")
    adds(author, "Osvobození", "yes_no")
    adds(author, "Průkaz", "file")
    rule = {"c:0:field": "/osvobozeni", "c:0:operator": "is", "c:0:value": "Ano"}
    assert edit(author, "when", "/properties/prukaz", **rule).status_code == 303
    edit(author, "move", "/properties/drzitel", way="up")
    said = {"k:title": "Jak se pes jmenuje", "k:description": "Nebo přezdívka.", "k:required:shown": "1"}
    edit(author, "details", "/properties/jmeno_psa", **said, **{"k:required": "1", "k:maxLength": "80"})
    assert form(author) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Poplatek ze psa",
        "type": "object",
        "properties": {
            "drzitel": {"$ref": "library:person", "title": "Držitel"},
            "jmeno_psa": {
                "type": "string",
                "title": "Jak se pes jmenuje",
                "description": "Nebo přezdívka.",
                "maxLength": 80,
            },
            "osvobozeni": {"type": "boolean", "title": "Osvobození"},
        },
        "allOf": [
            {
                "if": {"properties": {"osvobozeni": {"const": True}}, "required": ["osvobozeni"]},
                "then": {"properties": {"prukaz": {"type": "string", "format": "file", "title": "Průkaz"}}},
            }
        ],
        "required": ["jmeno_psa"],
    }
    page = reads(author.get(DOG))
    assert "„Osvobození“ je ano" in " ".join(page.split())
    refused = edit(author, "remove", "/properties/osvobozeni")
    assert refused.status_code == 422 and "Odpověď je potřeba jinde" in reads(refused.text)
    assert edit(author, "remove", "/allOf/0/then/properties/prukaz").status_code == 303
    assert "allOf" not in form(author)


def test_saving_a_panel_untouched_changes_nothing(author: Desk) -> None:
    page = f"{STUDIO}/formulare/application"
    author.post(f"{page}/otevrit", {}, f"{page}/zverejneny")
    published = json.loads(load("membership").files["forms/application.json"])
    places = ("/properties/ico", "/properties/subject_kind", "/properties/seat", "/properties/contacts", "")
    for place in places:
        html = author.get(f"{page}?pole={place}")
        untouched = controls(html, "udaje")
        assert author.post(f"{page}/uprava", untouched, f"{page}?pole={place}").status_code == 303
        assert VERSION.search(author.get(page))[1] == "1"  # type: ignore[index]
    assert json.dumps(form(author, page)) == json.dumps(published)


def test_what_the_builder_cannot_edit_is_shown_and_never_lost(author: Desk) -> None:
    file = (io.BytesIO(STRANGE.encode()), "cizi.json")
    page = f"{STUDIO}/formulare/cizi"
    assert begins(author, "", how="file", file=file).status_code == 303
    assert json.dumps(form(author, page)) == json.dumps(json.loads(STRANGE))
    assert "patternProperties" in author.get(f"{page}?pole=/properties/z")
    edit(author, "details", "/properties/a", page, **{"k:title": "Volba"})
    edit(author, "rename", "/properties/z", page, name="y")
    changed, before = form(author, page), json.loads(STRANGE)
    assert changed["properties"]["a"] == {**before["properties"]["a"], "title": "Volba"}
    assert changed["properties"]["y"] == before["properties"]["z"] and changed["x-vendor"] == before["x-vendor"]
    assert list(changed) == list(before) and list(changed["properties"]) == ["y", "part", "a"]


def test_undo_gives_the_same_file_and_redo_the_change(author: Desk) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    before = author.get(f"{DOG}.json")
    edit(author, "details", "/properties/jmeno_psa", **{"k:title": "Jinak"})
    after = author.get(f"{DOG}.json")
    for way, expected in (("back", before), ("forth", after)):
        version = VERSION.search(author.get(DOG))
        author.post(f"{DOG}/krok", {"way": way, "version": version[1] if version else ""}, DOG)
        assert author.get(f"{DOG}.json") == expected


def test_a_colleague_who_was_slower_sees_the_change_and_keeps_what_he_typed(author: Desk) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    author.sign_in("spravce")
    old = VERSION.search(author.get(DOG))
    token = TOKEN.search(author.get(DOG))
    assert old and token
    slower = author.client
    author.sign_in("autor")
    edit(author, "details", "/properties/jmeno_psa", **{"k:title": "Jak se pes jmenuje"})
    state = slower.get(f"{DOG}/stav?verze={old[1]}").text
    assert "Eva Procházková" in state and "změněno" in state
    said = {"edit": "details", "place": "/properties/jmeno_psa", "version": old[1], "k:title": "Přezdívka"}
    late = slower.post(f"{DOG}/uprava", data={"csrf_token": token[1], **said})
    assert late.status_code == 409 and "Přezdívka" in late.text and "Eva Procházková" in late.text
    assert form(author)["properties"]["jmeno_psa"]["title"] == "Jak se pes jmenuje"


def test_an_author_who_is_quicker_than_her_page_is_not_her_own_rival(author: Desk) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    old = VERSION.search(author.get(DOG))
    assert old
    for verb, said in (("details", {"k:title": "Jak se jmenuje"}), ("add", {"kind": "date", "label": "Narozen"})):
        data = {"edit": verb, "place": "/properties/jmeno_psa", "version": old[1], **said}
        assert author.post(f"{DOG}/uprava", data, DOG).status_code == 303
    assert list(form(author)["properties"]) == ["jmeno_psa", "narozen"]
    author.stage.clock.advance(timedelta(minutes=1))
    late = {"edit": "remove", "place": "/properties/narozen", "version": old[1]}
    assert author.post(f"{DOG}/uprava", late, DOG).status_code == 409


def test_a_form_is_tried_step_by_step_and_shows_the_data_it_would_store(author: Desk) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    edit(author, "details", "/properties/jmeno_psa", **{"k:title": "Jméno", "k:required:shown": "1", "k:required": "1"})
    edit(author, "add", kind="step")
    first = author.post(f"{DOG}/zkusit", {"/jmeno_psa": ""})
    assert first.status_code == 422 and "Jméno" in first.text
    second = author.post(f"{DOG}/zkusit", {"/jmeno_psa": "Alík", "_data": "{}"})
    assert "Nová otázka" in second.text
    carried = unescape(re.search(r'name="_data" value="([^"]*)"', second.text)[1])  # type: ignore[index]
    last = author.post(f"{DOG}/zkusit?krok=step_2", {"_data": carried, "/nova_otazka": "ano"})
    assert json.loads(unescape(last.text.split("<code>")[1].split("</code>")[0])) == {
        "jmeno_psa": "Alík",
        "nova_otazka": "ano",
    }


def test_publishing_makes_a_version_tells_the_difference_and_leaves_other_files_alone(author: Desk) -> None:
    page = f"{STUDIO}/formulare/withdrawal"
    author.post(f"{page}/otevrit", {}, f"{page}/zverejneny")
    edit(author, "details", "/properties/withdrawal_reason", page, **{"k:title": "Důvod"})
    html = author.get(f"{page}/zverejnit")
    assert "Změněno: „Důvod“" in reads(html) and "popisek: „Důvod“, dřív „Proč“" in reads(html)
    version = VERSION.search(html)
    done = author.post(f"{page}/zverejnit", {"version": version[1] if version else ""})
    assert done.status_code == 303
    assert "Zveřejněno jako verze 2" in author.get(STUDIO)
    assert "Změněno: „Důvod“" in reads(author.get(f"{page}/verze"))
    again = author.post(f"{page}/otevrit", {}, f"{page}/zverejneny")
    assert again.status_code == 303 and "Od zveřejněného formuláře se nic neliší" in author.get(f"{page}/zverejnit")


def test_a_form_with_an_error_is_not_published(author: Desk) -> None:
    begins(author)
    adds(author, "Poplatek", "computed")
    wrong = edit(author, "details", "/properties/poplatek", **{"k:title": "Poplatek", "k:x-computed": "1 +"})
    assert wrong.status_code == 422 and "1 +" in wrong.text and "Výraz nejde přečíst" in reads(wrong.text)
    html = author.get(f"{DOG}/zverejnit")
    assert "Výpočet nebo pravidlo nejde přečíst" in reads(html)
    version = VERSION.search(html)
    assert author.post(f"{DOG}/zverejnit", {"version": version[1] if version else ""}).status_code == 422
    assert "verze 2" not in author.get(STUDIO)


def test_a_misspelt_name_is_told_at_once_with_the_likely_one(author: Desk) -> None:
    begins(author)
    adds(author, "Cena", "money")
    adds(author, "Poplatek", "computed")
    place = "/properties/poplatek"
    wrong = edit(author, "details", place, **{"k:title": "Poplatek", "k:x-computed": "times(cenna, 2)"})
    assert wrong.status_code == 422
    assert "Nemáte na mysli cena?" in reads(wrong.text)
    assert "times(cenna, 2)" in reads(wrong.text), "what was typed stays"
    unseen = edit(
        author, "details", place, **{"k:title": "Poplatek", "k:x-computed": 'times(cena, parameters["rate"])'}
    )
    assert unseen.status_code == 422 and "parameters" in reads(unseen.text), "a form sees no parameters of cases"
    loop = "sum([times(one, 2) for one in [cena]])"
    assert edit(author, "details", place, **{"k:title": "Poplatek", "k:x-computed": loop}).status_code == 303
    assert form(author)["properties"]["poplatek"]["x-computed"] == loop


def test_translations_are_typed_beside_the_originals_and_missing_ones_are_counted(author: Desk) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    page = f"{DOG}/preklady"
    assert "chybí 2 z 2" in author.get(page)
    version = VERSION.search(author.get(page))
    said = {"t:/title": "Dog fee", "t:/nothing": "x", "version": version[1] if version else ""}
    assert author.post(page, said).status_code == 303
    assert "chybí 1 z 2" in author.get(page)
    assert form(author)["x-translations"] == {"en": {"/title": "Dog fee"}}
    assert "Dog fee" not in author.get(f"{page}?chybi=1")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"nonsense", "čitelný JSON"),
        (b"[1]", "objekt JSON"),
        (b'{"type": "array"}', "musí být objekt"),
        (b'{"properties": {"a": {"$ref": "https://elsewhere.example/x"}}}', "vede ven ze souboru"),
        (b'{"properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}, "title": {"a": 1}}', ""),
        (b'{"a": 1, "a": 2}', "dvakrát"),
        (b"", ""),
    ],
)
def test_a_file_that_is_no_form_is_refused_in_a_sentence(author: Desk, content: bytes, why: str) -> None:
    answer = begins(author, "Cizí", how="file", file=(io.BytesIO(content), "x.json"))
    if answer.status_code == 303:  # odd, yet it can be asked
        assert not why
        author.get(f"{STUDIO}/formulare/cizi")
        return
    assert answer.status_code == 422 and why in answer.text


BAD: list[Mapping[str, str]] = [
    {"edit": "nothing"},
    {"edit": "add", "kind": "__class__"},
    {"edit": "add", "kind": "library:../secret"},
    {"edit": "remove", "place": "/x-vendor"},
    {"edit": "remove", "place": "/properties/none"},
    {"edit": "move", "place": "/properties/jmeno_psa", "way": "sideways"},
    {"edit": "move", "place": "/properties/jmeno_psa", "to": "/properties/jmeno_psa"},
    {"edit": "duplicate", "place": ""},
    {"edit": "rename", "place": "/properties/jmeno_psa", "name": " "},
    {"edit": "turn", "place": "/properties/jmeno_psa", "kind": "group"},
    {"edit": "section", "place": "/properties/jmeno_psa"},
    {"edit": "dissolve", "place": "/x-steps/7"},
    {"edit": "when", "place": "/properties/jmeno_psa", "c:0:field": "/nothing"},
    {"edit": "details", "place": "/properties/jmeno_psa", "k:maxLength": "many"},
    {"edit": "details", "place": "/properties/jmeno_psa", "k:format": "klingon"},
    {"edit": "details", "place": "/properties/jmeno_psa", "o:0:shown": "1", "o:0:label": "one"},
    {"edit": "details", "place": "/nowhere"},
    {"edit": "details", "place": "no pointer", "k:title": "x"},
]


@pytest.mark.parametrize("said", BAD)
def test_an_edit_that_makes_no_sense_is_refused_and_changes_nothing(author: Desk, said: Mapping[str, str]) -> None:
    begins(author)
    adds(author, "Jméno psa", "text")
    before = author.get(f"{DOG}.json")
    token = TOKEN.search(author.get(DOG))
    version = VERSION.search(author.get(DOG))
    answer = author.client.post(
        f"{DOG}/uprava",
        data={"csrf_token": token[1] if token else "", "version": version[1] if version else "", **said},
    )
    assert answer.status_code in (422, 409), answer.status_code
    assert author.get(f"{DOG}.json") == before


def test_a_new_form_begins_from_a_ready_one_under_a_name_of_its_own(author: Desk) -> None:
    begins(author, "Zpětvzetí podruhé", how="ready", ready="membership/withdrawal")
    page = f"{STUDIO}/formulare/zpetvzeti_podruhe"
    ready = json.loads(load("membership").files["forms/withdrawal.json"])
    assert form(author, page) == {**ready, "title": "Zpětvzetí podruhé"}
    begins(author, "Zpětvzetí podruhé")
    assert form(author, f"{page}_2")["properties"] == {}


def test_a_published_question_that_gets_another_name_remembers_the_former_one_for_drafts(author: Desk) -> None:
    page = f"{STUDIO}/formulare/withdrawal"
    author.post(f"{page}/otevrit", {}, f"{page}/zverejneny")
    edit(author, "rename", "/properties/withdrawal_reason", page, name="why")
    edit(author, "rename", "/properties/why", page, name="reason")
    assert form(author, page)["properties"]["reason"]["x-was"] == "withdrawal_reason"
    begins(author)
    adds(author, "Jméno psa", "text")
    edit(author, "rename", "/properties/jmeno_psa", name="name")
    assert form(author)["properties"]["name"] == {"type": "string", "title": "Jméno psa"}
