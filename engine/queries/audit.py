"""Reading the audit: what was done and read, and the whole chain as it is exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit_chain import BEGINNING, FORMAT
from engine.model import Json
from engine.store.audit import SOURCES, AuditEventRow, AuditSealRow, as_told, content, moment, unpacked
from engine.store.cases import HistoryRow, InstanceRow

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What of the audit is wanted; empty words mean anything."""

    #: event: outside of cases; history: in the stories of cases
    source: str = "event"
    actor: str = ""
    kind: str = ""
    #: Key of an object; of the history the number of a case.
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    #: Only entries with smaller numbers: the next page.
    before: int | None = None


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One entry as people read it."""

    id: int
    at: datetime
    actor: str
    acting_for: str | None
    kind: str
    object_kind: str
    object_id: str
    facts: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class ChainFacts:
    """How far the chain has come."""

    entries: int
    sealed_at: datetime | None
    #: Hash of the last seal, to be noted down elsewhere.
    head: str


def search(session: Session, tenant: str, sought: Sought, limit: int = 100) -> Sequence[AuditEntry]:
    """Give entries, the newest first."""
    return (_of_cases if sought.source == "history" else _events)(session, tenant, sought, limit)


def chain(session: Session, tenant: str) -> ChainFacts:
    """Give where the chain of a tenant ends."""
    query = select(AuditSealRow).where(AuditSealRow.tenant == tenant).order_by(AuditSealRow.number.desc()).limit(1)
    last = session.scalars(query).first()
    if last is None:
        return ChainFacts(entries=0, sealed_at=None, head=BEGINNING)
    return ChainFacts(entries=last.first + last.count - 1, sealed_at=last.at, head=last.hash)


def exported(session: Session, tenant: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Give the chain record by record: a beginning, each seal with its entries, then what isn't sealed yet.

    On PostgreSQL the session should see one moment.
    """
    yield {"format": FORMAT, "tenant": tenant, "at": moment(now)}
    sealed: dict[str, set[int]] = {source: set() for source in SOURCES}
    number = 0
    while True:
        query = select(AuditSealRow).where(AuditSealRow.tenant == tenant, AuditSealRow.number > number)
        seal = session.scalars(query.order_by(AuditSealRow.number).limit(1)).first()
        if seal is None:
            break
        number, entries = seal.number, unpacked(seal.entries)
        sealed[seal.source].update(each for each, _ in entries)
        yield as_told(seal.number, seal.at, seal.source, seal.first, seal.previous, entries) | {"hash": seal.hash}
        yield from _contents(session, tenant, seal.source, [each for each, _ in entries])
        session.expunge_all()
    for source, known in sealed.items():
        yield from _unsealed(session, tenant, source, known)


def _contents(session: Session, tenant: str, source: str, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    table = SOURCES[source]
    for begin in range(0, len(numbers), _BATCH):
        some = numbers[begin : begin + _BATCH]
        query = select(table).where(table.c.tenant == tenant, table.c.id.in_(some)).order_by(table.c.id)
        for row in session.execute(query).mappings():
            yield content(source, dict(row))


def _unsealed(session: Session, tenant: str, source: str, sealed: set[int]) -> Iterator[dict[str, Any]]:
    table = SOURCES[source]
    listed = session.scalars(select(table.c.id).where(table.c.tenant == tenant).order_by(table.c.id))
    yield from _contents(session, tenant, source, [each for each in listed if each not in sealed])


def _events(session: Session, tenant: str, sought: Sought, limit: int) -> Sequence[AuditEntry]:
    query = select(AuditEventRow).where(AuditEventRow.tenant == tenant)
    if sought.object_id:
        query = query.where(AuditEventRow.object_id == sought.object_id)
    rows = session.scalars(_narrowed(query, AuditEventRow, sought).limit(limit))
    return [
        AuditEntry(
            id=row.id,
            at=row.at,
            actor=row.actor or row.actor_kind,
            acting_for=row.acting_for,
            kind=row.kind,
            object_kind=row.object_kind,
            object_id=row.object_id,
            facts=row.facts or {},
        )
        for row in rows
    ]


def _of_cases(session: Session, tenant: str, sought: Sought, limit: int) -> Sequence[AuditEntry]:
    query = select(HistoryRow, InstanceRow.business_key).join(InstanceRow, InstanceRow.id == HistoryRow.instance_id)
    query = query.where(HistoryRow.tenant == tenant, InstanceRow.tenant == tenant)
    if sought.object_id:
        query = query.where(InstanceRow.business_key == sought.object_id)
    rows = session.execute(_narrowed(query, HistoryRow, sought).limit(limit))
    # What people wrote stays in the story of the case, where the rights to it are asked.
    return [
        AuditEntry(
            id=row.id,
            at=row.at,
            actor=row.actor,
            acting_for=row.acting_for,
            kind=row.kind,
            object_kind="case",
            object_id=number,
            facts={"node": row.node} if row.node else {},
        )
        for row, number in rows
    ]


def _narrowed(query: Any, row: type[AuditEventRow | HistoryRow], sought: Sought) -> Any:
    conditions = [
        row.actor == sought.actor if sought.actor else None,
        row.kind == sought.kind if sought.kind else None,
        row.at >= sought.since if sought.since else None,
        row.at < sought.until if sought.until else None,
        row.id < sought.before if sought.before else None,
    ]
    return query.where(*(each for each in conditions if each is not None)).order_by(row.id.desc())
