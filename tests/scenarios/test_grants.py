"""The grants agenda walked through its own scenarios, and what its tables decide."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pytest

from engine.dmn import evaluate, read_decisions
from engine.store.diagrams import diagrams_of
from processes import catalogue
from processes.scenarios import Coverage, Outcome, play, read_scenarios
from web.inspection import inspect
from web.stage import Theatre

AGENDA = catalogue.load("grants")
SCENARIOS = read_scenarios(AGENDA)

pytestmark = pytest.mark.xdist_group("scenarios")


@functools.cache
def played() -> tuple[Mapping[str, Outcome], Coverage]:
    """Every scenario is played once, whichever test asks first."""
    coverage = Coverage.of(diagrams_of(AGENDA.files).values())
    with Theatre() as theatre:
        outcomes = {one.path: play(one, AGENDA, theatre.stage(AGENDA, one.parameters), coverage) for one in SCENARIOS}
    return outcomes, coverage


@pytest.mark.parametrize("path", [scenario.path for scenario in SCENARIOS])
def test_the_scenario_goes_as_it_is_told(path: str) -> None:
    outcomes, _ = played()
    assert outcomes[path].problem == ""


def test_scenarios_go_through_every_activity_and_flow(record_property: pytest.RecordProperty) -> None:
    _, coverage = played()
    nodes, flows = coverage.percent()
    record_property("summary", f"grants scenarios: activities {nodes} %, flows {flows} %")
    assert coverage.missing == []


def test_the_agenda_has_nothing_to_complain_about() -> None:
    assert [problem for problem in inspect(AGENDA.files) if problem.severity != "hint"] == []


@pytest.mark.parametrize(
    ("kind", "amount", "has_council", "body"),
    [
        ("grant", "0.01", True, "council"),
        ("grant", "45000.00", True, "council"),
        ("grant", "50000.00", True, "council"),
        ("grant", "50000.01", True, "assembly"),
        ("grant", "50001.00", True, "assembly"),
        ("grant", "50000.00", False, "mayor"),
        ("grant", "50001.00", False, "assembly"),
        ("gift", "20000.00", True, "council"),
        ("gift", "20001.00", True, "assembly"),
        ("gift", "20000.00", False, "mayor"),
        ("loan", "1.00", True, "assembly"),
    ],
)
def test_the_dated_table_names_the_body(kind: str, amount: str, has_council: bool, body: str) -> None:
    decisions = read_decisions(AGENDA.files["approval_authority.dmn"])
    given = {"body_kind": kind, "item": {"decides_on": amount}, "has_council": has_council, "decided_on": "2026-06-01"}
    assert evaluate(decisions, "approval_authority", given).outputs["body"] == body


@pytest.mark.parametrize(
    ("amount", "orp", "voluntarily", "register", "board"),
    [
        ("50000.00", True, True, False, False),
        ("50001.00", True, False, True, True),
        ("50001.00", False, False, False, True),
        ("50001.00", False, True, True, True),
    ],
)
def test_the_table_says_where_a_contract_is_published(
    amount: str, orp: bool, voluntarily: bool, register: bool, board: bool
) -> None:
    decisions = read_decisions(AGENDA.files["publication_duties.dmn"])
    given = {"published_amount": amount, "is_orp": orp, "publishes_voluntarily": voluntarily}
    assert evaluate(decisions, "publication_duties", given).outputs == {"register": register, "board": board}
