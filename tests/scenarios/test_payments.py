"""The payment portal walked through its own scenarios, taken elsewhere and run there."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pytest

from engine.store.diagrams import diagrams_of
from processes import catalogue
from processes.agenda import parse_agenda
from processes.scenarios import Coverage, Outcome, play, read_scenarios
from web.inspection import inspect
from web.stage import Theatre

AGENDA = catalogue.load("payments")
SCENARIOS = read_scenarios(AGENDA)

pytestmark = pytest.mark.xdist_group("scenarios")


@functools.cache
def played() -> tuple[Mapping[str, Outcome], Coverage]:
    """Every scenario is played once, whichever test asks first."""
    coverage = Coverage.of(diagrams_of(AGENDA.files).values())
    with Theatre() as theatre:
        outcomes = {one.path: play(one, AGENDA, theatre.stage(AGENDA), coverage) for one in SCENARIOS}
    return outcomes, coverage


@pytest.mark.parametrize("path", [scenario.path for scenario in SCENARIOS])
def test_the_scenario_goes_as_it_is_told(path: str) -> None:
    outcomes, _ = played()
    assert outcomes[path].problem == ""


def test_scenarios_go_through_every_activity_and_flow() -> None:
    _, coverage = played()
    assert coverage.missing == []


def test_the_agenda_has_nothing_to_complain_about() -> None:
    assert [problem for problem in inspect(AGENDA.files) if problem.severity != "hint"] == []


def test_the_agenda_taken_to_another_installation_is_the_same_and_runs_there() -> None:
    carried = parse_agenda(catalogue.unpack(catalogue.pack(AGENDA.files)))
    assert carried.files == AGENDA.files
    story = next(one for one in read_scenarios(carried) if one.path.startswith("scenarios/06"))
    with Theatre() as elsewhere:
        assert play(story, carried, elsewhere.stage(carried)).problem == ""
