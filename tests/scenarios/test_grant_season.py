"""A season of grants through every step: the sums stay, nothing is paid twice, everything ends."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.expressions.office_money import to_halere
from engine.store.bank_orders import BankOrderRow
from engine.store.cases import IncidentRow
from engine.store.registers import RecordRow
from processes import catalogue
from processes.agenda import parse_agenda
from processes.catalogue import pack, unpack
from web.stage import Theatre
from web.volumes.season import APPLICATIONS, CROWNS, PROGRAMMES, Season, wishes

pytestmark = pytest.mark.xdist_group("scenarios")


def test_the_seasons_volumes_are_those_of_the_district() -> None:
    season = wishes()
    assert (len(season), sum(one.crowns for one in season)) == (APPLICATIONS, CROWNS) == (233, 30_000_000)
    assert {one.programme for one in season} == set(PROGRAMMES)


@pytest.mark.parametrize(
    "applications", [14, pytest.param(APPLICATIONS, marks=pytest.mark.long, id="all of the district's")]
)
def test_a_season_ends_with_every_koruna_accounted_for(applications: int) -> None:
    # What runs has been exported and imported into an installation that has nothing else.
    agenda = parse_agenda(unpack(pack(catalogue.load("grants").files)))
    season = wishes(applications)
    with Theatre() as theatre:
        stage = theatre.stage(agenda)
        states = Season(agenda, stage).play(season)
        with stage.sessions() as session:
            records = [
                row.data for row in session.scalars(select(RecordRow).where(RecordRow.register == "applications"))
            ]
            ordered = sum(session.scalars(select(BankOrderRow.amount).where(BankOrderRow.state == "confirmed")))
            assert session.scalars(select(IncidentRow).where(IncidentRow.state == "open")).all() == []
    given = [record for record in records if record["state"] == "settled"]
    assert len(records) == len(states) == applications
    assert sorted(states.values()) == sorted(record["state"] for record in records)
    assert sum(to_halere(record["requested"]) for record in records) == CROWNS * 100
    for money in ("approved", "paid", "settled"):
        assert sum(to_halere(record[money]) for record in given) == ordered
    assert 0 < len(given) < applications
    assert len({record["contract"] for record in given}) == len(given)
