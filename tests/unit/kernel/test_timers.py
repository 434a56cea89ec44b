"""Timers: dates, durations, cycles, expressions, working days; due dates of human tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import NothingWaits
from tests.unit.kernel.diagrams import bpmn, extended, on, timer
from tests.unit.kernel.playing import NOON, Case


def test_a_timer_is_refused_before_its_moment() -> None:
    case = Case(bpmn("start -> catch -> user", catch=timer("PT2H")))
    (wid,) = case.waits("timer")
    with pytest.raises(NothingWaits):
        case.do({"do": "fire", "wait": wid})
    case.now = NOON + timedelta(hours=2)
    case.do({"do": "fire", "wait": wid})
    assert case.open == ["user"]
    assert case.told("timer-set")[0].facts["due"] == "2026-03-02T13:00:00+00:00"


def test_a_timer_s_text_may_be_an_expression() -> None:
    case = Case(bpmn("start -> catch -> user", catch=timer('"P" + str(days) + "D"')), days=2)
    assert case.told("timer-set")[0].facts["due"] == "2026-03-04T11:00:00+00:00"


def test_a_timer_counts_working_days_and_keeps_how_it_came_about() -> None:
    case = Case(bpmn("start -> catch -> user", catch=timer("P5WD")))
    facts = case.told("timer-set")[0].facts
    assert facts["due"].startswith("2026-03-09T22:59:59")
    assert facts["derivation"]


def test_a_timer_that_cannot_be_read_is_an_incident() -> None:
    case = Case(bpmn("start -> catch -> user", catch=timer('"soon"')))
    assert case.incidents == ["catch"]


def test_a_cycle_on_a_boundary_fires_as_often_as_it_says() -> None:
    case = Case(bpmn("start -> user -> end; on_dun -> user_b", on_dun=on("user", timer("R3/P1D", "timeCycle"), False)))
    for _ in range(3):
        case.ring()
    assert (case.open.count("user_b"), case.waits("timer")) == (3, {})
    dues = [e.facts["due"][:10] for e in case.told("timer-set")]
    assert dues == ["2026-03-03", "2026-03-04", "2026-03-05"]


def test_a_cycle_on_a_catch_event_gives_a_token_each_time() -> None:
    case = Case(bpmn("start -> catch -> user -> end", catch=timer("R2/P1D", "timeCycle")))
    case.ring()
    case.ring()
    assert (case.open, case.waits("timer")) == (["user", "user"], {})
    case.complete("user")
    case.complete("user")
    assert case.status == "completed"


def test_a_finished_activity_takes_its_timers_with_it() -> None:
    case = Case(bpmn("start -> user -> user_b; on_late -> end", on_late=on("user", timer("P1D"))))
    case.complete("user")
    (cleared,) = case.told("wait-cleared")
    assert (cleared.node, cleared.facts["fired"], case.facts["waits"]) == ("on_late", False, {})


def test_a_human_task_may_have_the_form_that_its_case_names() -> None:
    work = '<radnice:task form="plain" formFrom="kind + &quot;_form&quot;"/>'
    case = Case(bpmn("start -> user -> end", user=extended(work)), kind="sport")
    assert case.told("task-opened")[0].facts["form"] == "sport_form"


def test_a_form_that_is_no_text_is_an_incident_which_can_be_mended() -> None:
    case = Case(bpmn("start -> user -> end", user=extended('<radnice:task formFrom="kind"/>')), kind=None)
    assert case.incidents == ["user"]
    case.do({"do": "change", "data": {"kind": "culture"}})
    case.do({"do": "retry", "activity": case.told("incident")[0].activity})
    assert case.told("task-opened")[0].facts["form"] == "culture"


def test_a_human_task_says_who_does_it_how_and_until_when() -> None:
    work = (
        '<radnice:task form="check" group="secretariat" due="P5WD" assignee="who" candidates="[who, other]" '
        'subject="title" differsFrom="user_0" comments="defects" priority="80" audience="applicant"/>'
    )
    case = Case(bpmn("start -> user -> end", user=extended(work)), who="eva", other="jan", title="Town")
    facts = dict(case.told("task-opened")[0].facts)
    assert facts.pop("due").startswith("2026-03-09T22:59:59")
    assert [reason["rule"] for reason in facts.pop("derivation")] == ["start-not-counted", "working-days"]
    assert facts == {
        "kind": "userTask",
        "form": "check",
        "group": "secretariat",
        "assignee": "eva",
        "candidates": ["eva", "jan"],
        "subject": "Town",
        "audience": "applicant",
        "comments": "defects",
        "differs_from": "user_0",
        "priority": 80,
    }


def test_a_due_date_may_be_an_expression_and_may_be_none() -> None:
    work = extended('<radnice:task due="limit"/>')
    assert Case(bpmn("start -> user", user=work), limit=None).told("task-opened")[0].facts["due"] is None
    due = Case(bpmn("start -> user", user=work), limit="2026-05-01").told("task-opened")[0].facts["due"]
    assert due.startswith("2026-05-01T21:59:59")


def test_an_assignee_that_cannot_be_computed_is_an_incident() -> None:
    case = Case(bpmn("start -> user -> end", user=extended('<radnice:task assignee="missing"/>')))
    assert (case.incidents, case.open) == (["user"], [])
