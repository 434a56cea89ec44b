"""A clerk stops, resumes and prolongs a period of the law, and why stays with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.commands import ChangeDeadline, TerminateInstance
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.model import Actor
from engine.queries.deadlines import DeadlineFacts, deadlines
from engine.queries.load import deadlines_kept
from engine.queries.story import story
from tests.integration.casework.office import SECRETARY, Office
from tests.integration.office import OPERATOR

STRANGER = Actor(kind="person", username="x", groups=frozenset({"parks"}))


def begun(office: Office) -> str:
    case = office.start().instance_id
    office.inside(case, "deadline.start", key="decide", title="Rozhodnutí", period="P30D")
    return case


def change(office: Office, case: str, what: str, by: Actor = SECRETARY, **facts: Any) -> None:
    facts = {"key": "decide", "reason": "zvlášť složitý případ"} | facts
    office.engine.execute(ChangeDeadline(tenant=office.home, actor=by, instance_id=case, change=what, **facts))


def shown(office: Office, case: str) -> DeadlineFacts:
    with office.read() as session:
        found = deadlines(session, office.home, case, office.clock.now())
    return next(one for one in found if one.kind == "deadline")


def at(office: Office, day: str) -> None:
    office.clock.set(datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC))


def test_a_prolonged_period_ends_on_the_next_working_day_and_says_why(office: Office) -> None:
    case = begun(office)
    change(office, case, "prolong", until=date(2026, 5, 1))
    clock = shown(office, case)
    # 1 May is a holiday, a Friday; the period ends on Monday.
    assert clock.due_at.date() == date(2026, 5, 4)
    rules = [line["rule"] for line in clock.derivation]
    assert rules == ["start-not-counted", "last-day", "prolonged", "last-day", "next-working-day"]
    assert clock.derivation[2]["reason"] == "zvlášť složitý případ"
    with office.read() as session:
        told = next(one for one in story(session, office.home, case) if one.kind == "deadline-prolonged")
    assert (told.who, told.facts["reason"], told.facts["due_on"]) == (
        SECRETARY.username,
        "zvlášť složitý případ",
        "2026-05-04",
    )


def test_what_was_prolonged_stops_and_goes_on_with_what_is_left_of_the_longer_period(office: Office) -> None:
    case = begun(office)
    change(office, case, "prolong", until=date(2026, 4, 30))
    at(office, "2026-04-10")
    change(office, case, "stop")
    assert shown(office, case).state == "stopped"
    at(office, "2026-05-11")
    change(office, case, "resume")
    # 20 days were left: Sunday 31 May, so it ends on Monday.
    assert shown(office, case).due_at.date() == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("what", "facts", "refusal"),
    [
        ("prolong", {"until": date(2026, 3, 20)}, Invalid),
        ("prolong", {"until": date(3026, 3, 20)}, Invalid),
        ("prolong", {}, Invalid),
        ("stop", {"reason": "  "}, Invalid),
        ("resume", {}, Conflict),
        ("stop", {"key": "other"}, NotFound),
        ("stop", {"by": STRANGER}, NotAllowed),
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(
    office: Office, what: str, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    case = begun(office)
    before = shown(office, case)
    with pytest.raises(refusal):
        change(office, case, what, **facts)
    assert shown(office, case) == before


def test_a_double_click_stops_a_period_once(office: Office) -> None:
    case = begun(office)
    change(office, case, "stop")
    with pytest.raises(Conflict):
        change(office, case, "stop")
    assert [line["rule"] for line in shown(office, case).derivation].count("stopped") == 1


@pytest.mark.parametrize(("day", "state"), [("2026-03-20", "over"), ("2026-05-20", "missed")])
def test_in_a_case_that_ended_nothing_runs(office: Office, day: str, state: str) -> None:
    case = begun(office)
    at(office, day)
    office.engine.execute(
        TerminateInstance(tenant=office.home, actor=OPERATOR, instance_id=case, reason="Žadatel vzal žádost zpět.")
    )
    assert shown(office, case).state == state
    with office.read() as session:
        kept = next(
            one for one in deadlines_kept(session, office.home, "fee", office.clock.now()) if one.name == "Rozhodnutí"
        )
    assert (kept.missed, kept.running, kept.overdue) == (int(state == "missed"), 0, 0)
