"""Idempotency keys of programs: the same request twice happens once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from engine.errors import Invalid
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.programs import Answer, BeginAnswer, FinishAnswer
from engine.store.answers import AnswerRow
from engine.store.upsert import insert_new

#: How long a key is remembered.
REMEMBERED = timedelta(days=7)
#: A request that did nothing and has no answer for so long died with its process.
ABANDONED = timedelta(minutes=5)


@handles(BeginAnswer)
def begin_answer(work: Work, command: BeginAnswer) -> Answer | None:
    """Insert the key; where it is already, give what was answered then."""
    _forget(work)
    row = {
        "id": new_id(),
        "tenant": work.tenant,
        "asker": work.actor.username,
        "key": command.key,
        "request_hash": command.request_hash,
        "asked_at": work.now,
    }
    if insert_new(work.connection, AnswerRow.__table__, row, ("tenant", "asker", "key")):  # type: ignore[arg-type]
        return None
    earlier = work.session.execute(select(AnswerRow).where(*_this(work, command.key))).scalar_one()
    if earlier.request_hash != command.request_hash:
        raise Invalid("This Idempotency-Key was used with another request.", key=command.key)
    return Answer(status=earlier.status, body=earlier.body, carried_out=earlier.carried_out)


def carry_out(work: Work, key: str) -> None:
    """Note with what a request's command writes that it was done: a process that dies now leaves no doubt."""
    work.connection.execute(update(AnswerRow).where(*_this(work, key)).values(carried_out=True))


@handles(FinishAnswer)
def finish_answer(work: Work, command: FinishAnswer) -> None:
    """Write the answer to its key, or forget the key."""
    where = _this(work, command.key)
    if command.status is None:
        work.session.execute(delete(AnswerRow).where(*where, AnswerRow.carried_out.is_(False)))
        return
    work.session.execute(update(AnswerRow).where(*where).values(status=command.status, body=command.body))


def _this(work: Work, key: str) -> tuple[ColumnElement[bool], ...]:
    return AnswerRow.tenant == work.tenant, AnswerRow.asker == work.actor.username, AnswerRow.key == key


def _forget(work: Work) -> None:
    old = AnswerRow.asked_at < work.now - REMEMBERED
    undone = AnswerRow.status.is_(None) & AnswerRow.carried_out.is_(False)
    abandoned = undone & (AnswerRow.asked_at < work.now - ABANDONED)
    work.session.execute(delete(AnswerRow).where(AnswerRow.tenant == work.tenant, old | abandoned))
