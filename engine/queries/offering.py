"""Agendas that other organisations offer, what was taken of them, and what is newer than what was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.store.definitions import DeploymentRow
from engine.store.offering import AgendaOfferFileRow, AgendaOfferRow, AgendaTakenRow


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """One offered version."""

    id: str
    agenda: str
    version: int
    title: Mapping[str, str]
    note: str
    offered_by: str
    offered_by_name: str
    content_hash: str
    offered_at: datetime
    withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class TakenFacts:
    """What an agenda here came from the last time."""

    offer: OfferFacts
    taken_at: datetime
    taken_by: str
    #: Version here as which it was published.
    version: int
    #: It was published with changes of one's own.
    changed: bool


def offers(session: Session, tenant: str) -> Sequence[OfferFacts]:
    """Give what others offer, of each agenda of each of them the newest, by organisation."""
    row = AgendaOfferRow
    found = _offers(session, row.offered_by != tenant, row.withdrawn_at.is_(None))
    newest = {(one.offered_by, one.agenda): one for one in sorted(found, key=lambda one: one.version)}
    return sorted(newest.values(), key=lambda one: (one.offered_by_name, one.agenda))


def own_offers(session: Session, tenant: str) -> Sequence[OfferFacts]:
    """Give what this organisation offers or has offered, the newest first."""
    found = _offers(session, AgendaOfferRow.offered_by == tenant)
    return sorted(found, key=lambda one: one.offered_at, reverse=True)


def offer(session: Session, offer_id: str) -> OfferFacts:
    """Give one, by whomever. Raises NotFound."""
    found = _offers(session, AgendaOfferRow.id == offer_id)
    if not found:
        raise NotFound
    return found[0]


def files_offered(session: Session, offer_id: str) -> Mapping[str, bytes]:
    """Give the files of an offer by path."""
    row = AgendaOfferFileRow
    found = session.execute(select(row.path, row.content).where(row.offer_id == offer_id).order_by(row.path))
    return {path: content for path, content in found}


def taken(session: Session, tenant: str) -> Mapping[str, TakenFacts]:
    """Give whence agendas came, by agenda; of several times the last."""
    row, here = AgendaTakenRow, DeploymentRow
    query = (
        select(row, AgendaOfferRow, here.version, here.content_hash)
        .join(AgendaOfferRow, AgendaOfferRow.id == row.offer_id)
        .join(here, here.id == row.deployment_id)
        .where(row.tenant == tenant)
        .order_by(row.taken_at, here.version, AgendaOfferRow.version)
    )
    return {
        one.agenda: TakenFacts(
            offer=_facts(given),
            taken_at=one.taken_at,
            taken_by=one.taken_by,
            version=version,
            changed=content_hash != given.content_hash,
        )
        for one, given, version, content_hash in session.execute(query)
    }


def newer(session: Session, tenant: str) -> Sequence[OfferFacts]:
    """Give offers of a newer version than the one that was taken, from where it was taken."""
    had = taken(session, tenant)
    return [
        one
        for one in offers(session, tenant)
        if one.agenda in had
        and had[one.agenda].offer.offered_by == one.offered_by
        and had[one.agenda].offer.version < one.version
    ]


def _offers(session: Session, *which: ColumnElement[bool]) -> Sequence[OfferFacts]:
    return [_facts(row) for row in session.scalars(select(AgendaOfferRow).where(*which))]


def _facts(row: AgendaOfferRow) -> OfferFacts:
    return OfferFacts(
        id=row.id,
        agenda=row.agenda,
        version=row.version,
        title=row.title,
        note=row.note,
        offered_by=row.offered_by,
        offered_by_name=row.offered_by_name,
        content_hash=row.content_hash,
        offered_at=row.offered_at,
        withdrawn=row.withdrawn_at is not None,
    )
