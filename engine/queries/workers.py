"""Which workers are alive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.operations import WorkerRow

#: A worker signs every quarter of a minute; one silent for longer than this is gone.
SILENCE = timedelta(minutes=1)
#: Workers that ended longer ago are of no interest.
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One process that works."""

    name: str
    seen_at: datetime
    alive: bool


def alive(session: Session, now: datetime) -> Sequence[Worker]:
    """Give the workers heard of within a day, those alive first."""
    rows = session.scalars(
        select(WorkerRow).where(WorkerRow.seen_at > now - FORGOTTEN).order_by(WorkerRow.seen_at.desc())
    )
    return [Worker(name=row.name, seen_at=row.seen_at, alive=row.seen_at > now - SILENCE) for row in rows]
