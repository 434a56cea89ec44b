"""What people of the staff arranged for themselves: views of the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, Owned, new_id


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
