"""Messages that found nobody: run out, or set aside because every delivery fails, until somebody tries again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from engine.commands import Command
from engine.errors import NotFound
from engine.handlers.registry import handles
from engine.handlers.rights import must_operate
from engine.handlers.work import Work
from engine.interventions import RetryMessage
from engine.lifecycle import MESSAGE, step
from engine.store.cases import KeptMessageRow
from engine.store.people import TenantRow

#: How long a message waits for a receiver where neither it nor the organisation says so.
TIME_TO_LIVE = timedelta(days=30)
#: The organisation's own setting, in days.
SETTING = "message_days"


@dataclass(frozen=True, kw_only=True)
class SetMessageAside(Command[None]):
    """A message can't be delivered: it would fail with every beat and be in the way of all others."""

    row_id: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class ExpireMessages(Command[int]):
    """Mark messages whose time to live is over; gives how many."""


def time_to_live(work: Work) -> timedelta:
    """Give how long a message is kept that doesn't say it itself."""
    tenant = work.session.get_one(TenantRow, work.tenant)
    days = str(tenant.settings.get(SETTING) or "")
    return timedelta(days=int(days)) if days.isdecimal() and 0 < int(days) < 10_000 else TIME_TO_LIVE


@handles(SetMessageAside)
def set_message_aside(work: Work, command: SetMessageAside) -> None:
    """Leave it to a person."""
    statement = select(KeptMessageRow).where(
        KeptMessageRow.id == command.row_id,
        KeptMessageRow.tenant == work.tenant,
        KeptMessageRow.state.in_(("thrown", "kept")),
    )
    row = work.session.execute(statement.with_for_update()).scalar_one_or_none()
    if row is not None:
        row.state, row.problem = step(MESSAGE, row.state, "failed"), command.problem


@handles(RetryMessage)
def retry_message(work: Work, command: RetryMessage) -> None:
    """Send a message again that was set aside."""
    must_operate(work.actor)
    statement = select(KeptMessageRow).where(KeptMessageRow.id == command.row_id, KeptMessageRow.tenant == work.tenant)
    row = work.session.execute(statement.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound
    row.state, row.problem = step(MESSAGE, row.state, "thrown"), None
    work.sent.append(row.id)


@handles(ExpireMessages)
def expire_messages(work: Work, command: ExpireMessages) -> int:
    """Mark what nobody has waited for in time; it stays to be seen. Gives how many there are."""
    statement = (
        update(KeptMessageRow)
        .where(
            KeptMessageRow.tenant == work.tenant,
            KeptMessageRow.state == "kept",
            KeptMessageRow.expires_at <= work.now,
        )
        .values(state="expired")
        .returning(KeptMessageRow.id)
    )
    return len(work.session.execute(statement).all())
