"""Scenarios are read strictly: a slip of the pen is told, never skipped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from processes.agenda import Agenda
from processes.scenarios import BadScenario, Scenario, read_scenarios, told_in

STORY = """
title: Příběh
process: p
starts: 2026-06-01 09:00
steps:
  - start: application
    with: {like: town, change: {/seat/city: Brno, "/contacts/0/role": it}, leave: [/ico]}
  - wait: P3D
"""
FORMS = """
town: {ico: "123", seat: {city: Praha}, contacts: [{role: other}], since: 2026-01-01}
"""


def agenda_with(**files: str) -> Agenda:
    named = {f"scenarios/{name}.yaml": text.encode() for name, text in files.items()}
    return Agenda(key="a", title={"cs": "A"}, summary={}, files=named)


def one(**files: str) -> Scenario:
    (scenario,) = read_scenarios(agenda_with(**files))
    return scenario


def test_shared_data_is_filled_in_changed_and_left_out() -> None:
    scenario = one(story=STORY, _forms=FORMS)
    assert scenario.steps[0].words["with"] == {
        "seat": {"city": "Brno"},
        "contacts": [{"role": "it"}],
        "since": "2026-01-01",
    }
    assert scenario.starts == datetime(2026, 6, 1, 7, 0, tzinfo=UTC)


def test_shared_data_stays_as_it_was_for_the_next_one() -> None:
    first, second = read_scenarios(agenda_with(a=STORY, b=STORY, _forms=FORMS))
    assert first.steps[0].words == second.steps[0].words


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (("title: Příběh", ""), "title is missing"),
        (("2026-06-01 09:00", "soon"), "soon"),
        (("wait: P3D", "weit: P3D"), "Begin it with one of"),
        (("wait: P3D", "wait: P3D\n    by: jana"), "by doesn't go with wait"),
        (("like: town", "like: village"), "There is no village"),
        (("steps:", "steps: ["), "scenarios/story.yaml"),
    ],
)
def test_a_slip_of_the_pen_is_told(slip: tuple[str, str], told: str) -> None:
    with pytest.raises(BadScenario, match=told):
        one(story=STORY.replace(*slip), _forms=FORMS)


def test_a_demo_story_began_some_days_ago_and_goes_on_until_now() -> None:
    now = datetime(2026, 12, 15, 8, 0, tzinfo=UTC)
    text = """
stories:
  - {title: A, process: p, days_ago: 10, steps: [{start: f, with: {since: $first_of_next_month}}]}
"""
    agenda = Agenda(key="a", title={"cs": "A"}, summary={}, files={"demo/cases.yaml": text.encode()})
    (story,) = told_in(agenda, "demo/cases.yaml", now)
    assert story.starts == datetime(2026, 12, 5, 8, 0, tzinfo=UTC)
    assert story.steps[0].words["with"] == {"since": "2027-01-01"}
    assert (story.steps[-1].kind, story.steps[-1].what) == ("until", now.isoformat())
