"""The directory of an organisation's people, and what its last nightly run did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class DirectoryRow(Owned, Base):
    """How one organisation's directory is reached."""

    __tablename__ = "staff_directory"
    __table_args__ = (UniqueConstraint("tenant"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: engine.directory.DirectorySettings
    settings: Mapped[dict[str, Any]]
    #: The last run that read the whole directory; None = none yet.
    synced_at: Mapped[datetime | None]
    #: engine.directory.SyncReport without `at`; lists of usernames
    report: Mapped[dict[str, Any]]
    #: Why the newest run read nothing; empty = it did.
    problem: Mapped[str] = mapped_column(default="")
