"""Versions of diagrams and decisions in the studio: both drawings with marks, rules, who made them."""

from __future__ import annotations

import re

import pytest

from processes.catalogue import load
from tests.integration.web.desk import Desk
from tests.integration.web.test_deciding import KEY as DECISION
from tests.integration.web.test_modelling import KEY as DIAGRAM
from tests.integration.web.test_modelling import changed, sent


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    desk.post(f"{DIAGRAM}/otevrit", {}, DIAGRAM)
    return desk


def test_both_drawings_are_marked_and_the_list_leads_to_the_place(author: Desk) -> None:
    sent(author, "ulozit", xml=changed(), version="1")
    page = author.get(f"{DIAGRAM}/verze")
    assert page.count('<svg class="bpmn"') == 2
    end = re.search(r'href="#(po-\w+)">(Zbrusu [^<]*)<', page)
    assert end
    assert f'id="{end[1]}"' in page
    assert f'id="{end[1].replace("po-", "pred-")}"' in page
    assert re.search(r"název: <del>[^<]+</del> <ins>Zbrusu", page)
    assert "upravuje se" in page or "rozpracov" in page.lower()


def test_publishing_shows_the_drawings_too(author: Desk) -> None:
    assert "je stejně nakreslený" in author.get(f"{DIAGRAM}/zverejnit")
    sent(author, "ulozit", xml=changed(), version="1")
    page = author.get(f"{DIAGRAM}/zverejnit")
    assert "Jak je zveřejněno" in page
    assert "mark is-changed" in page


def test_one_version_is_nothing_to_compare_and_strange_choices_do_no_harm(desk: Desk) -> None:
    desk.sign_in("autor")
    assert "jen jedna verze" in desk.get(f"{DIAGRAM}/verze?nova=99&stara=x")
    assert "jen jedna verze" in desk.get(f"{DECISION}/verze")
    desk.get("/studio/membership/diagramy/nic/verze", 404)


def test_a_diagram_that_cannot_be_read_is_not_compared_but_its_page_comes(author: Desk) -> None:
    sent(author, "ulozit", xml="<a/>", version="1")
    page = author.get(f"{DIAGRAM}/verze")
    assert "Verze" in page


def test_decisions_are_compared_by_rules(desk: Desk) -> None:
    desk.sign_in("autor")
    desk.post(f"{DECISION}/otevrit", {}, DECISION)
    text = load("membership").files["membership_fee.dmn"].decode().replace("<text>49000</text>", "<text>50000</text>")
    token = re.search(r'data-token="([^"]+)"', desk.get(DECISION))
    assert token
    desk.client.post(f"{DECISION}/ulozit", data={"xml": text, "version": "1"}, headers={"X-CSRFToken": token[1]})
    assert "<del>49000</del> <ins>50000</ins>" in desk.get(f"{DECISION}/verze")
