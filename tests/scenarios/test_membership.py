"""The membership agenda walked through its own scenarios, and what it must say and count."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pytest

from engine.dmn import evaluate, read_decisions
from engine.handlers.logic import logic_of
from engine.headless import run
from engine.store.diagrams import diagrams_of
from processes import catalogue
from processes.scenarios import Coverage, Outcome, play, read_scenarios
from web.inspection import inspect
from web.stage import Theatre

AGENDA = catalogue.load("membership")
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


def test_scenarios_go_through_every_activity_and_flow(record_property: pytest.RecordProperty) -> None:
    _, coverage = played()
    nodes, flows = coverage.percent()
    record_property("summary", f"membership scenarios: activities {nodes} %, flows {flows} %")
    assert coverage.missing == []


def test_the_agenda_has_nothing_to_complain_about() -> None:
    assert [problem for problem in inspect(AGENDA.files) if problem.severity == "error"] == []


@pytest.mark.parametrize(
    ("subject", "kind", "inhabitants", "rate", "annual"),
    [
        ("municipality", "regular", 2540, 3, 7620),
        ("borough", "regular", 2540, 3, 7620),
        ("municipality", "regular", 10_000, 3, 30_000),
        ("town", "regular", 10_001, 2, 20_002),
        ("town", "regular", 100_000, 2, 200_000),
        ("statutory_city", "regular", 100_001, 1, 100_001),
        ("region", "regular", None, 0, 49_000),
        ("town", "starter", 2540, 0, 5_000),
        ("region", "starter", None, 0, 5_000),
        ("other", "affiliated", None, 0, 0),
    ],
)
def test_the_fee_follows_the_price_list(
    subject: str, kind: str, inhabitants: int | None, rate: int, annual: int
) -> None:
    decisions = read_decisions(AGENDA.files["membership_fee.dmn"])
    given = {"subject_kind": subject, "membership_kind": kind, "inhabitants": inhabitants}
    assert evaluate(decisions, "membership_fee", given).outputs == {"rate": rate, "annual": annual}


@pytest.mark.parametrize(
    ("inhabitants", "join_from", "due"),
    [
        (2540, "2026-07-01", 3810),
        (2540, "2026-01-01", 7620),
        (2540, "2026-01-31", 7620),
        (2540, "2026-12-31", 635),
        (2541, "2026-07-15", 3812),
        (10_001, "2026-12-01", 1667),
    ],
)
def test_the_first_year_is_paid_by_months_and_rounded_half_up(inhabitants: int, join_from: str, due: int) -> None:
    data = {
        "subject_kind": "town",
        "membership_kind": "regular",
        "inhabitants": inhabitants,
        "join_from": join_from,
    }
    result = run(AGENDA.files["assess_fee.bpmn"], data=data, logic=logic_of(AGENDA.files))
    assert result.data["fee"]["due"] == due


def test_the_service_says_what_is_needed_in_both_languages() -> None:
    (service,) = AGENDA.services
    assert service.process == "membership"
    assert len(service.needs["cs"]) == len(service.needs["en"])
    assert set(service.title) == {"cs", "en"}
