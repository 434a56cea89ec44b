"""Tries to come in that failed; links that were mailed; sessions; second factors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned
from engine.store.people import PersonRow


class SignInTriesRow(Owned, Base):
    """How often a name was tried without success: at all, from an address, in a browser; and an address by any name."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (UniqueConstraint("tenant", "kind", "key_hash"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: browser, name, place or address: see engine.signing_in.Tried
    kind: Mapped[str] = mapped_column(String(10))
    key_hash: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int]
    last_at: Mapped[datetime]
    #: Until then nobody is let in; None = one may try.
    locked_until: Mapped[datetime | None]


#: Letters that are still to be sent.
_UNSENT = text("sent_at IS NULL")


class MailedLinkRow(Owned, Base):
    """A link with a secret for somebody's mailbox, and the promise to send it. It works once.

    With a person it sets a new password of theirs, without one an applicant comes in by it.
    """

    __tablename__ = "mailed_link"
    __table_args__ = (
        Index("ix_mailed_link_due", "next_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index("ix_mailed_link_person_id", "person_id"),
        Index("ix_mailed_link_email", "tenant", "email"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    #: The account that wants this e-mail as its own; None = the one that has it, or a new one.
    account_id: Mapped[str | None] = mapped_column(String(32))
    #: SHA-256 of a secret of the browser that asked.
    browser_hash: Mapped[str] = mapped_column(String(64), default="")
    #: Where an applicant was going.
    target: Mapped[str] = mapped_column(String(500), default="")
    #: cs or en
    language: Mapped[str] = mapped_column(String(2), default="cs")
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


#: A session that nobody uses for so long is over.
SESSION_LIFE = timedelta(hours=12)


class LiveSessionRow(Owned, Base):
    """Somebody is signed in. No address is kept, and of the browser only its kind."""

    __tablename__ = "live_session"
    __table_args__ = (Index("ix_live_session_holder", "tenant", "holder_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: person or account; the id is of the one or of the other
    holder_kind: Mapped[str] = mapped_column(String(10))
    holder_id: Mapped[str] = mapped_column(String(32))
    #: See engine.signing_in.Way.
    way: Mapped[str] = mapped_column(String(10))
    agent: Mapped[str] = mapped_column(String(60), default="")
    began_at: Mapped[datetime]
    #: To a few minutes.
    seen_at: Mapped[datetime]


class SecondFactorRow(Owned, Base):
    """The secret that a person's application makes codes of."""

    __tablename__ = "second_factor"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    #: Encrypted with a key of the environment.
    sealed: Mapped[str]
    #: None = it is being set up, and asked of nobody
    confirmed_at: Mapped[datetime | None]
    #: The thirty seconds whose code was used last: neither it nor an earlier one will do again.
    last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class RecoveryCodeRow(Owned, Base):
    """A code for when the phone is lost; it works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    #: SHA-256 in hex
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class IdentityRow(Owned, Base):
    """Somebody whom a provider knows (OpenID Connect), and who that is here."""

    __tablename__ = "oidc_identity"
    __table_args__ = (UniqueConstraint("tenant", "holder_kind", "issuer", "subject"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    issuer: Mapped[str] = mapped_column(String(500))
    #: Stays the same, whatever they are called there.
    subject: Mapped[str] = mapped_column(String(255))
    #: As of a session.
    holder_kind: Mapped[str] = mapped_column(String(10))
    holder_id: Mapped[str] = mapped_column(String(32), index=True)
    created_at: Mapped[datetime]


def link_of(tenant: str, secret: str) -> Select[MailedLinkRow, PersonRow]:
    """The link of a secret with its person, unless it is used or the person has left, moved or joined the directory.

    Whether it has run out is for whoever asks.
    """
    hashed = sha256(secret.encode()).hexdigest()
    works = (MailedLinkRow.secret_hash == hashed, MailedLinkRow.used_at.is_(None))
    same = (PersonRow.active, PersonRow.email == MailedLinkRow.email, PersonRow.directory_id.is_(None))
    joined = select(MailedLinkRow, PersonRow).join(PersonRow, PersonRow.id == MailedLinkRow.person_id)
    return joined.where(MailedLinkRow.tenant == tenant, PersonRow.tenant == tenant, *works, *same)


def entry_of(tenant: str, secret: str) -> Select[MailedLinkRow]:
    """The link of a secret by which an applicant comes in, unless it is used. Whether it has run out others ask."""
    hashed = sha256(secret.encode()).hexdigest()
    works = (MailedLinkRow.secret_hash == hashed, MailedLinkRow.used_at.is_(None), MailedLinkRow.person_id.is_(None))
    return select(MailedLinkRow).where(MailedLinkRow.tenant == tenant, *works)


def is_demanded(settings: Mapping[str, Any], groups: Collection[str]) -> bool:
    """Whether an organisation wants a second factor of whoever is in these groups."""
    wanted = settings.get("second_factor_groups")
    return isinstance(wanted, list) and not set(wanted).isdisjoint(groups)
