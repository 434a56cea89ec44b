"""The demo beside data that an older Radnice made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from engine.model import Actor
from engine.queries.definitions import agenda_versions
from engine.queries.people import person
from processes.agenda import Agenda
from processes.catalogue import load, to_command
from tests.integration.conftest import ALL
from web.bootstrap import Parts, bootstrap
from web.demo import bring_up_to_date, found, settings_for
from web.migrations import upgrade
from web.settings import Settings

KEY = "otevrenamesta"


@pytest.fixture
def parts(database_url: str, tmp_path: Path) -> Iterator[Parts]:
    made = bootstrap(Settings(var=tmp_path, database_url=database_url))
    upgrade(made.database)
    yield made
    made.database.dispose()


def changed(agenda: Agenda, words: str) -> Agenda:
    """The same agenda with another letter."""
    return replace(agenda, files={**agenda.files, "messages/welcome.md": words.encode()})


def versions(parts: Parts) -> list[int]:
    with parts.sessions(info=ALL) as session:
        return [one.version for one in agenda_versions(session, KEY, "membership")]


def test_a_newer_agenda_and_new_people_come_to_a_demo_that_is_there(parts: Parts) -> None:
    agenda = load("membership")
    people = yaml.safe_load(agenda.text("demo/people.yaml") or "")
    found(parts, [agenda], {"key": KEY, "name": "Otevřená města"}, people[:2])
    bring_up_to_date(parts, [agenda], KEY, people)
    assert versions(parts) == [1]
    bring_up_to_date(parts, [changed(agenda, "Vítejte, {{ name }}.")], KEY, people)
    assert versions(parts) == [2, 1]
    with parts.sessions(info=ALL) as session:
        assert all(person(session, KEY, one["username"]) for one in people)


def test_what_an_author_published_is_not_undone_by_the_next_start(parts: Parts) -> None:
    agenda = load("membership")
    found(parts, [agenda], {"key": KEY, "name": "Otevřená města"}, [])
    author = Actor(kind="person", username="autor", name="Autor", groups=frozenset({"author"}))
    mine = changed(agenda, "Jsme rádi, že jste tu.")
    parts.engine.execute(to_command(mine, mine.files, KEY, author))
    bring_up_to_date(parts, [agenda], KEY, [])
    with parts.sessions(info=ALL) as session:
        newest = agenda_versions(session, KEY, "membership")[0]
    assert (newest.version, newest.deployed_by) == (2, "autor")


def test_links_of_the_demo_lead_to_its_port_unless_the_environment_says_where() -> None:
    assert settings_for(8017, {}).base_url == "http://127.0.0.1:8017"
    assert settings_for(8017, {"RADNICE_BASE_URL": "https://radnice.example"}).base_url == "https://radnice.example"
