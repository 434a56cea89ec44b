"""Tries to come in that failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class SignInTriesRow(Owned, Base):
    """How often a name was tried, or how often it was tried from an address, without success."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (UniqueConstraint("tenant", "kind", "key_hash"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: name or address
    kind: Mapped[str] = mapped_column(String(10))
    key_hash: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int]
    last_at: Mapped[datetime]
    #: Until then nobody is let in; None = one may try.
    locked_until: Mapped[datetime | None]
