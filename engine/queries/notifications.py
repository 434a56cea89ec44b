"""What somebody of the staff was told, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.queries.paging import Page, page_of
from engine.store.cases import InstanceRow
from engine.store.notifications import NotificationRow

Told = NotificationRow


@dataclass(frozen=True, kw_only=True)
class NotificationFacts:
    """One thing told."""

    id: str
    #: mentioned, delegated or returned
    kind: str
    business_key: str
    title: str
    definition_id: str
    task_id: str | None
    text: str
    by_name: str
    at: datetime
    read_at: datetime | None


def unread(session: Session, tenant: str, username: str) -> int:
    """Count what a person has not read."""
    query = select(func.count()).where(Told.tenant == tenant, Told.username == username, Told.read_at.is_(None))
    return session.scalar(query) or 0


def notifications(
    session: Session, tenant: str, username: str, page: int = 1, page_size: int = 50
) -> Page[NotificationFacts]:
    """Give what a person was told."""
    query = (
        select(Told.id, Told.kind, Told.task_id, Told.text, Told.by_name, Told.at, Told.read_at)
        .add_columns(InstanceRow.business_key, InstanceRow.title, InstanceRow.definition_id)
        .join(InstanceRow, InstanceRow.id == Told.instance_id)
        .where(Told.tenant == tenant, Told.username == username)
        .order_by(Told.at.desc(), Told.id)
    )
    return page_of(session, query, lambda row: NotificationFacts(**row._mapping), page, page_size)
