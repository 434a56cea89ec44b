"""Searching services, periods in words, secrets, settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.i18n import local_path
from web.periods import in_words
from web.portal.cards import Card, search
from web.settings import BadSettings, Settings
from web.tracking import case_secret, opens


def a_card(title: str, summary: str = "") -> Card:
    facts = {"agenda": "a", "process": title, "category": "", "icon": "file", "duration": "", "outcome": ""}
    return Card(title=title, summary=summary, needs=(), **facts)


def test_services_are_found_without_accents_and_in_any_grammatical_case() -> None:
    offered = [a_card("Přihláška do spolku"), a_card("Poplatek za psa", "Přihlášení psa a odhlášení.")]
    assert [card.title for card in search(offered, "prihlasky")] == ["Přihláška do spolku", "Poplatek za psa"]
    assert [card.title for card in search(offered, "SPOLEK")] == ["Přihláška do spolku"]
    assert search(offered, "kanalizace") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P5WD", "do 5 pracovních dnů"),
        ("P1D", "do 1 dne"),
        ('parameters["due"]', "do 30 dnů"),
        ("add_days(today, 3)", ""),
        ("", ""),
    ],
)
def test_a_period_is_told_only_when_it_is_known_before_the_case_runs(text: str, said: str) -> None:
    assert in_words(text, "cs", {"due": "P30D"}).replace("\u00a0", " ") == said


def test_a_secret_opens_only_its_case_however_it_is_typed() -> None:
    secret = case_secret("key", "case-1")
    assert opens(secret, "key", "case-1", None)
    assert opens(secret.lower().replace("-", "  "), "key", "case-1", None)
    assert not opens(secret, "key", "case-2", None)
    assert not opens(secret, "other key", "case-1", None)
    assert not opens("", "key", "case-1", None)


@pytest.mark.parametrize("text", ["https://elsewhere", "//elsewhere", "/\\elsewhere", "elsewhere", "/a\nb", None])
def test_the_way_back_never_leads_to_another_site(text: str | None) -> None:
    assert local_path(text, "/home") == "/home"
    assert local_path("/prace/ukoly?q=1") == "/prace/ukoly?q=1"


def test_settings_come_from_the_environment_and_wrong_ones_are_named(tmp_path: Path) -> None:
    settings = Settings.from_env({"RADNICE_VAR": str(tmp_path), "RADNICE_HOSTS": "a.cz=a, B.cz=b"})
    assert settings.database == f"sqlite:///{tmp_path / 'radnice.db'}"
    assert settings.hosts == {"a.cz": "a", "b.cz": "b"}
    with pytest.raises(BadSettings, match="RADNICE_PROXIES"):
        Settings.from_env({"RADNICE_PROXIES": "two"})
    with pytest.raises(BadSettings, match="RADNICE_HOSTS"):
        Settings.from_env({"RADNICE_HOSTS": "a.cz"})


def test_the_signing_key_is_drawn_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    assert settings.signing_key() == settings.signing_key()
    assert len(settings.signing_key()) >= 48
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert settings.signing_key() not in repr(Settings(secret_key="s3cret"))
