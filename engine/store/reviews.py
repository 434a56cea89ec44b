"""Who made what is being changed, and who else has approved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.authoring import ProposalStepRow
from engine.store.people import TenantRow

#: `what` of the step by which somebody approves: the file stays as it is, and any later change leaves the step behind.
APPROVAL = "approve"
#: Key of a tenant's settings: changes are published only after somebody else has approved them.
REVIEW_WANTED = "review"


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Somebody who took no part in a change has looked at it and agrees."""

    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Review:
    """A proposal as it stands: usernames of those who made it, its approval if there is one."""

    makers: frozenset[str]
    approval: Approval | None


def review_of(session: Session, tenant: str, proposal_id: str, head: int) -> Review:
    """Go from the step that is shown back to the first one."""
    row = ProposalStepRow
    found = session.execute(
        select(row.number, row.parent, row.what, row.made_at, row.author, row.author_name).where(
            row.tenant == tenant, row.proposal_id == proposal_id
        )
    )
    steps = {one.number: one for one in found}
    way = []
    number: int | None = head
    while number is not None and number in steps:
        way.append(steps[number])
        number = steps[number].parent
    makers = frozenset(one.author for one in way if one.what.get("edit") != APPROVAL)
    approvals: Sequence[Approval] = [
        Approval(by=one.author, by_name=one.author_name, at=one.made_at)
        for one in way[:1]
        if one.what.get("edit") == APPROVAL and one.author not in makers
    ]
    return Review(makers=makers, approval=next(iter(approvals), None))


def wants_review(session: Session, tenant: str) -> bool:
    """Say whether an organisation publishes only what a second person has approved."""
    settings = session.scalar(select(TenantRow.settings).where(TenantRow.key == tenant))
    return bool((settings or {}).get(REVIEW_WANTED))
