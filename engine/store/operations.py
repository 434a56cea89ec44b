"""What operators have done to cases, so that it can be looked up, and taken back where that makes sense."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class WorkerRow(Base):
    """A worker's last sign of life. Workers serve the whole installation, so this belongs to no tenant."""

    __tablename__ = "worker"
    #: Machine and process.
    name: Mapped[str] = mapped_column(String(150), primary_key=True)
    seen_at: Mapped[datetime]


class OperationRow(Owned, Base):
    """One intervention in one case."""

    __tablename__ = "operation"
    __table_args__ = (
        Index("ix_operation_list", "tenant", "at"),
        Index("ix_operation_instance_id", "instance_id"),
        Index("ix_operation_batch", "tenant", "batch"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: What was done to several cases at once has one batch.
    batch: Mapped[str | None] = mapped_column(String(32))
    #: suspend, resume, terminate, set, move, migrate, retry or undo
    kind: Mapped[str] = mapped_column(String(20))
    #: See engine.lifecycle.OPERATION.
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(150), default="")
    actor_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]]
    #: The state before; None where the intervention can't be taken back.
    before: Mapped[str | None] = mapped_column(Text)
    #: Fingerprint of the state after: another one means that the case has moved on.
    after: Mapped[str | None] = mapped_column(String(64))
    #: Migration: the version before, whose names the story still needs.
    definition_before: Mapped[str | None] = mapped_column(ForeignKey("process_definition.id"))
