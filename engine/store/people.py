"""Tenants, people, their groups and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class TenantRow(Base):
    """An organisation on this installation."""

    __tablename__ = "tenant"
    key: Mapped[str] = mapped_column(String(63), primary_key=True)
    name: Mapped[str]
    #: hosts, colours, arms, address, account, ico, mail sender; see docs/operations.md
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class PersonRow(Owned, Base):
    """Somebody who can sign in."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("tenant", "username"), UniqueConstraint("tenant", "directory_id"))
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(150))
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    #: argon2; None = no sign-in by password
    password_hash: Mapped[str | None]
    #: Of the directory's entry; None = a local account, which no directory touches.
    directory_id: Mapped[str | None] = mapped_column(String(200))
    #: When they were deactivated because the directory knew them no more; None = it did not happen.
    left_directory_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    #: In which they want to see pages; None = they haven't said.
    language: Mapped[str | None] = mapped_column(String(2))
    #: The last time; None = never.
    signed_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class GroupRow(Owned, Base):
    """A candidate group: an office, a role, a board."""

    __tablename__ = "candidate_group"
    __table_args__ = (UniqueConstraint("tenant", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(100))
    #: {"cs", "en"}
    title: Mapped[dict[str, Any]]


class GroupMemberRow(Owned, Base):
    """Who is in which group."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("person_id", "group_key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    group_key: Mapped[str] = mapped_column(String(100))


class TokenRow(Owned, Base):
    """An API token; the token itself is never stored."""

    __tablename__ = "api_token"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    #: SHA-256 in hex
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
