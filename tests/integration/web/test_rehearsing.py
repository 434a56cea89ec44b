"""Trying a diagram out and publishing it: a small procedure is played, kept as a story, and guarded by it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.model import SYSTEM
from processes.agenda import parse_agenda
from processes.catalogue import to_command
from tests.integration.web.desk import Desk

STUDIO = "/studio/walks/diagramy"
MEMBERSHIP = "/studio/membership/diagramy/membership"
AGENDA = """key = "walks"
[title]
cs = "Venčení psů"
[groups.board]
cs = "Výbor"
"""
KEY = f"{STUDIO}/walk"
TRY, OUT = f"{KEY}/zkusit", f"{KEY}/zverejnit"
VERSION = re.compile(r'name="version" value="(\d+)"')
WALK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:radnice="https://radnice.cz/bpmn/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="d" targetNamespace="https://example.cz"><bpmn:process id="walk" name="Venčení" isExecutable="true">
<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="wait"/>
<bpmn:intermediateCatchEvent id="wait" name="Za týden"><bpmn:timerEventDefinition>
<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1W</bpmn:timeDuration>
</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:sequenceFlow id="g" sourceRef="wait" targetRef="t"/>
<bpmn:userTask id="t" name="Vyvenčit psa"><bpmn:extensionElements><radnice:task group="board"/></bpmn:extensionElements>
</bpmn:userTask><bpmn:sequenceFlow id="h" sourceRef="t" targetRef="e"/><bpmn:endEvent id="e" name="Venku"/>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture
def author(desk: Desk) -> Desk:
    files = {"agenda.toml": AGENDA.encode()}
    desk.stage.engine.execute(to_command(parse_agenda(files), files, desk.stage.tenant, SYSTEM))
    desk.sign_in("autor")
    desk.post(f"{STUDIO}/novy", {"title": "walk", "how": "empty"})
    saves(desk, WALK)
    return desk


def saves(desk: Desk, text: str) -> None:
    version = VERSION.search(desk.get(KEY))
    assert version
    assert desk.post(f"{KEY}/ulozit", {"xml": text, "version": version[1]}, KEY).status_code == 200


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return unescape(found[1]) if found else ""


def plays(desk: Desk, html: str, **posted: Any) -> str:
    """Press a button of the page of the story."""
    answer = desk.post(TRY, {"_story": hidden(html, "_story"), **posted}, TRY)
    return answer.text


def fills(desk: Desk, html: str, **answers: Any) -> str:
    """Send the form that stands on the page."""
    carried = {name: hidden(html, name) for name in ("_asked", "_form", "_data")}
    return plays(desk, html, **carried, _go="continue", **answers)


def test_a_story_is_played_kept_and_guards_the_publishing(author: Desk) -> None:
    page = author.get(TRY)
    assert "ještě nezačal" in page
    page = fills(author, page)
    assert "další časová událost" in page
    page = plays(author, page, _do="wait:P1W")
    who = re.search(r'value="(fill:\[[^"]*)"', page)
    assert who and "Vyvenčit psa" in page
    page = fills(author, plays(author, page, _do=unescape(who[1])))
    assert "skončil" in page
    kept = author.post(TRY, {"_story": hidden(page, "_story"), "_do": "keep", "title": "Pes je venku"}, TRY)
    assert kept.status_code == 303
    assert "scenarios/pes_je_venku.yaml" in author.get(OUT)


def test_a_story_that_does_not_come_out_blocks_the_publishing(author: Desk) -> None:
    begun = {
        "process": "walk",
        "starts": "2026-06-01 09:00",
        "steps": [{"start": "", "by": "zkusebni_board"}, {"wait": "P2W"}],
    }
    author.post(TRY, {"_story": json.dumps(begun), "_do": "keep", "title": "Čeká na venčení"}, TRY)
    saves(author, WALK.replace("P1W", "P1M"))
    refused = publishes(author)
    assert refused.status_code == 422
    assert "nic nezveřejnilo" in refused.text
    told = unescape(refused.text)
    assert "Nesedí otevřené úkoly: má být „Vyvenčit psa“, je nic." in told
    assert "Krok 3 (ověřil se stav;" in told
    saves(author, WALK)
    assert publishes(author).status_code == 303
    assert "Venčení" in author.get("/studio/walks")
    assert "Upravit" in author.get(KEY)


def publishes(desk: Desk) -> TestResponse:
    html = desk.get(OUT)
    together = re.findall(r'name="with" value="([^"]*)"', html)
    return desk.post(OUT, {"version": hidden(html, "version"), "with": together}, OUT)


def test_a_diagram_with_errors_says_what_to_mend_instead_of_playing(author: Desk) -> None:
    saves(author, WALK.replace("P1W", ""))
    answer = author.client.get(TRY)
    assert answer.status_code in (200, 422)
    html = author.get(OUT)
    assert "disabled" in html


def test_a_ready_story_of_the_agenda_is_gone_on_with(author: Desk) -> None:
    author.post(f"{MEMBERSHIP}/otevrit", {}, MEMBERSHIP)
    page = f"{MEMBERSHIP}/zkusit"
    first = re.search(r'<option value="(scenarios/[^"]*)"', author.get(page))
    assert first
    played = author.post(page, {"_do": "story", "story": first[1]}, page)
    assert "1. odeslal se formulář" in played.text
    assert "Případ ještě nezačal" not in played.text


def test_a_damaged_story_begins_anew(author: Desk) -> None:
    for damaged in ("", "{", "[]", json.dumps({"process": "walk"}), "9" * 500_000):
        answer = author.post(TRY, {"_story": damaged, "_do": "wait:P1D"}, TRY)
        assert answer.status_code in (200, 422)


def some(desk: Desk) -> dict[str, int]:
    answer = desk.post("/studio/walks/pribehy?with=walk.bpmn", {"with": "scenarios/pes_je_venku.yaml"}, OUT)
    found: dict[str, int] = answer.get_json()
    return found


def test_stories_are_played_a_few_at_a_time_and_what_they_came_to_holds_until_something_changes(author: Desk) -> None:
    begun = {"process": "walk", "starts": "2026-06-01 09:00", "steps": [{"start": "", "by": "zkusebni_board"}]}
    author.post(TRY, {"_story": json.dumps(begun), "_do": "keep", "title": "Pes je venku"}, TRY)
    while (told := some(author))["done"] < told["total"]:
        continue
    assert told == {"done": 1, "total": 1}
    saves(author, WALK.replace('<bpmn:userTask id="t" name="Vyvenčit psa">', '<bpmn:userTask id="t" name="Ven">'))
    assert some(author)["done"] == 1
