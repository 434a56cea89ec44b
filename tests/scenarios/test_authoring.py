"""The agenda that docs/authoring.md shows is a real one."""

from __future__ import annotations

import re
from pathlib import Path

from engine.store.diagrams import diagrams_of
from processes.agenda import parse_agenda
from processes.scenarios import Coverage, play, read_scenarios
from web.inspection import inspect
from web.stage import make_stage

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "authoring.md"
#: A block whose fence names a file.
BLOCK = re.compile(r"^```\w+ (?P<path>[\w./]+)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)


def shown_agenda() -> dict[str, bytes]:
    return {found["path"]: found["content"].encode() for found in BLOCK.finditer(GUIDE.read_text(encoding="utf-8"))}


def test_the_agenda_of_the_guide_has_nothing_wrong() -> None:
    files = shown_agenda()
    assert "agenda.toml" in files
    assert [problem.message for problem in inspect(files)] == []


def test_the_stories_of_the_guide_come_out_and_go_everywhere() -> None:
    agenda = parse_agenda(shown_agenda())
    coverage = Coverage.of(diagrams_of(agenda.files).values())
    for scenario in read_scenarios(agenda):
        stage = make_stage(agenda)
        try:
            outcome = play(scenario, agenda, stage, coverage)
        finally:
            stage.close()
        assert outcome.ok, outcome.problem
    assert coverage.missing == []
