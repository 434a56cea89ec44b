"""Scenarios: an agenda told as a story and played on a virtual clock. How to write one: docs/scenarios.md."""

from __future__ import annotations

from processes.scenarios.coverage import Coverage
from processes.scenarios.failing import Failed
from processes.scenarios.pinning import pinned
from processes.scenarios.playing import Failure, Outcome, play
from processes.scenarios.reading import BadScenario, Scenario, read_scenarios, read_story, told_in
from processes.scenarios.rehearsal import OpenTask, Standing, rehearse
from processes.scenarios.stage import Person, Stage

__all__ = [
    "BadScenario",
    "Coverage",
    "Failed",
    "Failure",
    "OpenTask",
    "Outcome",
    "Person",
    "Scenario",
    "Stage",
    "Standing",
    "pinned",
    "play",
    "read_scenarios",
    "read_story",
    "rehearse",
    "told_in",
]
