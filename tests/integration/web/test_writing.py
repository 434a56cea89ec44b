"""Letters and mails in the studio: tried on a story, printed, published only when all comes out; nothing is lost."""

from __future__ import annotations

import re

import pytest

from tests.integration.web.desk import FOREIGN_HOST, Desk
from tests.integration.web.test_founding import NEW, WOOD

TEXTS = "/studio/palivove_drevo/texty"
MAIL, LETTER = f"{TEXTS}/messages/received.md", f"{TEXTS}/documents/decision.html"
VERSION = re.compile(r'name="version" value="(\d+)"')
OWN = "# Přijato {{ case.number }}\n\nMilá {{ name }}, děkujeme.\n"


@pytest.fixture
def author(desk: Desk) -> Desk:
    desk.sign_in("autor")
    desk.post(NEW, WOOD)
    return desk


def test_a_mail_is_tried_on_a_story_and_published(author: Desk) -> None:
    assert "Dopisy a e-maily" in author.get("/studio/palivove_drevo")
    tried = author.post(MAIL, {"text": OWN, "_go": "try", "version": "1"})
    assert tried.status_code == 200
    assert "Milá Jana Malá, děkujeme." in tried.text
    assert "děkujeme" not in author.get(MAIL)
    late = author.post(MAIL, {"text": OWN.replace("Přijato", "Žádost máme"), "_go": "publish", "version": "0"})
    assert late.status_code == 409
    author.post(MAIL, {"text": OWN.replace("Přijato", "Žádost máme"), "_go": "publish", "version": "1"})
    assert "děkujeme" in author.get(MAIL)


def test_a_letter_shows_its_words_and_prints(author: Desk) -> None:
    page = author.get(LETTER)
    assert "{% extends" in page
    text = '{% extends "letter.html" %}{% block title %}R{% endblock %}{% block body %}Milá {{ name }}{% endblock %}'
    assert "Milá Jana Malá" in author.post(LETTER, {"text": text, "_go": "try"}).text
    printed = author.post(LETTER, {"text": text, "_go": "pdf"})
    assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
    assert printed.data.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Ahoj {{ name", "Text nejde přečíst"),
        ("Ahoj bez předmětu", "Text nejde přečíst"),
        ("# Ahoj {{ nikdy_nebylo }}", "Nevychází to"),
        ("# Ahoj\n{% for a in range(99999999) %}x{% endfor %}", "Nevychází to"),
        ("# " + "x" * 100_001, "Tohle je příliš dlouhé."),
    ],
)
def test_what_cannot_be_written_is_told_stays_on_the_page_and_is_not_published(
    author: Desk, text: str, said: str
) -> None:
    for doing in ("try", "publish"):
        answer = author.post(MAIL, {"text": text, "_go": doing, "version": "1"})
        assert answer.status_code == 422
        assert "Ahoj" in answer.text or len(text) > 100_000
        assert said in answer.text or doing == "publish"
    assert VERSION.search(author.get(MAIL))[1] == "1"  # type: ignore[index]


def test_a_mail_that_breaks_a_story_is_not_published(author: Desk) -> None:
    answer = author.post(MAIL, {"text": "# Jiný předmět\n\nText.\n", "_go": "publish", "version": "1"})
    assert answer.status_code == 422
    assert "Příběh" in answer.text
    assert "Jiný předmět" in answer.text


def test_a_new_text_begins_with_an_example_that_no_story_writes_yet(author: Desk) -> None:
    page = f"{TEXTS}/messages/reminder.md"
    assert "Předmět zprávy" in author.get(page)
    assert "Žádný příběh" in author.post(page, {"text": OWN, "_go": "try"}).text


def test_only_texts_and_only_of_the_organisation(author: Desk) -> None:
    for path in ("agenda.toml", "forms/application.json", "documents/../agenda.toml", "documents/a.css"):
        author.get(f"{TEXTS}/{path}", 404)
    author.sign_in("sekretarka")
    author.get(MAIL, 403)
    author.sign_in("spravce", FOREIGN_HOST)
    author.get(MAIL, 404)
