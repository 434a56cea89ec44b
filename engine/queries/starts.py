"""Processes that should have begun by themselves and could not: for operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.definitions import ProcessStartRow


@dataclass(frozen=True, kw_only=True)
class FailingStart:
    """A start event whose time came and that began nothing."""

    process_key: str
    node: str
    #: Why, in the engine's words.
    problem: str
    #: When it is tried again by itself.
    due_at: datetime | None


def failing_starts(session: Session, tenant: str) -> Sequence[FailingStart]:
    """Give what failed and waits to be tried again, what is tried soonest first."""
    query = (
        select(ProcessStartRow)
        .where(ProcessStartRow.tenant == tenant, ProcessStartRow.problem != "")
        .order_by(ProcessStartRow.due_at, ProcessStartRow.id)
    )
    return [
        FailingStart(process_key=row.process_key, node=row.node, problem=row.problem, due_at=row.due_at)
        for row in session.scalars(query)
    ]
