"""Answers already given to programs: the same Idempotency-Key gets the same answer, and nothing happens twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, JsonValue, Owned


class AnswerRow(Owned, Base):
    """One request of a program that was answered, or is being answered."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("tenant", "asker", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: Who asked: two programs may choose the same key.
    asker: Mapped[str] = mapped_column(String(150))
    key: Mapped[str] = mapped_column(String(255))
    #: SHA-256 over method, path and body: the key with another request is a mistake.
    request_hash: Mapped[str] = mapped_column(String(64))
    #: None while it is being answered.
    status: Mapped[int | None]
    #: A command of it has been committed: it must not be done again, answered or not.
    carried_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    body: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    asked_at: Mapped[datetime]
