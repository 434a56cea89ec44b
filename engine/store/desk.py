"""What people of the staff arranged for themselves: views of the inbox, mails, the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class SavedViewRow(Owned, Base):
    """A list of the inbox under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("tenant", "username", "name"),
        Index("ix_saved_view_group", "tenant", "group_key"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(150))
    name: Mapped[str] = mapped_column(String(100))
    #: Whose members find it among theirs; None = only whoever keeps it.
    group_key: Mapped[str | None] = mapped_column(String(100))
    #: Parameters of the list as its address has them.
    given: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]


class DeskRow(Owned, Base):
    """What one person chose; who chose nothing has no row."""

    __tablename__ = "desk"
    __table_args__ = (UniqueConstraint("tenant", "username"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(150))
    #: none, at_once or daily
    mail: Mapped[str] = mapped_column(String(10), default="none")
    #: The last day whose mail was taken in hand, and up to which moment mails have told.
    digest_on: Mapped[date | None] = mapped_column(Date)
    digest_until: Mapped[datetime | None]
    #: SHA-256 of the token of the calendar; None = there is none.
    calendar_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    calendar_at: Mapped[datetime | None]
