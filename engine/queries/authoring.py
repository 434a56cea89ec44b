"""What authors have in hand: open proposals, their contents and steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.lifecycle import OPEN_PROPOSAL
from engine.model import Json
from engine.store.authoring import ProposalRow, ProposalStepRow
from engine.store.reviews import Approval, Review, review_of, wants_review

__all__ = [
    "Approval",
    "ProposalFacts",
    "Review",
    "StepFacts",
    "can_step",
    "content_of",
    "open_proposals",
    "proposal_of",
    "review_wanted",
    "reviewed",
    "steps_of",
]


@dataclass(frozen=True, kw_only=True)
class ProposalFacts:
    """A file being changed."""

    id: str
    agenda: str
    path: str
    state: str
    base_hash: str
    version: int
    head: int
    changed_at: datetime
    changed_by: str
    changed_by_name: str
    note: str
    published_version: int | None


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """One step of a proposal."""

    number: int
    parent: int | None
    what: Json
    made_at: datetime
    author: str
    author_name: str


def open_proposals(session: Session, tenant: str, agenda: str | None = None) -> Sequence[ProposalFacts]:
    """Give the open proposals, of one agenda or of all, the last changed first."""
    which = ProposalRow.state.in_(OPEN_PROPOSAL)
    return _proposals(session, tenant, which if agenda is None else which & (ProposalRow.agenda == agenda))


def proposal_of(session: Session, tenant: str, agenda: str, path: str) -> ProposalFacts | None:
    """Give the open proposal of a file; None where nobody changes it."""
    which = (ProposalRow.agenda == agenda) & (ProposalRow.path == path) & ProposalRow.state.in_(OPEN_PROPOSAL)
    return next(iter(_proposals(session, tenant, which)), None)


def content_of(session: Session, tenant: str, proposal_id: str, number: int) -> str:
    """Give the file as a step left it. Raises NotFound."""
    content = session.scalar(
        select(ProposalStepRow.content).where(
            ProposalStepRow.tenant == tenant,
            ProposalStepRow.proposal_id == proposal_id,
            ProposalStepRow.number == number,
        )
    )
    if content is None:
        raise NotFound
    return content


def steps_of(session: Session, tenant: str, proposal_id: str, limit: int = 100) -> Sequence[StepFacts]:
    """Give the steps of a proposal, the newest first."""
    row = ProposalStepRow
    found = session.execute(
        # Without the contents: a page lists many steps and shows none of them.
        select(row.number, row.parent, row.what, row.made_at, row.author, row.author_name)
        .where(row.tenant == tenant, row.proposal_id == proposal_id)
        .order_by(row.number.desc())
        .limit(limit)
    )
    return [StepFacts(**one._mapping) for one in found]


def reviewed(session: Session, tenant: str, proposal: ProposalFacts) -> Review:
    """Say who made a proposal and who else has approved it."""
    return review_of(session, tenant, proposal.id, proposal.head)


def review_wanted(session: Session, tenant: str) -> bool:
    """Say whether an organisation publishes only what a second person has approved."""
    return wants_review(session, tenant)


def can_step(session: Session, tenant: str, proposal: ProposalFacts) -> tuple[bool, bool]:
    """Say whether a step can be taken back, and whether one can be taken again."""
    own = (ProposalStepRow.tenant == tenant, ProposalStepRow.proposal_id == proposal.id)
    parent = session.scalar(select(ProposalStepRow.parent).where(*own, ProposalStepRow.number == proposal.head))
    further = session.scalar(select(func.count()).where(*own, ProposalStepRow.parent == proposal.head))
    return parent is not None, bool(further)


def _proposals(session: Session, tenant: str, which: ColumnElement[bool]) -> Sequence[ProposalFacts]:
    rows = session.scalars(
        select(ProposalRow).where(ProposalRow.tenant == tenant, which).order_by(ProposalRow.changed_at.desc())
    )
    return [
        ProposalFacts(
            id=row.id,
            agenda=row.agenda,
            path=row.path,
            state=row.state,
            base_hash=row.base_hash,
            version=row.version,
            head=row.head,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
            changed_by_name=row.changed_by_name,
            note=row.note,
            published_version=row.published_version,
        )
        for row in rows
    ]
