"""Accounts of applicants, and which cases are theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class AccountRow(Owned, Base):
    """An applicant who comes in. Nobody of the staff, and with no rights of any."""

    __tablename__ = "applicant_account"
    __table_args__ = (UniqueConstraint("tenant", "email"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: In small letters; whoever has the account has had this mailbox. None = they came in by an identity provider.
    email: Mapped[str | None] = mapped_column(String(255))
    #: argon2; None = no sign-in by password
    password_hash: Mapped[str | None]
    #: What an identity provider has verified: {"name", "birthdate", …}; None = nothing.
    verified: Mapped[dict[str, Any] | None]
    verified_at: Mapped[datetime | None]
    #: cs or en
    language: Mapped[str] = mapped_column(String(2), default="cs")
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class AccountCaseRow(Owned, Base):
    """A case of an account."""

    __tablename__ = "account_case"
    __table_args__ = (UniqueConstraint("account_id", "instance_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("applicant_account.id", ondelete="CASCADE"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    #: See engine.accounts.How.
    how: Mapped[str] = mapped_column(String(10))
    added_at: Mapped[datetime]
