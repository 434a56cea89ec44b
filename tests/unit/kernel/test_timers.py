"""Timers: dates, durations, cycles, expressions, working days; due dates of human tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.calendar import PRAGUE, parse_moment
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


@pytest.mark.parametrize(
    ("text", "local"),
    [
        # An hour is an hour on the clock that jumps from 2 to 3.
        ("R4/2026-03-29T00:30/PT1H", ["29T00:30", "29T01:30", "29T03:30", "29T04:30"]),
        # Half past two doesn't exist on that day; from the next day on it does.
        ("R4/2026-03-27T02:30/P1D", ["27T02:30", "28T02:30", "29T03:30", "30T02:30"]),
        ("R4/2026-10-24T08:00/P1D", ["24T08:00", "25T08:00", "26T08:00", "27T08:00"]),
        ("R4/2026-12-31T06:00/P1M", ["31T06:00", "31T06:00", "28T06:00", "31T06:00"]),
        ("R3/2026-04-30T23:59:59/P5WD", ["30T23:59", "11T23:59", "18T23:59"]),
    ],
)
def test_a_cycle_keeps_its_time_over_short_months_and_changes_of_the_clock(text: str, local: list[str]) -> None:
    case = Case(bpmn("start -> user -> end; on_dun -> user_b", on_dun=on("user", timer(text, "timeCycle"), False)))
    while case.waits("timer"):
        case.ring()
    dues = [parse_moment(e.facts["due"]).astimezone(PRAGUE).strftime("%dT%H:%M") for e in case.told("timer-set")]
    assert dues == local
    assert case.open.count("user_b") == len(local)


def test_a_cycle_of_no_times_is_an_incident_in_the_flow_and_nothing_at_a_boundary() -> None:
    assert Case(bpmn("start -> catch -> end", catch=timer("R0/P1D", "timeCycle"))).incidents == ["catch"]
    never = on("user", timer("R0/P1D", "timeCycle"), False)
    assert Case(bpmn("start -> user -> end; on_never -> end", on_never=never)).open == ["user"]


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
