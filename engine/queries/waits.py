"""What cases wait for from outside: keys of messages, for whoever can ask the other side."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.cases import InstanceRow, MessageWaitRow


def awaited(session: Session, names: Sequence[str], key: str) -> list[tuple[str, str]]:
    """Give (tenant, value of `key`) of the waits of running cases for these messages, each once."""
    rows = session.execute(
        select(MessageWaitRow.tenant, MessageWaitRow.correlation)
        .join(InstanceRow, InstanceRow.id == MessageWaitRow.instance_id)
        .where(MessageWaitRow.kind == "message", MessageWaitRow.name.in_(names), InstanceRow.status == "running")
        .order_by(MessageWaitRow.tenant, MessageWaitRow.instance_id)
    )
    found = [(tenant, (correlation or {}).get(key)) for tenant, correlation in rows]
    return list(dict.fromkeys((tenant, value) for tenant, value in found if isinstance(value, str) and value))
