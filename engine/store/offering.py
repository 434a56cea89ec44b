"""Agendas that organisations offer to each other: copies that never change, and what was taken of them.

What is offered is for all to read; only whose it is may write it (engine.store.wall).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class AgendaOfferRow(Base):
    """One version of an agenda, offered to everybody. Files and hash are those of the moment of offering."""

    __tablename__ = "agenda_offer"
    __table_args__ = (UniqueConstraint("offered_by", "agenda", "version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    offered_by: Mapped[str] = mapped_column(String(63), ForeignKey("tenant.key"))
    offered_by_name: Mapped[str]
    agenda: Mapped[str] = mapped_column(String(100))
    #: Version at the organisation that offers it.
    version: Mapped[int]
    title: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    #: Of the deployment: SHA-256 over all paths and contents.
    content_hash: Mapped[str] = mapped_column(String(64))
    offered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class AgendaOfferFileRow(Base):
    """A file of an offered agenda."""

    __tablename__ = "agenda_offer_file"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    offered_by: Mapped[str] = mapped_column(String(63), ForeignKey("tenant.key"))
    offer_id: Mapped[str] = mapped_column(ForeignKey("agenda_offer.id"), index=True)
    path: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AgendaTakenRow(Owned, Base):
    """A version that came from another organisation, and as which version it was published here."""

    __tablename__ = "agenda_taken"
    __table_args__ = (Index("ix_agenda_taken_newest", "tenant", "agenda", "taken_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agenda: Mapped[str] = mapped_column(String(100))
    offer_id: Mapped[str] = mapped_column(ForeignKey("agenda_offer.id"))
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(String(150))
