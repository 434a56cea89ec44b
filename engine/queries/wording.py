"""How far the words of cases have come through the history, and what is new behind that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.store.cases import HistoryRow
from engine.store.wording import CaseWordsRow, WordsMarkRow

#: Entries of the history looked through at once.
STRETCH = 5_000
#: Entries are numbered before they are committed; within this time one with a smaller number may still appear.
SETTLES = timedelta(minutes=2)
#: Entries that bring words into a case, and those with which it ends.
KINDS = (
    *("case-completed", "case-terminated"),
    *("case-started", "form-submitted", "task-completed", "document", "note", "variables-changed", "set"),
    *("answers-erased", "case-anonymised"),
)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of the history: cases in it whose words are older, and where the next one begins."""

    #: tenant, case, its newest entry here
    stale: Sequence[tuple[str, str, int]]
    #: None when this was the last one.
    last: int | None
    #: Up to here nothing can appear any more.
    settled: int


def stretch(session: Session, after: int, now: datetime) -> Stretch:
    """Look through the history of all tenants behind an entry."""
    ids = select(HistoryRow.id).where(HistoryRow.id > after).order_by(HistoryRow.id).limit(STRETCH)
    upto, count = session.execute(select(func.max(ids.subquery().c.id), func.count())).one()
    if not upto:
        return Stretch(stale=(), last=None, settled=after)
    within = HistoryRow.id.between(after + 1, upto)
    newest = (
        select(HistoryRow.tenant, HistoryRow.instance_id, func.max(HistoryRow.id).label("upto"))
        .where(within, HistoryRow.kind.in_(KINDS))
        .group_by(HistoryRow.tenant, HistoryRow.instance_id)
        .subquery()
    )
    stale = (
        select(newest.c.tenant, newest.c.instance_id, newest.c.upto)
        .outerjoin(CaseWordsRow, CaseWordsRow.instance_id == newest.c.instance_id)
        .where(func.coalesce(CaseWordsRow.upto, 0) < newest.c.upto)
    )
    young = session.scalar(select(func.min(HistoryRow.id)).where(within, HistoryRow.at > now - SETTLES))
    return Stretch(
        stale=[(row.tenant, row.instance_id, row.upto) for row in session.execute(stale)],
        last=upto if count == STRETCH else None,
        settled=upto if young is None else young - 1,
    )


def mark(session: Session) -> int:
    """Give the entry up to which every case is in words."""
    return session.scalar(select(WordsMarkRow.upto)) or 0
