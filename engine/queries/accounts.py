"""Accounts of applicants and what is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.erasing import Subject
from engine.errors import NotFound
from engine.model import Variables
from engine.queries.papers import DraftFacts, live_draft
from engine.store.accounts import AccountCaseRow, AccountRow
from engine.store.papers import DraftRow
from engine.store.signing_in import SESSION_LIFE, LiveSessionRow, MailedLinkRow, entry_of


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """An applicant's account."""

    id: str
    #: "" = they came by an identity provider and have shown no mailbox.
    email: str
    has_password: bool
    #: What an identity provider has verified.
    verified: Variables
    verified_at: datetime | None
    language: str
    created_at: datetime
    signed_in_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """A link that was mailed to come in by."""

    email: str
    #: SHA-256 of a secret of the browser that asked.
    browser: str = field(repr=False)
    target: str
    #: The account that wants the e-mail; "" = the one that has it.
    account_id: str


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """That a link was mailed, without its secret."""

    email: str
    created_at: datetime
    sent_at: datetime | None
    used_at: datetime | None


def account_in(session: Session, tenant: str, session_id: str, now: datetime) -> tuple[AccountFacts, datetime] | None:
    """Give the account of a live session, and when that was seen last."""
    live = (LiveSessionRow.id == session_id, LiveSessionRow.seen_at > now - SESSION_LIFE)
    found = session.execute(
        select(AccountRow, LiveSessionRow.seen_at)
        .join(LiveSessionRow, LiveSessionRow.holder_id == AccountRow.id)
        .where(AccountRow.tenant == tenant, LiveSessionRow.holder_kind == "account", *live)
    ).first()
    return (_account(found[0]), found[1]) if found is not None else None


def credentials_of(session: Session, tenant: str, email: str) -> tuple[str, str | None] | None:
    """Give id and argon2 hash of the account of an e-mail, for the sign-in."""
    found = session.execute(
        select(AccountRow.id, AccountRow.password_hash).where(AccountRow.tenant == tenant, AccountRow.email == email)
    ).first()
    return (found[0], found[1]) if found is not None else None


def entry(session: Session, tenant: str, secret: str, now: datetime) -> EntryFacts | None:
    """Give the link of a secret while it works."""
    row = session.scalars(entry_of(tenant, secret)).first()
    if row is None or row.expires_at <= now:
        return None
    return EntryFacts(email=row.email, browser=row.browser_hash, target=row.target, account_id=row.account_id or "")


def has_case(session: Session, tenant: str, account_id: str, instance_id: str) -> bool:
    """Say whether a case is among those of an account."""
    which = (AccountCaseRow.account_id == account_id, AccountCaseRow.instance_id == instance_id)
    return session.scalar(select(AccountCaseRow.id).where(AccountCaseRow.tenant == tenant, *which)) is not None


def draft_of_account(session: Session, tenant: str, draft_id: str, account_id: str, now: datetime) -> DraftFacts:
    """Give a draft to the account that began it. Raises NotFound."""
    which = (DraftRow.id == draft_id, DraftRow.account_id == account_id)
    row = session.scalar(select(DraftRow).where(DraftRow.tenant == tenant, *which))
    if row is None:
        raise NotFound
    return live_draft(row, now)


def drafts_of_account(session: Session, tenant: str, account_id: str, now: datetime) -> Sequence[DraftFacts]:
    """Give what an account has begun and not sent, saved last first."""
    unsent = (DraftRow.instance_id.is_(None), DraftRow.task_id.is_(None), DraftRow.expires_at >= now)
    query = select(DraftRow).where(DraftRow.tenant == tenant, DraftRow.account_id == account_id, *unsent)
    return [live_draft(row, now) for row in session.scalars(query.order_by(DraftRow.saved_at.desc()))]


def accounts_of(session: Session, tenant: str, subject: Subject) -> Sequence[AccountFacts]:
    """Give the accounts of a person: by e-mail, or by the name and date of birth that were verified."""
    either: list[ColumnElement[bool]] = []
    if subject.email:
        either.append(AccountRow.email == subject.email.strip().lower())
    if subject.name and subject.born:
        told = [AccountRow.verified[name].as_string() for name in ("name", "birthdate")]
        either.append((func.lower(told[0]) == subject.name.lower()) & (told[1] == subject.born))
    found: dict[str, AccountFacts] = {}
    for one in either:
        rows = session.scalars(select(AccountRow).where(AccountRow.tenant == tenant, one))
        found |= {row.id: _account(row) for row in rows}
    return list(found.values())


def case_ids(session: Session, tenant: str, account_id: str) -> Sequence[str]:
    """Give ids of the cases of an account."""
    mine = (AccountCaseRow.tenant == tenant, AccountCaseRow.account_id == account_id)
    return session.scalars(select(AccountCaseRow.instance_id).where(*mine).order_by(AccountCaseRow.added_at)).all()


def links_of(session: Session, tenant: str, email: str) -> Sequence[LinkFacts]:
    """Give the links by which whoever has a mailbox was to come in, while they are kept."""
    mine = (MailedLinkRow.tenant == tenant, MailedLinkRow.email == email, MailedLinkRow.person_id.is_(None))
    rows = session.scalars(select(MailedLinkRow).where(*mine).order_by(MailedLinkRow.created_at))
    return [
        LinkFacts(email=row.email, created_at=row.created_at, sent_at=row.sent_at, used_at=row.used_at) for row in rows
    ]


def _account(row: AccountRow) -> AccountFacts:
    return AccountFacts(
        id=row.id,
        email=row.email or "",
        has_password=row.password_hash is not None,
        verified=row.verified or {},
        verified_at=row.verified_at,
        language=row.language,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
    )
