"""What somebody of the staff should know: named in a note, given a task or given one back, left by a substitute."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned

_TO_MAIL = text("mail_at IS NOT NULL")


class NotificationRow(Owned, Base):
    """One thing told to one person."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_unread", "tenant", "username", "read_at"),
        Index("ix_notification_to_mail", "mail_at", sqlite_where=_TO_MAIL, postgresql_where=_TO_MAIL),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(150))
    #: mentioned, delegated, returned or substitute-left
    kind: Mapped[str] = mapped_column(String(20))
    #: None: it belongs to no case.
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[str | None] = mapped_column(String(32))
    #: What was written; of a note its beginning.
    text: Mapped[str] = mapped_column(Text, default="")
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    #: When its mail is to be tried next; None = there is none to be sent. The row is the promise.
    mail_at: Mapped[datetime | None]
    mail_attempts: Mapped[int] = mapped_column(default=0)
