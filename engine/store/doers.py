"""Who did a step of a case, for the rule of four eyes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.cases import HumanTaskRow


def last_doers(session: Session, tenant: str, instance_id: str, node: str) -> set[str]:
    """Give who had a hand in a step of a case the last time: did it, was stood in for, answered it for a colleague."""
    found = session.execute(
        select(HumanTaskRow.completed_by, HumanTaskRow.acting_for, HumanTaskRow.answered_by)
        .where(HumanTaskRow.tenant == tenant, HumanTaskRow.instance_id == instance_id)
        .where(HumanTaskRow.node == node, HumanTaskRow.state == "completed")
        .order_by(HumanTaskRow.completed_at.desc(), HumanTaskRow.opened_at.desc())
        .limit(1)
    ).first()
    return {name for name in found or () if name}
