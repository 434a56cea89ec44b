"""Figures for pages: grouped by the database, with the rights of who asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.commands import SaveRecord
from engine.errors import NotAllowed
from engine.model import Actor
from engine.queries.figures import figures, may_ask
from engine.queries.questions import Question
from tests.integration.casework.office import APPLICANT, SECRETARY, Office

TOWNS = [
    {"ico": "00240702", "name": "Říčany", "kind": "město", "inhabitants": 16_000, "phone": "777"},
    {"ico": "00276057", "name": "Rokytnice", "kind": "město", "inhabitants": 2_500, "phone": "778"},
    {"ico": "00275000", "name": "Lhota", "kind": "obec", "inhabitants": 300, "phone": "779"},
]


def asked(
    office: Office, actor: Actor | None = SECRETARY, agenda: str = "fees", **question: Any
) -> list[tuple[str | None, float | None]]:
    with office.read() as session:
        found = figures(session, office.home, agenda, Question(**question), office.clock.now(), actor)
        return [(figure.group, figure.value) for figure in found.figures]


@pytest.fixture
def members(office: Office) -> Office:
    for town in TOWNS:
        office.engine.execute(SaveRecord(tenant=office.home, actor=SECRETARY, register="members", data=town))
    return office


def test_records_are_counted_summed_and_averaged_by_a_field(members: Office) -> None:
    about = {"source": "register", "name": "members", "by": "kind"}
    assert asked(members, **about) == [("město", 2), ("obec", 1)]
    assert asked(members, **about, aggregate="sum", of="inhabitants") == [("město", 18_500), ("obec", 300)]
    assert asked(members, **about, aggregate="mean", of="inhabitants") == [("město", 9_250), ("obec", 300)]


def test_money_written_as_text_is_summed_and_other_texts_are_not(office: Office) -> None:
    for at, fee in enumerate(["7620.00", "1.50", "0.05", "-21.55", "nic", "", "1.2.3", "1-2"]):
        town = {**TOWNS[0], "ico": f"0000000{at}", "phone": fee}
        office.engine.execute(SaveRecord(tenant=office.home, actor=SECRETARY, register="members", data=town))
    ((_, total),) = asked(office, source="register", name="members", aggregate="sum", of="phone")
    assert total == pytest.approx(7600.00)
    ((_, mean),) = asked(office, source="register", name="members", aggregate="mean", of="phone")
    assert mean == pytest.approx(7600.00 / 4)


def test_a_text_is_cut_to_a_span_and_a_condition_narrows(members: Office) -> None:
    assert asked(members, source="register", name="members", by="ico", by_span="year") == [("0027", 2), ("0024", 1)]
    assert asked(members, source="register", name="members", where={"kind": "obec"}) == [(None, 1)]
    assert asked(members, source="register", name="members", where={"kind": "kraj"}) == []


def test_who_may_not_read_the_register_or_a_field_gets_no_number(members: Office) -> None:
    with pytest.raises(NotAllowed):
        asked(members, APPLICANT, source="register", name="members")
    with pytest.raises(NotAllowed):
        asked(members, None, source="register", name="members", by="phone")
    with pytest.raises(NotAllowed):
        asked(members, source="register", name="members", by="nothing")


def test_cases_and_tasks_are_counted_only_in_their_own_agenda(office: Office) -> None:
    for _ in range(2):
        office.start()
    assert asked(office, source="process", name="fee", by="status") == [("running", 2)]
    assert asked(office, source="process", name="fee", by="started", by_span="month") == [("2026-03", 2)]
    assert asked(office, source="process", name="fee", aggregate="mean", of="days") == [(None, None)]
    assert asked(office, source="tasks", name="fee", by="kept") == [("open", 2)]
    office.clock.advance(timedelta(days=30))
    assert asked(office, source="tasks", name="fee", by="kept") == [("late", 2)]
    assert asked(office, agenda="membership", source="process", name="fee", by="status") == []


def test_months_of_cases_are_those_of_prague(office: Office) -> None:
    for moment in (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), datetime(2026, 3, 31, 22, 1, tzinfo=UTC)):
        office.clock.set(moment)
        office.start()
    counted = asked(office, source="process", name="fee", by="started", by_span="month")
    assert counted == [("2026-03", 1), ("2026-04", 1)]
    office.clock.set(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    office.start()
    assert asked(office, source="process", name="fee", by="started", by_span="year") == [("2026", 2), ("2027", 1)]


def test_what_is_left_out_is_told_and_is_the_smallest(members: Office) -> None:
    about: dict[str, Any] = {"source": "register", "name": "members", "by": "kind"}
    with members.read() as session:
        some, whole = (
            figures(session, members.home, "fees", Question(**about, most=most), members.clock.now(), SECRETARY)
            for most in (1, 2)
        )
    assert [figure.group for figure in some.figures] == ["město"] and some.more
    assert len(whole.figures) == 2 and not whole.more


def test_who_may_ask_is_who_gets_an_answer(members: Office) -> None:
    def may(actor: Actor | None, **asked: Any) -> bool:
        with members.read() as session:
            return may_ask(session, members.home, Question(**asked), actor)

    assert may(SECRETARY, source="register", name="members", by="phone")
    assert not may(APPLICANT, source="register", name="members")
    assert not may(None, source="register", name="members", by="phone")
    assert not may(SECRETARY, source="register", name="nothing")
    assert may(APPLICANT, source="process", name="fee"), "cases are counted for whoever sees the page"
