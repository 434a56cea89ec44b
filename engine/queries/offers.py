"""Messages that a person may send from a case right now: withdraw, add a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from engine.model import ROLE_ADMIN, Actor, Json
from engine.store.cases import InstanceRow, MessageWaitRow
from engine.store.sight import may_take_part


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """A waiting message with its button. Sent by CorrelateMessage with `instance_id` and `wait`."""

    instance_id: str
    wait: str
    node: str
    #: Name of the message.
    name: str
    correlation: Mapping[str, Json]
    label: str
    audience: str
    form: str | None
    group: str | None


def offers(session: Session, tenant: str, instance_id: str, actor: Actor) -> Sequence[OfferFacts]:
    """Give what this person may send to a running case, in the order of the diagram's names."""
    rows = session.scalars(
        select(MessageWaitRow)
        .join(InstanceRow, InstanceRow.id == MessageWaitRow.instance_id)
        .where(MessageWaitRow.tenant == tenant, MessageWaitRow.instance_id == instance_id)
        .where(MessageWaitRow.offer.is_not(None), InstanceRow.status == "running")
        .where(true() if actor.kind == "applicant" else may_take_part(session, tenant, actor))
        .order_by(MessageWaitRow.node, MessageWaitRow.wait)
    )
    found = [_offer(row, row.offer or {}) for row in rows]
    return [offer for offer in found if _is_for(offer, actor)]


def offer(session: Session, tenant: str, instance_id: str, wait: str, actor: Actor) -> OfferFacts | None:
    """Give one offer while it is open for this person."""
    return next((one for one in offers(session, tenant, instance_id, actor) if one.wait == wait), None)


def _offer(row: MessageWaitRow, offer: Mapping[str, Json]) -> OfferFacts:
    return OfferFacts(
        instance_id=row.instance_id,
        wait=row.wait,
        node=row.node,
        name=row.name,
        correlation=row.correlation,
        label=offer.get("label") or row.node,
        audience=offer.get("audience") or "staff",
        form=offer.get("form"),
        group=offer.get("group"),
    )


def _is_for(offer: OfferFacts, actor: Actor) -> bool:
    if offer.audience == "applicant" or actor.kind == "applicant":
        return offer.audience == "applicant" and actor.kind == "applicant"
    return not offer.group or offer.group in actor.groups or ROLE_ADMIN in actor.groups
