"""Offering an agenda to other organisations, and taking one over."""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import Conflict, NotAllowed, NotFound, PublishedMeanwhile
from engine.handlers.definitions import deploy, lock_tenant, newest_deployment
from engine.handlers.registry import handles
from engine.handlers.rights import must_publish
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Deployed
from engine.offering import OfferAgenda, TakeOver, WithdrawOffer
from engine.store.definitions import DeploymentFileRow
from engine.store.offering import AgendaOfferFileRow, AgendaOfferRow, AgendaTakenRow
from engine.store.people import TenantRow

LONGEST_NOTE = 2_000


@handles(OfferAgenda)
def offer_agenda(work: Work, command: OfferAgenda) -> str:
    """Copy the newest version, so that what is offered never changes."""
    must_publish(work.actor)
    lock_tenant(work)
    newest = newest_deployment(work, command.agenda)
    if newest is None:
        raise NotFound
    row = AgendaOfferRow
    query = select(row).where(row.offered_by == work.tenant, row.agenda == newest.agenda, row.version == newest.version)
    known = work.session.scalar(query)
    if known is not None:
        known.withdrawn_at, known.note = None, command.note.strip()[:LONGEST_NOTE] or known.note
        return known.id
    made = AgendaOfferRow(
        id=new_id(),
        offered_by=work.tenant,
        offered_by_name=work.session.get_one(TenantRow, work.tenant).name,
        agenda=newest.agenda,
        version=newest.version,
        title=newest.title,
        note=command.note.strip()[:LONGEST_NOTE],
        content_hash=newest.content_hash,
        offered_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    file = DeploymentFileRow
    files = select(file.path, file.content).where(file.tenant == work.tenant, file.deployment_id == newest.id)
    work.session.add_all(
        AgendaOfferFileRow(id=new_id(), offered_by=work.tenant, offer_id=made.id, path=path, content=content)
        for path, content in work.session.execute(files)
    )
    return made.id


@handles(WithdrawOffer)
def withdraw_offer(work: Work, command: WithdrawOffer) -> None:
    """Only whose it is."""
    must_publish(work.actor)
    row = AgendaOfferRow
    found = work.session.scalar(select(row).where(row.offered_by == work.tenant, row.id == command.offer_id))
    if found is None:
        raise NotFound
    found.withdrawn_at = found.withdrawn_at or work.now


@handles(TakeOver)
def take_over(work: Work, command: TakeOver) -> Deployed:
    """Publish it here, and note whence it came."""
    must_publish(work.actor)
    lock_tenant(work)
    offer = work.session.get(AgendaOfferRow, command.offer_id)
    if offer is None or offer.offered_by == work.tenant:
        raise NotFound
    if offer.withdrawn_at is not None:
        raise Conflict("This is offered no more.")
    if (command.deploy.tenant, command.deploy.agenda) != (work.tenant, offer.agenda):
        raise NotAllowed
    newest = newest_deployment(work, offer.agenda)
    if (newest.id if newest else "") != command.seen:
        raise PublishedMeanwhile
    deployed = deploy(work, command.deploy)
    work.session.add(
        AgendaTakenRow(
            id=new_id(),
            tenant=work.tenant,
            agenda=offer.agenda,
            offer_id=offer.id,
            deployment_id=deployed.deployment_id,
            taken_at=work.now,
            taken_by=work.actor.username,
        )
    )
    return deployed
