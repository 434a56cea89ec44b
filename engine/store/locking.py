"""Taking hold of a case: its row is locked before anything that belongs to it, so commands never wait in a circle.

The statements are made once: building them anew costs more than the database needs to answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from engine.store.base import table_of
from engine.store.cases import (
    HumanTaskRow,
    IncidentRow,
    InstanceRow,
    JobRow,
    KeptMessageRow,
    MessageWaitRow,
    TimerRow,
)
from engine.store.prepared import Prepared
from engine.store.session import NAMES_TENANT
from engine.store.writes import Writes

OfCase = TypeVar("OfCase", TimerRow, JobRow, MessageWaitRow, IncidentRow)


class OpenTask(NamedTuple):
    """A human task as commands need it: columns, no ORM object, because most commands are about one."""

    id: str
    instance_id: str
    node: str
    activity: str
    name: str
    state: str
    audience: str
    process_key: str
    assignee: str | None
    acting_for: str | None
    returns_to: str | None
    candidates: list[Any] | None
    candidate_group: str | None
    differs_from: str | None


def own(table: Table) -> ColumnElement[bool]:
    """Only the tenant's: for statements that name a row's key besides.

    IS NOT DISTINCT FROM, because no index serves it: with "=" PostgreSQL may take an index that begins with the tenant,
    as long as it knows a table badly, and read everything of that tenant instead of the one row.
    """
    return table.c.tenant.is_not_distinct_from(bindparam("tenant"))


_cases = table_of(InstanceRow)
#: What is in memory already is read again: under the lock it can't change any more.
_FRESH = {"populate_existing": True, **NAMES_TENANT}
_CASE = (
    select(InstanceRow)
    .where(InstanceRow.id == bindparam("id"), own(_cases))
    .with_for_update()
    .execution_options(**_FRESH)
)
_waits = table_of(MessageWaitRow)
_WAIT = select(MessageWaitRow).where(_waits.c.id == bindparam("id"), own(_waits)).execution_options(**_FRESH)
_WAITS_OF = (
    select(MessageWaitRow)
    .where(_waits.c.instance_id == bindparam("id"), own(_waits), _waits.c.kind == "message")
    .execution_options(**NAMES_TENANT)
)
_messages = table_of(KeptMessageRow)
_MESSAGE = (
    select(KeptMessageRow)
    .where(_messages.c.id == bindparam("id"), own(_messages))
    .with_for_update()
    .execution_options(**_FRESH)
)
_SAVE = Prepared(
    update(_cases)
    .where(_cases.c.id == bindparam("case"), _cases.c.revision == bindparam("seen"))
    .values(state=bindparam("text"), revision=bindparam("next"))
)
_tasks = table_of(HumanTaskRow)
_CASE_AND_TASK = (
    select(_cases, *(_tasks.c[each].label(f"task_{each}") for each in OpenTask._fields))
    .join(_tasks, _tasks.c.instance_id == _cases.c.id)
    .where(_tasks.c.id == bindparam("id"), own(_tasks))
    .with_for_update()
)
_LOCK_TASK = Prepared(_CASE_AND_TASK)
_COLUMNS = tuple(_cases.columns.keys())


def lock_case(session: Session, tenant: str, instance_id: str) -> InstanceRow | None:
    """Give a case and keep every other command off it until this transaction ends; None when there is none."""
    return session.execute(_CASE, {"id": instance_id, "tenant": tenant}).scalar_one_or_none()


def lock_case_with(
    session: Session, tenant: str, row_class: type[OfCase], row_id: str
) -> tuple[InstanceRow, OfCase] | None:
    """Give a row that belongs to a case, and the case, both locked; None when there is no such row."""
    found = session.execute(_case_with(row_class), {"id": row_id, "tenant": tenant}).one_or_none()
    return (found[0], found[1]) if found else None


def lock_task(connection: Connection, tenant: str, task_id: str) -> tuple[InstanceRow, OpenTask] | None:
    """Give a human task and its case, both locked; None when there is no such task. The case is in no session."""
    found = _LOCK_TASK.one(connection, {"id": task_id, "tenant": tenant})
    if found is None:
        return None
    # As the ORM makes an object of a row it has read: the constructor would take each value for a change.
    instance: InstanceRow = InstanceRow.__mapper__.class_manager.new_instance()
    instance.__dict__.update(zip(_COLUMNS, found, strict=False))
    return instance, OpenTask._make(found[len(_COLUMNS) :])


def lock_message(session: Session, tenant: str, message_id: str) -> KeptMessageRow | None:
    """Give a message that is kept and keep others from delivering it."""
    return session.execute(_MESSAGE, {"id": message_id, "tenant": tenant}).scalar_one_or_none()


def wait_now(session: Session, tenant: str, wait_id: str) -> MessageWaitRow | None:
    """Give a wait for a message as it is now; its case should be locked."""
    return session.execute(_WAIT, {"id": wait_id, "tenant": tenant}).scalar_one_or_none()


def waits_of(session: Session, tenant: str, instance_id: str) -> Sequence[MessageWaitRow]:
    """Give what messages a case waits for."""
    return session.execute(_WAITS_OF, {"id": instance_id, "tenant": tenant}).scalars().all()


def save_state(writes: Writes, instance: InstanceRow, state: str) -> None:
    """Write a case's new state as its next revision, with whatever its session has changed in its row."""
    standing = instance_state(instance)
    session = standing.session
    if session is not None and (standing.modified or standing.pending):
        instance.state = state
        session.flush()
        return
    revision = instance.revision
    facts = {"case": instance.id, "seen": revision, "next": revision + 1, "text": state}
    writes.put(_SAVE, facts, certain=True)
    # As lock_task made it of what it read: nothing of it is a change that a session would have to write.
    instance.__dict__.update(state=state, revision=revision + 1)


@cache
def _case_with(row_class: type[Any]) -> Select[Any]:
    # FOR UPDATE locks in the order of FROM: the case first.
    return (
        select(InstanceRow, row_class)
        .join(row_class, row_class.instance_id == InstanceRow.id)
        .where(row_class.id == bindparam("id"), own(table_of(row_class)))
        .with_for_update()
        .execution_options(**_FRESH)
    )
