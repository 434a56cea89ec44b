"""Diagrams in the studio without JavaScript: taking up, files in and out, two authors, rights, harmful files."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from processes.catalogue import load
from tests.integration.web.desk import TOKEN, Desk

STUDIO = "/studio/membership/diagramy"
KEY = f"{STUDIO}/application_completion"
VERSION = re.compile(r'name="version" value="(\d+)"')
HARMFUL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
DRAWN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="https://example.cz">
<process id="walk"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<task id="t" name="Vyvencit psa"/></process></definitions>"""


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    desk.post(f"{KEY}/otevrit", {}, KEY)
    return desk


def sent(desk: Desk, page: str, **fields: object) -> TestResponse:
    """Post as the modeller does, with the token in a header."""
    token = TOKEN.search(desk.get(KEY))
    assert token
    return desk.client.post(f"{KEY}/{page}", data=fields, headers={"X-CSRFToken": token[1]})


def changed() -> str:
    """The published diagram with another name in it."""
    text = load("membership").files["application_completion.bpmn"].decode()
    return re.sub(r'(<\w*:?endEvent [^>]*name=")', r"\1Zbrusu ", text)


def test_diagrams_are_for_authors_of_the_organisation_only(author: Desk) -> None:
    sent(author, "ulozit", xml=changed(), version="1")
    author.sign_in("sekretarka")
    for page in (KEY, f"{KEY}.bpmn", f"{KEY}/nabidka", f"{KEY}/cteni", f"{STUDIO}/novy"):
        author.get(page, 403)
    author.sign_in("spravce", "jinde.example")
    assert author.client.get(f"{KEY}/nabidka").status_code == 404
    assert "Zbrusu" not in author.get(KEY) + author.get(f"{KEY}.bpmn") + author.get("/studio/membership")


def test_a_save_over_a_colleagues_is_refused_and_says_whose(author: Desk) -> None:
    assert sent(author, "ulozit", xml=changed(), version="1").json["version"] == 2  # type: ignore[index]
    late = sent(author, "ulozit", xml=changed().replace("Zbrusu", "Jinak"), version="1")
    assert late.status_code == 409
    assert "Eva" in late.json["message"]  # type: ignore[index]
    assert "Zbrusu" in author.get(f"{KEY}.bpmn")
    author.post(f"{KEY}/krok", {"version": "2", "way": "back"}, KEY)
    assert "Zbrusu" not in author.get(f"{KEY}.bpmn")


def test_what_cannot_be_read_or_is_harmful_is_not_saved(author: Desk) -> None:
    before = author.get(f"{KEY}.bpmn")
    for text in (HARMFUL.decode(), "<a>", "", "x" * (3 * 2**20 + 1)):
        refused = sent(author, "ulozit", xml=text, version="1")
        assert refused.status_code == 422
        assert refused.json["message"]  # type: ignore[index]
    author.post(f"{KEY}/nahrat", {"version": "1", "file": (io.BytesIO(HARMFUL), "zly.bpmn")}, KEY)
    assert author.get(f"{KEY}.bpmn") == before


def test_the_check_says_what_is_wrong_with_what_was_not_saved(author: Desk) -> None:
    assert sent(author, "kontrola", xml=changed()).json == {"problems": []}
    wrong = sent(author, "kontrola", xml=changed().replace('form="', 'form="nikde_')).json["problems"]  # type: ignore[index]
    assert any(one["severity"] == "error" and one["element"] and one["mend"] for one in wrong)
    assert "nikde_" not in author.get(f"{KEY}.bpmn")


def test_times_are_read_while_they_are_typed(author: Desk) -> None:
    said = {text: author.client.get(f"{KEY}/cteni?druh=due&text={text}").json for text in ("P5WD", "P5", "lhuta")}
    read = {text: words["words"] for text, words in said.items() if words}
    assert "pondělí 8. 6. 2026" in read["P5WD"].replace("\xa0", " ")
    assert "nedá přečíst" in read["P5"]
    assert "Výraz" in read["lhuta"]


def test_the_offer_names_what_the_agenda_has(author: Desk) -> None:
    offer: dict[str, Any] = author.client.get(f"{KEY}/nabidka").get_json()
    assert {"key": "board", "title": "Výbor"} in offer["groups"]
    assert any(one["key"] == "application" and one["url"].endswith("/application") for one in offer["forms"])
    mail = next(one for one in offer["actions"] if one["key"] == "mail.send")
    assert {"name": "to", "required": True, "choices": None} in mail["parameters"]


def test_a_diagram_begins_empty_from_a_ready_one_and_from_a_sketch(author: Desk) -> None:
    author.post(f"{STUDIO}/novy", {"title": "Venčení", "how": "empty"})
    assert 'id="venceni"' in author.get(f"{STUDIO}/venceni.bpmn")
    author.post(f"{STUDIO}/novy", {"title": "Kopie", "how": "ready", "ready": "membership/membership.bpmn"})
    assert '<bpmn:process id="kopie" name="Kopie"' in author.get(f"{STUDIO}/kopie.bpmn")
    drawn = {"title": "Kresba", "how": "sketch", "file": (io.BytesIO(DRAWN), "k.bpmn")}
    sketched = author.post(f"{STUDIO}/novy", drawn)
    assert "Kresba teď běží" in sketched.text
    assert "radnice:task" in author.get(f"{STUDIO}/kresba.bpmn")
    refused = author.post(f"{STUDIO}/novy", {"title": "Zlá", "how": "file", "file": (io.BytesIO(HARMFUL), "z.bpmn")})
    assert refused.status_code == 422
    assert "DOCTYPE" in refused.text


def test_the_page_serves_without_javascript(author: Desk) -> None:
    sent(author, "ulozit", xml=changed().replace('form="', 'form="nikde_'), version="1")
    page = author.get(KEY)
    assert "<svg" in page
    assert "nikde_" in page
    assert f'href="{KEY}.bpmn"' in page


def test_variables_are_told_for_a_place_of_what_is_just_being_drawn(author: Desk) -> None:
    drawn = load("membership").files["application_completion.bpmn"].decode()
    task = re.search(r'<\w*:?userTask id="(\w+)"', drawn)
    assert task
    names = sent(author, "promenne", xml=drawn, element=task[1]).get_json()["variables"]
    assert names["today"] == ""
    assert sent(author, "promenne", xml=drawn, element="nikde").get_json() == {"variables": None}
    assert sent(author, "promenne", xml="<a", element=task[1]).get_json() == {"variables": None}
