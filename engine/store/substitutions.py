"""Who stands in for whom, from when to when, and in what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class SubstitutionRow(Owned, Base):
    """A colleague stands in for somebody who is away. Never deleted: it says later why somebody could act."""

    __tablename__ = "substitution"
    __table_args__ = (Index("ix_substitution_ends_on", "tenant", "ends_on"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    absent: Mapped[str] = mapped_column(String(150))
    substitute: Mapped[str] = mapped_column(String(150))
    #: Only in this agenda; None = in all.
    agenda: Mapped[str | None] = mapped_column(String(100))
    begins_on: Mapped[date] = mapped_column(Date)
    #: The last day, inclusive.
    ends_on: Mapped[date] = mapped_column(Date)
    arranged_at: Mapped[datetime]
    arranged_by: Mapped[str] = mapped_column(String(150))
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(150))
