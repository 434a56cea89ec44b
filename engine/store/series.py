"""Rows in time under a record: readings of a meter, lines of a budget; what they count is kept beside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, JsonText, Owned


class SeriesRow(Owned, Base):
    """One row of a register with `series`. Only its state ever changes, when another row takes its place."""

    __tablename__ = "series_row"
    __table_args__ = (
        UniqueConstraint("record_id", "register", "source_key", name="uq_series_row_source"),
        Index("ix_series_row_time", "record_id", "register", "channel", "at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(100))
    record_id: Mapped[str] = mapped_column(ForeignKey("register_record.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]
    #: Whole thousandths.
    value: Mapped[int] = mapped_column(BigInteger)
    #: "", rollover or reset: how it follows the row before it.
    mark: Mapped[str] = mapped_column(String(20), default="")
    #: counted, held (somebody must look), refused (somebody looked), superseded (another row stands for it)
    state: Mapped[str] = mapped_column(String(20))
    #: Why it was held back.
    reason: Mapped[str] = mapped_column(String(20), default="")
    source_key: Mapped[str] = mapped_column(String(120))
    #: The row that it stands for.
    supersedes: Mapped[str | None] = mapped_column(String(32))
    #: The other fields of the row.
    data: Mapped[dict[str, Any]] = mapped_column(JsonText)
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(default="")
    instance_id: Mapped[str | None] = mapped_column(String(32))


class RowPhotoRow(Owned, Base):
    """What somebody photographed to prove a row: the face of a meter. It goes when its row goes."""

    __tablename__ = "row_photo"
    row_id: Mapped[str] = mapped_column(ForeignKey("series_row.id", ondelete="CASCADE"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(127))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RowKeyRow(Owned, Base):
    """How many times a key by which rows are sent was revoked; what isn't here never was."""

    __tablename__ = "row_key"
    #: With the tenant first: keys are looked for by all four.
    __table_args__ = (PrimaryKeyConstraint("tenant", "register", "kind", "name"),)
    register: Mapped[str] = mapped_column(String(100))
    #: set (a token of devices) or label (on one thing)
    kind: Mapped[str] = mapped_column(String(10))
    #: Of the set of devices, or the id of the record with the label.
    name: Mapped[str] = mapped_column(String(250))
    #: Keys of this number are good, all before it are not.
    generation: Mapped[int]
    revoked_at: Mapped[datetime]
    revoked_by: Mapped[str] = mapped_column(default="")


class SeriesTotalRow(Owned, Base):
    """What the rows of one record count in a day, month or year; kept in step with them."""

    __tablename__ = "series_total"
    register: Mapped[str] = mapped_column(String(100), primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("register_record.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: day, month or year
    span: Mapped[str] = mapped_column(String(5), primary_key=True)
    #: 2026-03-02, 2026-03 or 2026
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: Whole thousandths, multiplied as the record above says.
    total: Mapped[int] = mapped_column(BigInteger)
