"""Agendas offered to other organisations: a copy that never changes, whence it came, nobody else's hands on it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands import Deploy
from engine.errors import Conflict, NotAllowed, NotFound, PublishedMeanwhile
from engine.model import SYSTEM, Actor
from engine.offering import OfferAgenda, TakeOver, WithdrawOffer
from engine.queries import offering
from engine.queries.definitions import agendas, files_of
from engine.store.session import read_sessions
from tests.integration.diagrams import chain, diagram, end, start, user
from tests.integration.office import Office

CLERK = Actor(kind="person", username="eva", groups=frozenset({"secretariat"}))
STEPS = diagram(start(), user("a"), end(), chain("s", "a", "e"))


@pytest.fixture
def towns(engine_on: Office) -> Office:
    engine_on.add_tenant("village")
    engine_on.deploy(STEPS, files={"messages/x.md": b"one"})
    return engine_on


def do(office: Office, tenant: str, command: Any, actor: Actor = SYSTEM, **facts: Any) -> Any:
    return office.engine.execute(command(tenant=tenant, actor=actor, **facts))


def deploying(tenant: str, **files: bytes) -> Deploy:
    title = {"cs": "agenda"}
    return Deploy(tenant=tenant, actor=SYSTEM, agenda="agenda", title=title, files={"0.bpmn": STEPS, **files})


def seen(office: Office, tenant: str) -> Any:
    with read_sessions(office.database, tenant)() as session:
        newest = next(iter(agendas(session, tenant)), None)
        return (
            offering.offers(session, tenant),
            offering.taken(session, tenant).get("agenda"),
            offering.newer(session, tenant),
            newest.deployment_id if newest else "",
        )


def test_what_is_offered_is_the_published_files_and_stays_as_it_was(towns: Office) -> None:
    offer = do(towns, "town", OfferAgenda, agenda="agenda", note=" první ")
    towns.deploy(STEPS, files={"messages/x.md": b"two"})
    (found,), _, _, _ = seen(towns, "village")
    assert (found.id, found.version, found.note, found.offered_by) == (offer, 1, "první", "town")
    with read_sessions(towns.database, "village")() as session:
        assert offering.files_offered(session, offer) == {"0.bpmn": STEPS, "messages/x.md": b"one"}
    assert seen(towns, "town")[0] == []
    assert do(towns, "town", OfferAgenda, agenda="agenda") != offer


def test_taking_over_publishes_and_remembers_whence_and_a_newer_one_is_told(towns: Office) -> None:
    offer = do(towns, "town", OfferAgenda, agenda="agenda")
    files = {"messages/x.md": b"one"}
    facts = {"agenda": "agenda", "offer_id": offer}
    do(towns, "village", TakeOver, **facts, deploy=deploying("village", **files), seen="")
    _, had, newer, mine = seen(towns, "village")
    assert (had.offer.id, had.version, had.changed, had.taken_by) == (offer, 1, False, "") and newer == []
    with read_sessions(towns.database, "village")() as session:
        assert files_of(session, "village", mine) == {"0.bpmn": STEPS, **files}
    towns.deploy(STEPS, files={"messages/x.md": b"two"})
    second = do(towns, "town", OfferAgenda, agenda="agenda")
    assert [one.id for one in seen(towns, "village")[2]] == [second]
    own = deploying("village", **{"messages/x.md": b"own"})
    do(towns, "village", TakeOver, agenda="agenda", offer_id=second, deploy=own, seen=mine)
    _, had, newer, _ = seen(towns, "village")
    assert (had.offer.id, had.changed, newer) == (second, True, [])


def test_whoever_published_meanwhile_is_not_overwritten(towns: Office) -> None:
    offer = do(towns, "town", OfferAgenda, agenda="agenda")
    towns.engine.execute(deploying("village", **{"messages/x.md": b"mine"}))
    with pytest.raises(PublishedMeanwhile):
        do(towns, "village", TakeOver, agenda="agenda", offer_id=offer, deploy=deploying("village"), seen="")


def test_only_whose_it_is_withdraws_it_and_then_nobody_takes_it(towns: Office) -> None:
    offer = do(towns, "town", OfferAgenda, agenda="agenda")
    with pytest.raises(NotFound):
        do(towns, "village", WithdrawOffer, offer_id=offer)
    do(towns, "town", WithdrawOffer, offer_id=offer)
    assert seen(towns, "village")[0] == []
    with pytest.raises(Conflict):
        do(towns, "village", TakeOver, agenda="agenda", offer_id=offer, deploy=deploying("village"), seen="")
    assert do(towns, "town", OfferAgenda, agenda="agenda") == offer
    assert len(seen(towns, "village")[0]) == 1


def test_who_publishes_nothing_offers_and_takes_nothing(towns: Office) -> None:
    with pytest.raises(NotAllowed):
        do(towns, "town", OfferAgenda, CLERK, agenda="agenda")
    offer = do(towns, "town", OfferAgenda, agenda="agenda")
    facts = {"agenda": "agenda", "offer_id": offer, "seen": ""}
    with pytest.raises(NotAllowed):
        do(towns, "village", TakeOver, CLERK, **facts, deploy=deploying("village"))
    with pytest.raises(NotFound):
        do(towns, "town", TakeOver, **facts, deploy=deploying("town"))
    with pytest.raises(NotAllowed):
        do(towns, "village", TakeOver, **facts, deploy=deploying("town"))
    with pytest.raises(NotFound):
        do(towns, "town", OfferAgenda, agenda="nothing")
