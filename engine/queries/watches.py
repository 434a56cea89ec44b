"""What watched records should have set off and could not: for operators."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.model import Actor
from engine.queries.paging import Page, page_of
from engine.registers.definitions import Register, read_register
from engine.registers.watching import Watch
from engine.store.definitions import ProcessDefinitionRow
from engine.store.registers import RecordRow, RecordWatchRow, RegisterRow


@dataclass(frozen=True, kw_only=True)
class FailingWatch:
    """A case that did not begin or a message that was not sent, though a record says that it should be."""

    id: str
    register: str
    register_title: Mapping[str, str]
    #: "" where this reader may not see the register's records.
    caption: str
    #: The watched day; of a change the record's version.
    occasion: str
    #: Key of the process that should begin, or name of the message; both "" where the register watches it no longer.
    start: str
    message: str
    #: The process that should begin is published nowhere in the organisation.
    is_missing: bool
    #: Why, in the engine's words.
    problem: str
    #: When it is tried again by itself.
    due_at: datetime


def failing_watches(
    session: Session, tenant: str, reader: Actor, *, page: int = 1, page_size: int = 50
) -> Page[FailingWatch]:
    """Give what failed and waits to be tried again, what is tried soonest first."""
    query = (
        select(RecordWatchRow, RecordRow.caption, RegisterRow.definition)
        .join(RecordRow, RecordRow.id == RecordWatchRow.record_id)
        .join(RegisterRow, (RegisterRow.tenant == RecordWatchRow.tenant) & (RegisterRow.key == RecordWatchRow.register))
        .where(RecordWatchRow.tenant == tenant, RecordWatchRow.state == "waiting", RecordWatchRow.problem != "")
        .order_by(RecordWatchRow.due_at, RecordWatchRow.id)
    )
    published = select(ProcessDefinitionRow.process_key).where(ProcessDefinitionRow.tenant == tenant).distinct()
    known = frozenset(session.scalars(published))
    return page_of(session, query, lambda row: _read(row, reader, known), page, page_size)


def _read(found: Row[*tuple[Any, ...]], reader: Actor, known: Collection[str]) -> FailingWatch:
    row, caption, definition = found
    register: Register = read_register(definition)
    watch = next((one for one in register.watch if one.key == row.watch), Watch())
    return FailingWatch(
        id=row.id,
        register=register.key,
        register_title=register.title,
        caption=caption if register.may_read(reader) else "",
        occasion=row.occasion,
        start=watch.start,
        message=watch.message,
        is_missing=bool(watch.start) and watch.start not in known,
        problem=row.problem,
        due_at=row.due_at,
    )
