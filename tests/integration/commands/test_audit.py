"""`radnice audit`: what one person exports another one checks, without a database."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from engine.calendar import SettableClock
from engine.commands import AddTenant, Deploy, StartInstance
from engine.model import SYSTEM, Applicant
from engine.queries.audit import Sought, search
from engine.queries.cases import Wanted, cases
from tests.integration.conftest import ALL
from tests.integration.diagrams import chain, diagram, end, script, start
from tests.integration.office import MORNING
from web.bootstrap import bootstrap
from web.cli import main
from web.erasing import keep_no_longer
from web.settings import Settings

AT_ONCE = diagram(start(), script("a", "x = 1"), end(), chain("s", "a", "e"))
MANIFEST = b'key = "agenda"\n[retention]\ncase = "P1Y"\n'


@pytest.fixture
def clock(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SettableClock:
    monkeypatch.setenv("RADNICE_VAR", str(tmp_path))
    monkeypatch.setenv("RADNICE_DATABASE_URL", database_url)
    return SettableClock(MORNING)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, clock: SettableClock) -> Settings:
    """A town with a finished case."""
    made = Settings(database_url=database_url, var=tmp_path, secret_key="audit")
    parts = bootstrap(made, clock)
    parts.engine.execute(AddTenant(tenant="town", actor=SYSTEM, name="Město"))
    files = {"a.bpmn": AT_ONCE, "agenda.toml": MANIFEST}
    parts.engine.execute(Deploy(tenant="town", actor=SYSTEM, agenda="agenda", title={"cs": "A"}, files=files))
    whose = Applicant(name="Kvapilová", email="kvapilova@example.cz")
    parts.engine.execute(StartInstance(tenant="town", actor=SYSTEM, process_key="p", applicant=whose))
    parts.database.dispose()
    return made


def test_an_export_is_checked_and_a_changed_one_refused(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "audit.jsonl"
    assert main(["audit", "export", "--tenant", "town", "--out", str(file)]) == 0
    assert main(["audit", "verify", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"]
    assert told["entries"] > 3
    assert main(["audit", "verify", str(file), "--head", told["head"]]) == 0
    file.write_text(file.read_text().replace("case-started", "case-stolen"))
    assert main(["audit", "verify", str(file)]) == 1
    assert main(["audit", "export", "--tenant", "nowhere"]) == 1


def test_what_is_past_its_time_goes_once_with_proof_in_the_audit(settings: Settings, clock: SettableClock) -> None:
    parts = bootstrap(settings, clock)
    assert keep_no_longer(parts, "town")["erased"] == []
    clock.advance(timedelta(days=366))
    protocol = keep_no_longer(parts, "town")
    assert len(protocol["erased"]) == 1
    assert protocol["rows"]["process_instance"] == 1
    assert keep_no_longer(parts, "town")["erased"] == []
    with parts.sessions(info=ALL) as session:
        assert cases(session, "town", Wanted(), SYSTEM).total == 0
        kinds = [one.kind for one in search(session, "town", Sought())]
    assert kinds[:2] == ["retention-run", "erased"]
    parts.database.dispose()
