"""Tables brought into registers: the file, what became of each of its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, JsonText, Owned


class ImportRow(Owned, Base):
    """One import of a table into a register."""

    __tablename__ = "register_import"
    __table_args__ = (
        Index("ix_register_import_list", "tenant", "register", "begun_at"),
        Index("ix_register_import_state", "state"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(100))
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    #: Empty once it is not needed any more.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: engine.registering: columns, checking, checked, storing, stored, undoing, undone or refused
    state: Mapped[str] = mapped_column(String(20))
    #: Title of a column → the field it goes to; "" = nowhere.
    columns: Mapped[dict[str, Any]]
    #: add or replace
    mode: Mapped[str] = mapped_column(String(20), default="add")
    only_good: Mapped[bool] = mapped_column(default=False)
    #: Fate → how many rows.
    counts: Mapped[dict[str, Any]]
    #: Why it went no further: a key of a sentence and its facts.
    problem: Mapped[dict[str, Any]]
    begun_at: Mapped[datetime]
    begun_by: Mapped[str] = mapped_column(String(150))
    #: In which the faults of rows are told.
    language: Mapped[str] = mapped_column(String(2))
    changed_at: Mapped[datetime]


class ImportLineRow(Owned, Base):
    """What becomes of a row of the table."""

    __tablename__ = "register_import_row"
    __table_args__ = (Index("ix_register_import_row_fate", "import_id", "fate", "number"),)
    import_id: Mapped[str] = mapped_column(ForeignKey("register_import.id", ondelete="CASCADE"), primary_key=True)
    #: Line of the table as its reader sees it; the heading is the first.
    number: Mapped[int] = mapped_column(primary_key=True)
    #: new, change, same or bad
    fate: Mapped[str] = mapped_column(String(10))
    #: [field or title of the column, sentence]
    problems: Mapped[list[Any]] = mapped_column(JsonText)
    #: The record as it will be.
    data: Mapped[dict[str, Any]] = mapped_column(JsonText)
    record_id: Mapped[str | None] = mapped_column(String(32), index=True)
    #: Version that the check saw; the one that the import wrote is one more.
    version: Mapped[int] = mapped_column(default=0)
    #: What came of taking it back: "" not asked, undone, kept (it was changed since).
    undone: Mapped[str] = mapped_column(String(10), default="")
