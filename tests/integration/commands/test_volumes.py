"""Demo data in the sizes of real installations: sums stay, other organisations are left alone, it is made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.commands import AddTenant, SaveRecord
from engine.errors import Invalid
from engine.expressions.office_money import to_halere
from engine.model import SYSTEM
from engine.store.cases import IncidentRow
from engine.store.registers import RecordRow
from engine.store.session import TENANT
from processes.catalogue import load
from processes.scenarios import told_in
from processes.scenarios.acting import Acting
from processes.scenarios.office import Office
from tests.integration.conftest import ALL
from web.bootstrap import Parts, bootstrap
from web.migrations import upgrade
from web.settings import Settings
from web.volumes import meters, portal
from web.volumes.stages import finish, must_be_alone, open_organisation, quieten, standing
from web.volumes.towns import FEWEST, in_town

PAYMENTS = 6
SHARE = PAYMENTS / portal.PAYMENTS
PARTNER = {
    **{"ico": "05129061", "name": "Partner", "kind": "association", "town": "Ves", "account": portal.ACCOUNT},
    **{"email": "p@partneri.example", "state": "active", "contract_on": "2026-01-02"},
}


@pytest.fixture
def parts(database_url: str, tmp_path: Path) -> Iterator[Parts]:
    made = bootstrap(Settings(var=tmp_path, database_url=database_url))
    upgrade(made.database)
    yield made
    made.database.dispose()


def test_a_portal_takes_every_payment_by_statement_and_by_card(parts: Parts) -> None:
    parts.engine.execute(AddTenant(tenant="jina", actor=SYSTEM, name="Jiná", settings={}))
    agenda, starts = load("payments"), parts.clock.now() - portal.days_of(SHARE)
    with closing(open_organisation(parts.settings, agenda, "velke", "Velké platby", starts, prints=False)) as stage:
        assert portal.Portal(agenda, stage, lambda told: None).fill(SHARE) == PAYMENTS
    with parts.sessions(info={TENANT: "velke"}) as session:
        paid = [
            row.data
            for row in session.scalars(
                select(RecordRow).where(RecordRow.tenant == "velke", RecordRow.register == "paid_items")
            )
        ]
        partners = session.scalars(
            select(RecordRow.id).where(RecordRow.tenant == "velke", RecordRow.register == "partners")
        ).all()
    assert sum(to_halere(one["amount"]) for one in paid) == round(portal.CROWNS * SHARE) * 100
    assert (len(paid), len(partners)) == (PAYMENTS, 3)
    there = standing(parts, "velke")
    assert there is not None and there.unfinished
    with parts.sessions(info=ALL) as session:
        assert session.scalars(select(IncidentRow)).all() == []


def test_a_living_worker_keeps_the_past_from_being_played(parts: Parts) -> None:
    must_be_alone(parts)
    parts.engine.sign("stroj:1")
    with pytest.raises(Invalid, match="stroj:1 is alive"):
        must_be_alone(parts)


def test_each_town_votes_in_its_own_number_and_taste() -> None:
    stories = told_in(load("participatory_budget"), "demo/cases.yaml", datetime(2026, 11, 26, tzinfo=UTC))
    ballots = [step for story in stories for step in in_town(story, 3).steps if step.kind == "ballot"]
    assert ballots
    assert {(step.words["times"], step.words["seed"]) for step in ballots} == {(FEWEST + 18, 3)}


def test_what_was_interrupted_is_put_to_rest_and_what_is_whole_is_left(parts: Parts) -> None:
    agenda, starts = load("payments"), parts.clock.now() - portal.days_of(SHARE)
    assert standing(parts, "velke") is None
    with closing(open_organisation(parts.settings, agenda, "velke", "Velké platby", starts, prints=False)) as stage:
        acting = Acting(office=Office(stage), agenda=agenda, process="product")
        given = {"partner": "05129061", "code": "vstup", "product_name": "Vstup", "category": "other"}
        price = {"price_kind": "free", "price_min": "1.00", "price_max": "100.00", "visible": "yes"}
        stage.engine.execute(SaveRecord(tenant="velke", actor=SYSTEM, register="partners", data=PARTNER))
        acting.start("product", {"in": "product_setup", "by": "spravkyne", "with": given | price})
        acting.office.settle()
        item = {"category": "other", "product": "vstup", "quantity": 1, "amount": "20.00", "note": "Vstup"}
        who = {"payer": "Plátce", "email": "platce@platci.example", "method": "transfer"}
        acting.start("cart", {"in": "payment_order", "with": {**who, "items": [item]}})
        quieten(parts, "velke")
        due = stage.engine.due(tenant="velke")
        assert not due.job_ids and not due.timer_ids
        finish(stage, "Velké platby")
    there = standing(parts, "velke")
    assert there is not None and (there.unfinished, there.cases) == (False, 2)


def test_towns_read_their_meters_every_day_and_nothing_is_held_back(parts: Parts) -> None:
    agenda, now = load("energy"), parts.clock.now()
    with closing(open_organisation(parts.settings, agenda, "energie", "Energie", now, prints=False)) as stage:
        for town in ("Lhota", "Ves"):
            data = {"code": town, "name": "Škola", "town": town}
            stage.engine.execute(SaveRecord(tenant="energie", actor=SYSTEM, register="buildings", data=data))
        taken = meters.Meters(stage, lambda told: None).fill(10 / meters.DAYS)
    assert taken == 2 * 4 * 3 * 10
