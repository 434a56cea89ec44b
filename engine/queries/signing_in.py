"""Links that were mailed: whether one still works, and whose letters wait to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.people import PersonFacts, person
from engine.store.signing_in import MailedLinkRow, link_of


def person_of_link(session: Session, tenant: str, secret: str, now: datetime) -> PersonFacts | None:
    """The person whose link this is, while it works."""
    found = session.execute(link_of(tenant, secret)).first()
    return person(session, tenant, found[1].username) if found is not None and found[0].expires_at > now else None


def tenants_with_letters(session: Session, now: datetime) -> Sequence[str]:
    """Keys of tenants with letters whose time to be sent has come; the session sees all tenants."""
    due = (MailedLinkRow.sent_at.is_(None), MailedLinkRow.next_at <= now, MailedLinkRow.expires_at > now)
    return session.scalars(select(MailedLinkRow.tenant).where(*due).distinct()).all()
