"""Which keys by which rows in time are sent are good, and what sets of devices there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.queries.registers import register
from engine.store.registers import RecordRow
from engine.store.searching import field_value
from engine.store.series import RowKeyRow

#: Sets of devices that a page lists.
MOST_SETS = 500


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """A key as it stands now."""

    name: str
    #: Number of the key that is good; 0 = none was revoked yet.
    generation: int = 0
    revoked_at: datetime | None = None
    revoked_by: str = ""


def generation(session: Session, tenant: str, key: str, kind: str, name: str) -> int:
    """Give the number of the key that is good, for whoever shows one."""
    row = RowKeyRow
    query = select(row.generation).where(row.tenant == tenant, row.register == key, row.kind == kind, row.name == name)
    return session.scalar(query) or 0


def generations(session: Session, tenant: str, key: str, kind: str) -> Mapping[str, KeyFacts]:
    """Give the keys of a kind that were revoked once, by name."""
    rows = session.scalars(
        select(RowKeyRow).where(RowKeyRow.tenant == tenant, RowKeyRow.register == key, RowKeyRow.kind == kind)
    )
    return {
        row.name: KeyFacts(
            name=row.name, generation=row.generation, revoked_at=row.revoked_at, revoked_by=row.revoked_by
        )
        for row in rows
    }


def sets_of(session: Session, tenant: str, key: str) -> Sequence[KeyFacts]:
    """Give the sets of devices that records above the rows name, with their keys. Raises NotFound."""
    series = register(session, tenant, key).series
    if series is None or not series.inbox:
        raise NotFound
    name = field_value(session, RecordRow.data, str(series.inbox["set"]))
    found = session.scalars(
        select(name)
        .where(RecordRow.tenant == tenant, RecordRow.register == series.under, RecordRow.state == "live")
        .where(name.is_not(None))
        .group_by(name)
        .order_by(name)
        .limit(MOST_SETS)
    )
    revoked = generations(session, tenant, key, "set")
    return [revoked.get(str(one)) or KeyFacts(name=str(one)) for one in found if str(one)]
