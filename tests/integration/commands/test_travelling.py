"""Every agenda is taken out of one installation and runs in another that was empty: by the studio and the commands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.calendar import SettableClock
from engine.model import SYSTEM
from engine.queries.definitions import agendas
from engine.store.session import TENANT
from processes import catalogue
from processes.agenda import Agenda, parse_agenda
from processes.scenarios import Person, play, read_scenarios
from tests.integration.web.desk import Desk, open_desk
from web.bootstrap import bootstrap
from web.cli import main
from web.settings import Settings
from web.stage import MemoryStage

TOWN = "nove-mesto"
#: A story of each agenda that goes from the application to the end.
STORIES = {
    "budgets": "01_vzorovy_soubor",
    "energy": "01_konec_fixace_jednou",
    "grants": "01_rada_45000",
    "membership": "01_prijeti_s_usnesenim",
    "participatory_budget": "02_od_podpory_k_hotovemu_projektu",
    "payments": "06_kosik_zaplaceny_jednou_platbou",
    "services": "01_cityvizor_neclen_23100",
    "vulnerabilities": "06_tri_radky_jeden_nalez",
}


@pytest.fixture
def home() -> Iterator[Desk]:
    """The installation that an agenda leaves."""
    with open_desk() as desk:
        yield desk


@pytest.fixture
def away(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with nothing but its schema."""
    monkeypatch.setenv("RADNICE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("RADNICE_DATABASE_URL", database_url)
    assert main(["db", "upgrade"]) == 0
    return Settings.from_env()


def exported(desk: Desk, key: str) -> bytes:
    """The zip that an author downloads."""
    if key != desk.agenda.key:
        agenda = catalogue.load(key)
        desk.stage.engine.execute(catalogue.to_command(agenda, agenda.files, desk.stage.tenant, SYSTEM))
    desk.sign_in("autor")
    answer = desk.client.get(f"/studio/{key}.zip")
    assert answer.status_code == 200
    return answer.data


def settle_in(agenda: Agenda, package: Path) -> dict[str, Person]:
    """Found the organisation, its people and the agenda as an operator does; gives the people."""
    told: dict[str, Any] = yaml.safe_load(agenda.text("demo/tenant.yaml") or "") or {}
    account = told.get("account", "19-2000145399/0800")
    assert main(["tenant", "add", TOWN, "--name", "Nové Město", "--set", f"account={account}"]) == 0
    people = {}
    for one in yaml.safe_load(agenda.text("demo/people.yaml") or "[]"):
        groups = [word for group in one["groups"] for word in ("--group", group)]
        words = ["user", "add", one["username"], "--tenant", TOWN, "--name", one["name"], *groups, "--no-password"]
        assert main(words) == 0
        people[one["username"]] = Person(username=one["username"], name=one["name"], groups=tuple(one["groups"]))
    assert main(["deploy", str(package), "--tenant", TOWN]) == 0
    return people


@pytest.mark.parametrize("key", sorted(catalogue.supplied()))
def test_an_agenda_runs_where_it_was_taken_to(key: str, home: Desk, away: Settings, tmp_path: Path) -> None:
    package = tmp_path / f"{key}.zip"
    package.write_bytes(exported(home, key))
    agenda = parse_agenda(catalogue.unpack(package.read_bytes()))
    assert agenda.files == catalogue.load(key).files
    people = settle_in(agenda, package)

    clock = SettableClock(datetime(2026, 1, 1, tzinfo=UTC))
    parts = bootstrap(away, clock)
    try:
        with parts.sessions(info={TENANT: TOWN}) as session:
            assert [(one.agenda, one.version) for one in agendas(session, TOWN)] == [(key, 1)]
        stage = MemoryStage(parts=parts, clock=clock, people=people, tenant=TOWN)
        story = next(one for one in read_scenarios(agenda) if STORIES[key] in one.path)
        assert play(story, agenda, stage).problem == ""
    finally:
        parts.database.dispose()
