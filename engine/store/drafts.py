"""Whom to write to about a form that is being written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned

_PROMISED = text("next_at IS NOT NULL")


class DraftReaderRow(Owned, Base):
    """Somebody who has the link to a draft in a mail, or who owns it; and the promise to tell them before its end."""

    __tablename__ = "draft_reader"
    __table_args__ = (
        Index("ix_draft_reader_draft_id", "draft_id"),
        Index("ix_draft_reader_due", "next_at", sqlite_where=_PROMISED, postgresql_where=_PROMISED),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    draft_id: Mapped[str] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    #: Where the link was mailed; "" = whoever signed in owns the draft, at the address they have then.
    email: Mapped[str]
    #: Language of the page that the link was asked on; owners have one of their own.
    language: Mapped[str] = mapped_column(String(10), default="cs")
    #: Had the link for others: may write, and neither send it nor throw it away.
    as_guest: Mapped[bool]
    #: SHA-256 in hex of the secret in the notice that was sent last; None = none was yet.
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    #: When the notice is to be sent, or tried again; None = none is promised. The row is the promise.
    next_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
