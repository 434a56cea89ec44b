"""Tries to come in that failed; links that were mailed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned
from engine.store.people import PersonRow


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


#: Letters that are still to be sent.
_UNSENT = text("sent_at IS NULL")


class MailedLinkRow(Owned, Base):
    """A link with a secret for one person's mailbox, and the promise to send it. It works once."""

    __tablename__ = "mailed_link"
    __table_args__ = (
        Index("ix_mailed_link_due", "next_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index("ix_mailed_link_person_id", "person_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    #: Where it goes: changing the person's address later ends the link.
    email: Mapped[str]
    #: SHA-256 in hex of the secret in the letter that was sent last; None = none was yet
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    #: None = still to be sent
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    #: When it is tried next.
    next_at: Mapped[datetime]
    #: None = it still works until it expires
    used_at: Mapped[datetime | None]


def link_of(tenant: str, secret: str) -> Select[MailedLinkRow, PersonRow]:
    """The link of a secret with its person, unless it is used or the person has left, moved or joined the directory.

    Whether it has run out is for whoever asks.
    """
    hashed = sha256(secret.encode()).hexdigest()
    works = (MailedLinkRow.secret_hash == hashed, MailedLinkRow.used_at.is_(None))
    same = (PersonRow.active, PersonRow.email == MailedLinkRow.email, PersonRow.directory_id.is_(None))
    joined = select(MailedLinkRow, PersonRow).join(PersonRow, PersonRow.id == MailedLinkRow.person_id)
    return joined.where(MailedLinkRow.tenant == tenant, PersonRow.tenant == tenant, *works, *same)
