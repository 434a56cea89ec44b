"""Who did a step of a case, for the rule of four eyes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.cases import HumanTaskRow


def last_doer(session: Session, tenant: str, instance_id: str, node: str) -> str | None:
    """Give who completed a step of a case the last time."""
    return session.scalar(
        select(HumanTaskRow.completed_by)
        .where(HumanTaskRow.tenant == tenant, HumanTaskRow.instance_id == instance_id)
        .where(HumanTaskRow.node == node, HumanTaskRow.state == "completed")
        .order_by(HumanTaskRow.completed_at.desc(), HumanTaskRow.opened_at.desc())
        .limit(1)
    )
