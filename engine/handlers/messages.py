"""Messages from outside and between cases: delivered, kept for later, and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from engine.commands import Command, CorrelateMessage
from engine.entitled import STAFF
from engine.errors import Conflict, NotAllowed
from engine.handlers import papers
from engine.handlers.delivery import Letter, deliver, hand_over
from engine.handlers.receivers import must_be_among_receivers
from engine.handlers.registry import handles
from engine.handlers.rights import must_take_part
from engine.handlers.signals import broadcast
from engine.handlers.undelivered import time_to_live
from engine.handlers.work import Work
from engine.ids import new_id
from engine.lifecycle import MESSAGE, step
from engine.model import ROLE_ADMIN, ROLE_OPERATOR, Actor
from engine.store.base import table_of
from engine.store.cases import InstanceRow, KeptMessageRow, MessageWaitRow
from engine.store.locking import lock_message, waits_of
from engine.store.matching import correlation_hash, hears
from engine.store.upsert import insert_new

#: What only a bank statement tells.
OF_MONEY = ("payment.received", "payment.unmatched")


@dataclass(frozen=True, kw_only=True)
class DeliverMessage(Command[str | None]):
    """Bring a message or signal that was sent to whoever waits for it."""

    row_id: str


@dataclass(frozen=True, kw_only=True)
class DeliverKept(Command[int]):
    """Give a case what was kept for it before it began to wait; gives how many messages it got."""

    instance_id: str


@handles(CorrelateMessage)
def correlate_message(work: Work, command: CorrelateMessage) -> str | None:
    """Deliver a message, begin a case with it, or keep it. The same message id twice is one message."""
    if not command.wait:
        _must_be_heard(work.actor, command.name)
        must_be_among_receivers(work, command)
    row = _remember(work, command) if command.message_id else None
    if row is not None and row.state != "thrown":
        return row.instance_id
    receiver = deliver(work, _letter_of(command), lambda instance, wait: _by_hand(work, instance, wait, command))
    if receiver is None and command.wait:
        raise Conflict("The case no longer waits for this.", wait=command.wait)
    if receiver is None and row is None:
        row = _new_row(work, command)
        work.session.add(row)
    if row is not None:
        _settle(work, row, receiver)
    return receiver


@handles(DeliverMessage)
def deliver_message(work: Work, command: DeliverMessage) -> str | None:
    """Deliver what is on its way or kept; what was delivered meanwhile stays delivered."""
    row = lock_message(work.session, work.tenant, command.row_id)
    if row is None or row.state not in ("thrown", "kept") or (row.expires_at and row.expires_at <= work.now):
        return None
    if row.kind == "signal":
        broadcast(work, row.name, row.payload, row.thrown_by)
        row.state = step(MESSAGE, row.state, "delivered")
        return None
    work.hearing = row.message_id
    receiver = deliver(work, _letter(row))
    _settle(work, row, receiver)
    return receiver


@handles(DeliverKept)
def deliver_kept(work: Work, command: DeliverKept) -> int:
    """Look through what is kept, oldest first."""
    rows = _kept_for(work, command.instance_id)
    if not rows:
        return 0
    instance = work.lock(command.instance_id)
    delivered = 0
    for row in rows:
        wait = next((wait for wait in waits_of(work.session, work.tenant, instance.id) if _is_for(wait, row)), None)
        if wait and instance.status == "running" and hand_over(work, instance, wait, _letter(row)):
            _settle(work, row, instance.id)
            delivered += 1
    return delivered


def _kept_for(work: Work, instance_id: str) -> Sequence[KeptMessageRow]:
    names = {wait.name for wait in waits_of(work.session, work.tenant, instance_id)}
    statement = (
        select(KeptMessageRow)
        .where(
            KeptMessageRow.tenant == work.tenant,
            KeptMessageRow.state == "kept",
            KeptMessageRow.name.in_(names),
            _alive(work),
            or_(KeptMessageRow.instance_id.is_(None), KeptMessageRow.instance_id == instance_id),
        )
        .order_by(KeptMessageRow.received_at, KeptMessageRow.id)
        # Whoever looks for a receiver of the same message may just have missed us: wait for them, don't pass them by.
        .with_for_update()
    )
    return work.session.execute(statement).scalars().all() if names else ()


def _is_for(wait: MessageWaitRow, row: KeptMessageRow) -> bool:
    return wait.name == row.name and hears(wait.correlation, row.correlation)


def _remember(work: Work, command: CorrelateMessage) -> KeptMessageRow:
    """Give the row of this message id, new or from the first time; a second sender waits here for the first."""
    row = _new_row(work, command)
    table = table_of(KeptMessageRow)
    facts = {column.key: getattr(row, column.key) for column in table.columns}
    insert_new(work.connection, table, facts, ("tenant", "message_id"))
    statement = select(KeptMessageRow).where(
        KeptMessageRow.tenant == work.tenant, KeptMessageRow.message_id == command.message_id
    )
    return work.session.execute(statement).scalar_one()


def _new_row(work: Work, command: CorrelateMessage) -> KeptMessageRow:
    return KeptMessageRow(
        id=new_id(),
        tenant=work.tenant,
        message_id=command.message_id or new_id(),
        kind="message",
        name=command.name,
        correlation=dict(command.correlation),
        correlation_hash=correlation_hash(command.correlation),
        payload=dict(command.payload),
        state="thrown",
        received_at=work.now,
        expires_at=command.expires_at,
        instance_id=command.instance_id,
    )


def _settle(work: Work, row: KeptMessageRow, receiver: str | None) -> None:
    if receiver:
        row.state, row.instance_id = step(MESSAGE, row.state, "delivered"), receiver
    elif row.state == "thrown":
        row.state = step(MESSAGE, row.state, "kept")
        row.expires_at = row.expires_at or work.now + time_to_live(work)
        # Somebody may have begun to wait while this transaction was open: after commit it is looked for once more.
        work.sent.append(row.id)


def _letter_of(command: CorrelateMessage) -> Letter:
    return Letter(
        name=command.name,
        correlation=dict(command.correlation),
        payload=dict(command.payload),
        instance_id=command.instance_id,
        wait=command.wait,
    )


def _letter(row: KeptMessageRow) -> Letter:
    return Letter(
        name=row.name,
        correlation=row.correlation,
        payload=row.payload,
        targets=list(row.targets or ()),
        instance_id=row.instance_id,
    )


def _alive(work: Work) -> ColumnElement[bool]:
    return or_(KeptMessageRow.expires_at.is_(None), KeptMessageRow.expires_at > work.now)


def _by_hand(work: Work, instance: InstanceRow, wait: MessageWaitRow, command: CorrelateMessage) -> None:
    """Refuse what a person isn't offered; keep the form they sent with it."""
    if command.wait and work.actor.kind != "system":
        _must_be_offered(work.actor, wait)
    if work.actor.kind in STAFF:
        must_take_part(work, instance.id)
    _must_be_in_group(work.actor, wait)
    if command.submission:
        papers.adopt_attachments(work, instance, command.submission.attachments)
        row = papers.record_submission(work, instance, command.submission, node=wait.node)
        work.tell(instance, "form-submitted", wait.node, **papers.told_of(row, command.submission))


def _must_be_heard(actor: Actor, name: str) -> None:
    """Refuse an applicant who isn't offered anything, and whoever would say instead of the bank that money came."""
    may_say_so = actor.kind == "system" or bool(actor.groups & {ROLE_OPERATOR, ROLE_ADMIN})
    if actor.kind == "applicant" or (name in OF_MONEY and not may_say_so):
        raise NotAllowed


def _must_be_offered(actor: Actor, wait: MessageWaitRow) -> None:
    offer = wait.offer
    if offer is None or (actor.kind == "applicant") != (offer.get("audience") == "applicant"):
        raise NotAllowed


def _must_be_in_group(actor: Actor, wait: MessageWaitRow) -> None:
    """What is offered to a group is the group's, also for a program that names only the message."""
    group = (wait.offer or {}).get("group")
    if actor.kind in STAFF and group and group not in actor.groups:
        raise NotAllowed
