"""Sealing what was written since the last time, off the way of commands: one look for all tenants, a seal for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit_chain import BEGINNING, digest, seal_hash
from engine.store.audit import SOURCES, AuditMarkRow, AuditSealRow, as_told, content, packed, unpacked

#: Rows sealed in one transaction.
MOST = 2_000
#: Rows are numbered before they are committed; within this time one with a smaller number may still appear.
SETTLES = timedelta(minutes=2)


def seal(session: Session, source: str, now: datetime) -> int:
    """Seal what is new in one source; gives how many entries were. Call again while it gives MOST."""
    mark = _mark(session, source)
    sealed = _sealed_lately(session, source, mark.upto)
    table = SOURCES[source]
    query = select(table).where(table.c.id > mark.upto).order_by(table.c.id).limit(MOST + len(sealed))
    rows = [row for row in session.execute(query).mappings() if row["id"] not in sealed][:MOST]
    by_tenant: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        by_tenant[row["tenant"]].append((row["id"], digest(content(source, dict(row)))))
    for tenant, entries in sorted(by_tenant.items()):
        _add(session, tenant, source, entries, now)
    mark.upto = max(mark.upto, _settled(session, table, mark.upto, sealed | {row["id"] for row in rows}, rows, now))
    return len(rows)


def _mark(session: Session, source: str) -> AuditMarkRow:
    query = select(AuditMarkRow).where(AuditMarkRow.source == source).with_for_update()
    mark = session.execute(query).scalar_one_or_none()
    if mark is None:
        mark = AuditMarkRow(source=source, upto=0)
        session.add(mark)
        session.flush()
    return mark


def _sealed_lately(session: Session, source: str, upto: int) -> set[int]:
    """Give the numbers behind the mark that are sealed already."""
    query = select(AuditSealRow.entries).where(AuditSealRow.source == source, AuditSealRow.upto > upto)
    return {number for entries in session.scalars(query) for number, _ in unpacked(entries) if number > upto}


def _settled(session: Session, table: Any, upto: int, known: set[int], rows: Sequence[Any], now: datetime) -> int:
    """Give the last number before which none can appear any more and all are sealed."""
    query = select(table.c.id).where(table.c.id > upto, table.c.at > now - SETTLES).order_by(table.c.id).limit(1)
    young = session.execute(query).scalar_one_or_none()
    last = rows[-1]["id"] if len(rows) == MOST else None
    return max(
        (each for each in known if (young is None or each < young) and (last is None or each <= last)), default=upto
    )


def _add(session: Session, tenant: str, source: str, entries: Sequence[tuple[int, str]], now: datetime) -> None:
    query = select(AuditSealRow).where(AuditSealRow.tenant == tenant).order_by(AuditSealRow.number.desc()).limit(1)
    last = session.execute(query).scalar_one_or_none()
    number, first, previous = (last.number + 1, last.first + last.count, last.hash) if last else (1, 1, BEGINNING)
    told = as_told(number, now, source, first, previous, entries)
    session.add(
        AuditSealRow(
            tenant=tenant,
            number=number,
            source=source,
            at=now,
            first=first,
            count=len(entries),
            upto=entries[-1][0],
            entries=packed(list(entries)),
            previous=previous,
            hash=seal_hash(tenant, told),
        )
    )
    session.flush()
