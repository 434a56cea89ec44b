"""What ties records of registers together: each tie with what it says, from when to when, and who made and ended it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned

_LIVE = text("ended_at IS NULL")


class LinkRow(Owned, Base):
    """One record tied to another. A change of what the tie says ends it and makes another, so that rows are history."""

    __tablename__ = "register_link"
    __table_args__ = (
        Index(
            "uq_register_link_live",
            "record_id",
            "name",
            "other_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_register_link_other", "other_id", "name"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(100))
    record_id: Mapped[str] = mapped_column(ForeignKey("register_record.id", ondelete="CASCADE"))
    #: Of the link in the register's file.
    name: Mapped[str] = mapped_column(String(100))
    other_register: Mapped[str] = mapped_column(String(100))
    other_id: Mapped[str] = mapped_column(ForeignKey("register_record.id", ondelete="CASCADE"))
    data: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(default="")
    made_in: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    ended_in: Mapped[str | None] = mapped_column(String(32))
