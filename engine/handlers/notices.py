"""Drafts whose time is nearly over: who is to be written to, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from engine.commands import Command
from engine.errors import NotAllowed
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.store.papers import DraftRow

_MOST_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A draft of somebody who had its link mailed."""

    draft_id: str
    email: str
    process_key: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class TakeNotices(Command[Sequence[Notice]]):
    """Give the drafts that run out within so many days and mark them, so that nobody else writes the same."""

    days: int


@dataclass(frozen=True, kw_only=True)
class PutNoticeBack(Command[None]):
    """The mail could not be sent: the next time again."""

    draft_id: str


@handles(TakeNotices)
def take_notices(work: Work, command: TakeNotices) -> Sequence[Notice]:
    """Mark and give them."""
    _must_be_system(work)
    rows = work.session.scalars(
        select(DraftRow)
        .where(DraftRow.tenant == work.tenant, DraftRow.warned_at.is_(None), DraftRow.email != "")
        .where(DraftRow.instance_id.is_(None), DraftRow.task_id.is_(None))
        .where(DraftRow.expires_at >= work.now, DraftRow.expires_at < work.now + timedelta(days=command.days))
        .order_by(DraftRow.expires_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.warned_at = work.now
    return [
        Notice(draft_id=row.id, email=row.email, process_key=row.process_key or "", expires_at=row.expires_at)
        for row in rows
    ]


@handles(PutNoticeBack)
def put_notice_back(work: Work, command: PutNoticeBack) -> None:
    """Take the mark off."""
    _must_be_system(work)
    row = work.session.get(DraftRow, command.draft_id)
    if row is not None and row.tenant == work.tenant:
        row.warned_at = None


def _must_be_system(work: Work) -> None:
    if work.actor.kind != "system":
        raise NotAllowed
