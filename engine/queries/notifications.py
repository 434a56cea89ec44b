"""What somebody of the staff was told, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.queries.paging import Page, page_of
from engine.store.cases import InstanceRow
from engine.store.notifications import NotificationRow

Told, Case = NotificationRow, InstanceRow
#: Things told in one mail.
MOST_IN_DIGEST = 50


@dataclass(frozen=True, kw_only=True)
class NotificationFacts:
    """One thing told."""

    id: str
    #: mentioned, delegated, returned or substitute-left; the last one belongs to no case
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


def notification(session: Session, tenant: str, notification_id: str) -> NotificationFacts | None:
    """Give one thing told, if it is still there."""
    row = session.execute(_told(tenant).where(Told.id == notification_id)).first()
    return NotificationFacts(**row._mapping) if row else None


def news(session: Session, tenant: str, username: str, since: datetime, until: datetime) -> Sequence[NotificationFacts]:
    """Give what a person was told from one moment up to another and has not read, the oldest first."""
    query = _told(tenant).where(Told.username == username, Told.read_at.is_(None), Told.at >= since, Told.at < until)
    rows = session.execute(query.order_by(Told.at, Told.id).limit(MOST_IN_DIGEST))
    return [NotificationFacts(**row._mapping) for row in rows]


def notifications(
    session: Session, tenant: str, username: str, page: int = 1, page_size: int = 50
) -> Page[NotificationFacts]:
    """Give what a person was told."""
    query = _told(tenant).where(Told.username == username).order_by(Told.at.desc(), Told.id)
    return page_of(session, query, lambda row: NotificationFacts(**row._mapping), page, page_size)


def _told(tenant: str) -> Select[*tuple[Any, ...]]:
    of_case = (Case.business_key, Case.title, Case.definition_id)
    case = [func.coalesce(column, "").label(column.key) for column in of_case]
    return (
        select(Told.id, Told.kind, Told.task_id, Told.text, Told.by_name, Told.at, Told.read_at)
        .add_columns(*case)
        .outerjoin(Case, Case.id == Told.instance_id)
        .where(Told.tenant == tenant)
    )
