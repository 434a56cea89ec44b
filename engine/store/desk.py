"""What people of the staff arranged for themselves: views of the inbox, mails, the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, JsonText, Owned

_GOES_ON = text("ended_at IS NULL")


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


class TaskBatchRow(Owned, Base):
    """The same done with many tasks, one after another."""

    __tablename__ = "task_batch"
    __table_args__ = (
        Index("ix_task_batch_own", "tenant", "username", "ended_at"),
        Index("ix_task_batch_waiting", "taken_until", sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(150))
    #: claim, delegate or complete
    act: Mapped[str] = mapped_column(String(10))
    recipient: Mapped[str] = mapped_column(String(150))
    #: Ids, in the order in which they are done.
    tasks: Mapped[list[Any]] = mapped_column(JsonText)
    #: How many of them have had their turn.
    turns: Mapped[int] = mapped_column(default=0)
    #: Of those, reason → how many stayed as they were.
    refused: Mapped[dict[str, Any]]
    #: Parameters of the list they were chosen from.
    given: Mapped[dict[str, Any]]
    begun_at: Mapped[datetime]
    #: Until then a worker has it in hand; the row is the promise.
    taken_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
