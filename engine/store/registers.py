"""Registers: BPMN data stores. A register's shape is data of its agenda; here are only its rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, JsonValue, Owned


class RegisterRow(Owned, Base):
    """A register as it was last deployed: the JSON of `registers/<key>.json`."""

    __tablename__ = "register"
    __table_args__ = (UniqueConstraint("tenant", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(100))
    deployment_id: Mapped[str] = mapped_column(ForeignKey("deployment.id"))
    definition: Mapped[dict[str, Any]]


class RecordRow(Owned, Base):
    """A record of a register."""

    __tablename__ = "register_record"
    __table_args__ = (
        Index("ix_register_record_list", "tenant", "register", "state"),
        Index("ix_register_record_caption", "tenant", "register", "state", "sort_key", "id"),
        Index("ix_register_record_changed", "tenant", "register", "state", "changed_at", "id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(100))
    data: Mapped[dict[str, Any]]
    #: Optimistic lock, and the number of the newest version.
    version: Mapped[int]
    #: live or deleted
    state: Mapped[str] = mapped_column(String(20), default="live")
    #: Caption by the register's expression, for lists and links.
    caption: Mapped[str] = mapped_column(default="")
    #: The folded caption's beginning: the order of a list.
    sort_key: Mapped[str] = mapped_column(String(100), default="")
    #: Lower-cased text of the fields the register searches in, without accents.
    search: Mapped[str] = mapped_column(default="")
    #: The same of the fields that are public.
    public_search: Mapped[str] = mapped_column(default="")
    #: The register's `public.where` said yes when the record was written.
    public: Mapped[bool] = mapped_column(default=False)
    #: The last day on which it is public; None = for ever.
    public_until: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class RecordValueRow(Owned, Base):
    """What a live record has in an indexed field, one row for each: lists are narrowed, counted and sorted by it.

    Kept by engine.store.record_values.
    """

    __tablename__ = "register_value"
    __table_args__ = (Index("ix_register_value_list", "tenant", "register", "field", "value", "record_id"),)
    record_id: Mapped[str] = mapped_column(ForeignKey("register_record.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    register: Mapped[str] = mapped_column(String(100))
    #: As it sorts; "" = nothing.
    value: Mapped[str] = mapped_column(String(100))


class RecordUniqueRow(Owned, Base):
    """A unique key of a record: the database itself refuses a second one."""

    __tablename__ = "register_unique"
    __table_args__ = (UniqueConstraint("tenant", "register", "fields", "value_hash"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(100))
    #: Names of the fields, joined by a comma.
    fields: Mapped[str] = mapped_column(String(255))
    value_hash: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[str] = mapped_column(ForeignKey("register_record.id", ondelete="CASCADE"), index=True)


class RecordVersionRow(Owned, Base):
    """Every version of a record: who, when, by which case."""

    __tablename__ = "register_version"
    __table_args__ = (UniqueConstraint("record_id", "version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("register_record.id"))
    version: Mapped[int]
    #: None: the record was deleted.
    data: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(default="")
    instance_id: Mapped[str | None] = mapped_column(String(32))
    #: Why, in the words of who did it.
    reason: Mapped[str] = mapped_column(default="")
    #: The import that wrote it, or took it back.
    import_id: Mapped[str | None] = mapped_column(String(32), index=True)


class RecordWatchRow(Owned, Base):
    """What a watched record has still to set off, or has set off: one occasion, once."""

    __tablename__ = "register_watch"
    __table_args__ = (
        UniqueConstraint(
            "tenant", "record_id", "watch", "counted_by", "occasion", "period", name="uq_register_watch_occasion"
        ),
        Index("ix_register_watch_due", "state", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(100))
    record_id: Mapped[str] = mapped_column(ForeignKey("register_record.id", ondelete="CASCADE"), index=True)
    #: engine.registers.watching.Watch.key
    watch: Mapped[str] = mapped_column(String(64))
    #: The record, or a hash of the field that several records are watched as one by.
    counted_by: Mapped[str] = mapped_column(String(64))
    #: The watched day; of a change the record's version.
    occasion: Mapped[str] = mapped_column(String(32))
    #: ISO period before the day; "" of a change.
    period: Mapped[str] = mapped_column(String(32))
    #: waiting or fired
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
    #: The case that it began.
    case_id: Mapped[str | None] = mapped_column(String(32))
    #: Why it could not be carried out when it was last tried.
    problem: Mapped[str] = mapped_column(default="")
