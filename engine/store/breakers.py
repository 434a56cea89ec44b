"""Circuit breakers: which other side does not answer now, so that actions wait for it and lose no tries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class BreakerRow(Owned, Base):
    """What an organisation knows of one other side."""

    __tablename__ = "connector_breaker"
    __table_args__ = (UniqueConstraint("tenant", "connector", "target"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    connector: Mapped[str] = mapped_column(String(100))
    #: The host, where each action of the connector names one of its own; else "".
    target: Mapped[str] = mapped_column(String(255))
    #: See engine.lifecycle.BREAKER.
    state: Mapped[str] = mapped_column(String(20))
    #: Actions in a row that failed because of the other side.
    failures: Mapped[int]
    #: Opened so many times in a row without an answer in between.
    rounds: Mapped[int]
    #: Kind of the last failure (engine.model.Cause), its sentence, and the action that had it.
    cause: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text)
    job_id: Mapped[str | None] = mapped_column(String(32))
    opened_at: Mapped[datetime | None]
    #: From when on one action may try whether the other side answers again.
    next_at: Mapped[datetime | None]
