"""The words of cases, and how far through the history they have come."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.store.base import table_of
from engine.store.cases import InstanceRow
from engine.store.upsert import upsert
from engine.store.wording import CaseWordsRow, WordsMarkRow
from engine.wording import KeepWords

#: The mark is one row.
_ONLY = 1


@handles(KeepWords)
def keep_words(work: Work, command: KeepWords) -> int:
    """Write them over the older ones. A case that was erased meanwhile gets none."""
    query = select(InstanceRow.id, InstanceRow.ended_at)
    query = query.where(InstanceRow.tenant == work.tenant, InstanceRow.id.in_(command.cases))
    there = {case: ended for case, ended in work.session.execute(query.with_for_update(read=True, key_share=True))}
    rows = [
        {"owner": work.tenant, "instance_id": case, "words": " ".join(worded.words), "upto": worded.upto}
        | {"going_on": there[case] is None}
        for case, worded in command.cases.items()
        if case in there
    ]
    upsert(work.connection, table_of(CaseWordsRow), rows, ("instance_id",), ("words", "upto", "going_on"))
    return len(there)


def set_mark(session: Session, upto: int) -> None:
    """Note how far it has come."""
    session.merge(WordsMarkRow(id=_ONLY, upto=upto))


def forget_words(session: Session) -> None:
    """Begin anew, for all tenants; until then cases are found by the words they have."""
    session.execute(update(CaseWordsRow).values(upto=0))
    set_mark(session, 0)
