"""Who is signed in where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.signing_in import Holder
from engine.store.signing_in import SESSION_LIFE, LiveSessionRow


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """A session."""

    id: str
    #: See engine.signing_in.Way.
    way: str
    agent: str
    began_at: datetime
    #: To a few minutes.
    seen_at: datetime


def sessions_of(session: Session, tenant: str, holder: Holder, now: datetime) -> Sequence[SessionFacts]:
    """Give the live sessions of somebody, the one used last first."""
    theirs = (LiveSessionRow.tenant == tenant, LiveSessionRow.holder_id == holder.id)
    query = select(LiveSessionRow).where(*theirs, LiveSessionRow.seen_at > now - SESSION_LIFE)
    return [
        SessionFacts(id=row.id, way=row.way, agent=row.agent, began_at=row.began_at, seen_at=row.seen_at)
        for row in session.scalars(query.order_by(LiveSessionRow.seen_at.desc(), LiveSessionRow.id))
    ]
