"""Every agenda beside membership: its stories, its coverage, what the check says, and that it travels as one zip."""

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

AGENDAS = [key for key in catalogue.supplied() if key != "membership"]
STORIES = [(key, one.path) for key in AGENDAS for one in read_scenarios(catalogue.load(key))]

pytestmark = pytest.mark.xdist_group("other-agendas")


@functools.cache
def played(key: str) -> tuple[Mapping[str, Outcome], Coverage]:
    """Every scenario is played once, from the agenda as it comes out of its own zip."""
    agenda = parse_agenda(catalogue.unpack(catalogue.pack(catalogue.load(key).files)))
    coverage = Coverage.of(diagrams_of(agenda.files).values())
    with Theatre() as theatre:
        stories = read_scenarios(agenda)
        outcomes = {one.path: play(one, agenda, theatre.stage(agenda, one.parameters), coverage) for one in stories}
    return outcomes, coverage


@pytest.mark.parametrize(("key", "path"), STORIES)
def test_the_story_goes_as_it_is_told(key: str, path: str) -> None:
    outcomes, _ = played(key)
    assert outcomes[path].problem == ""


@pytest.mark.parametrize("key", AGENDAS)
def test_stories_go_through_every_activity_and_flow(key: str, record_property: pytest.RecordProperty) -> None:
    _, coverage = played(key)
    nodes, flows = coverage.percent()
    record_property("summary", f"{key} scenarios: activities {nodes} %, flows {flows} %")
    assert coverage.missing == []


@pytest.mark.parametrize("key", AGENDAS)
@pytest.mark.parametrize("lang", ["cs", "en"])
def test_the_check_has_no_error_and_no_warning(key: str, lang: str) -> None:
    assert [one for one in inspect(catalogue.load(key).files, lang) if one.severity != "hint"] == []
