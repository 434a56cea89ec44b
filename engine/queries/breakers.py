"""Which other sides don't answer now, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.store.breakers import BreakerRow
from engine.store.cases import JobRow


@dataclass(frozen=True, kw_only=True)
class Silent:
    """Another side for which actions wait."""

    id: str
    connector: str
    #: The host, where each action of the connector names one of its own.
    target: str
    #: open or half-open
    state: str
    #: See engine.model.Cause.
    cause: str
    message: str
    opened_at: datetime | None
    #: When one action tries whether it answers again.
    next_at: datetime | None
    waiting: int


def silent(session: Session, tenant: str) -> Sequence[Silent]:
    """Give the other sides that are left alone now, the longest first."""
    waiting = (
        select(func.count())
        .where(JobRow.tenant == tenant, JobRow.breaker_id == BreakerRow.id, JobRow.state == "ready")
        .scalar_subquery()
    )
    rows = session.execute(
        select(BreakerRow, waiting)
        .where(BreakerRow.tenant == tenant, BreakerRow.state != "closed")
        .order_by(BreakerRow.opened_at, BreakerRow.id)
    )
    return [
        Silent(
            id=row.id,
            connector=row.connector,
            target=row.target,
            state=row.state,
            cause=row.cause,
            message=row.message,
            opened_at=row.opened_at,
            next_at=row.next_at,
            waiting=number,
        )
        for row, number in rows
    ]
