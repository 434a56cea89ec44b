"""Mails of the installation: an organisation's own words, and ours where they fail."""

from __future__ import annotations

import pytest

from web.office_mails import compose, supplied
from web.tenancy import Tenant

DATA = {
    "kind": "delegated",
    "who": "Petr Malý",
    "what": "Kontrola",
    "case": {"number": "PRI-1"},
    "url": "https://radnice.example/prace/ukoly/1",
    "settings_url": "https://radnice.example/nastaveni",
    "today": "2026-06-01",
    "day": "2026-06-08",
    "title": "Přihláška",
    "overdue": [{"number": "PRI-1", "name": "Kontrola", "due_on": "2026-05-29", "url": "https://radnice.example/1"}],
    "soon": [],
    "substitutes_left": ["Tomáš"],
    "substitution_url": "https://radnice.example/zastupy",
    "news": [{"number": "PRI-2", "who": "Petr", "kind": "mentioned", "url": "https://radnice.example/2"}],
}


def office(**mails: str) -> Tenant:
    return Tenant(key="mesto", name="Město", settings={"mails": mails})


@pytest.mark.parametrize("name", sorted(supplied()))
def test_each_text_of_ours_has_a_subject_and_a_body(name: str) -> None:
    stem, _, lang = name.partition(".")
    message = compose(office(), stem, DATA, lang or "cs")
    assert message.subject and "None" not in message.text
    assert len(message.text) > 100


def test_an_office_says_it_in_its_own_words() -> None:
    own = "# Úkol {{ case.number }}\n\nPředává {{ who }}."
    message = compose(office(notification=own), "notification", DATA, "cs")
    assert message.subject == "Úkol PRI-1"
    assert "Předává Petr Malý." in message.text


@pytest.mark.parametrize(
    "broken", ["bez nadpisu", "# {{ who", "# A\n\n{{ nothing.here }}", "# A\n\n{{ who.__class__ }}"]
)
def test_a_text_that_cannot_be_written_gives_way_to_ours(broken: str) -> None:
    message = compose(office(notification=broken), "notification", DATA, "cs")
    assert message == compose(office(), "notification", DATA, "cs")
