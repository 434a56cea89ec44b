"""Holds on personal data, and erasures that somebody asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.store.base import Base, JsonValue, Owned, new_id
from engine.store.cases import InstanceRow


class HoldRow(Owned, Base):
    """As long as it isn't lifted, what it names is never erased."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index("ix_legal_hold_list", "tenant", "placed_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: The case that is held …
    instance_id: Mapped[str | None] = mapped_column(String(32))
    #: … or the e-mail or company number of the person, in small letters.
    person: Mapped[str] = mapped_column(String(255), default="")
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(150))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str | None] = mapped_column(String(150))
    lifted_at: Mapped[datetime | None]


class ErasureRow(Owned, Base):
    """Somebody's wish that everything of a person be erased: asked by one, agreed by another."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_list", "tenant", "asked_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: {"email", "ico", "name", "born"}; None once it is done or refused.
    subject: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    reason: Mapped[str] = mapped_column(Text)
    #: asked, agreed, refused or done
    state: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[str] = mapped_column(String(150))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(150))
    decided_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    #: Numbers of cases, counts of rows; nothing of the person.
    protocol: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)


def hold_on(session: Session, tenant: str, case: InstanceRow) -> str:
    """Give why a case may not be erased; "" where nothing holds it."""
    people = [word for word in (case.applicant_email.lower(), case.applicant_ico) if word]
    held = or_(HoldRow.instance_id == case.id, HoldRow.person.in_(people))
    query = select(HoldRow.reason).where(HoldRow.tenant == tenant, HoldRow.lifted_at.is_(None), held)
    return session.scalars(query.limit(1)).first() or ""
