"""Inside effects besides money and registers: numbers, deadlines, people, titles, notes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from engine.errors import EngineError
from engine.handlers import inside
from engine.queries import cases, deadlines, papers, story
from tests.integration.casework.office import Office


def at(office: Office, day: str) -> None:
    office.clock.set(datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC))


def test_a_series_has_no_holes_and_begins_anew_each_year(office: Office) -> None:
    case = office.start().instance_id
    draw = lambda: office.inside(case, "number.draw", series="FAK-{year}-{n:04}")  # noqa: E731
    assert [draw(), draw()] == ["FAK-2026-0001", "FAK-2026-0002"]
    at(office, "2027-01-02")
    assert draw() == "FAK-2027-0001"
    assert office.inside(case, "number.draw", series="S{n}") == "S1"
    with pytest.raises(EngineError, match="no place"):
        office.inside(case, "number.draw", series="FAK-{year}")


def test_numbers_drawn_at_once_are_all_different(office: Office) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: office.start().business_key, range(12)))
    assert sorted(numbers) == [f"POP-2026-{n:04}" for n in range(1, 13)]


def test_a_period_stops_and_goes_on_with_what_was_left(office: Office) -> None:
    case = office.start().instance_id
    started = office.inside(case, "deadline.start", key="decide", title="Rozhodnutí", period="P30D")
    # 30 days after Monday 2 March is Wednesday 1 April.
    assert started["due_on"] == "2026-04-01"
    at(office, "2026-03-12")
    assert office.inside(case, "deadline.stop", key="decide")["state"] == "stopped"
    at(office, "2026-04-13")
    # 20 days were left: Sunday 3 May, so it ends on Monday.
    assert office.inside(case, "deadline.resume", key="decide")["due_on"] == "2026-05-04"
    with office.read() as session:
        shown = [
            one for one in deadlines.deadlines(session, office.home, case, office.clock.now()) if one.kind == "deadline"
        ]
    assert [line["rule"] for line in shown[0].derivation] == [
        "start-not-counted",
        "last-day",
        "stopped",
        "resumed",
        "last-day",
        "next-working-day",
    ]


def test_stopping_and_resuming_on_one_day_changes_nothing(office: Office) -> None:
    case = office.start().instance_id
    for period in ("P30D", "P10WD", "2026-05-05", "PT48H"):
        first = office.inside(case, "deadline.start", key=period, title="Lhůta", period=period)
        office.inside(case, "deadline.stop", key=period)
        assert office.inside(case, "deadline.resume", key=period)["due_at"] == first["due_at"]


def test_working_days_left_are_counted_as_working_days(office: Office) -> None:
    case = office.start().instance_id
    first = office.inside(case, "deadline.start", key="check", title="Kontrola", period="P10WD")
    assert first["due_on"] == "2026-03-16"
    at(office, "2026-03-04")
    office.inside(case, "deadline.stop", key="check")
    # 8 working days were left; Good Friday and Easter Monday are not among them.
    at(office, "2026-04-01")
    assert office.inside(case, "deadline.resume", key="check")["due_on"] == "2026-04-15"


def test_a_period_is_met_in_time_or_missed(office: Office) -> None:
    case = office.start().instance_id
    for key in ("early", "late"):
        office.inside(case, "deadline.start", key=key, title="Lhůta", period="P5D")
    assert office.inside(case, "deadline.meet", key="early")["state"] == "met"
    at(office, "2026-04-01")
    assert office.inside(case, "deadline.meet", key="late")["state"] == "missed"
    assert office.inside(case, "deadline.meet", key="early")["state"] == "met"
    with pytest.raises(EngineError, match="no deadline"):
        office.inside(case, "deadline.meet", key="other")


def test_people_of_a_group_are_given_by_name(office: Office) -> None:
    case = office.start().instance_id
    assert office.inside(case, "people.of_group", group="treasurer") == [
        {"username": "hospodar", "name": "Hana Hospodářka"}
    ]
    assert office.inside(case, "people.of_group", group="nobody") == []


def test_a_case_gives_itself_a_title_and_a_note(office: Office) -> None:
    case = office.start().instance_id
    office.inside(case, "case.title", title="Obec Plátce: poplatek")
    office.inside(case, "note.add", text="  Usnesení dodáno.  ")
    with office.read() as session:
        assert cases.case(session, office.home, instance_id=case).title == "Obec Plátce: poplatek"
        assert [one.text for one in papers.notes(session, office.home, case)] == ["Usnesení dodáno."]
        assert story.story(session, office.home, case)[0].kind == "note"
    with pytest.raises(EngineError, match="needs text"):
        office.inside(case, "note.add", text="")


def test_a_refused_effect_leaves_nothing_in_the_story(office: Office) -> None:
    case = office.start().instance_id
    with office.read() as session:
        before = len(story.story(session, office.home, case, everything=True))
    with office.work() as work:
        for connector in ("payment.request", "magic.wand"):
            with pytest.raises(EngineError):
                inside.perform(work, work.lock(case), connector, {"amount": 1, "due": "x", "purpose": "p"})
    with office.read() as session:
        assert len(story.story(session, office.home, case, everything=True)) == before
