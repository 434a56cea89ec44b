"""What strangers may leave here before they send it: so many drafts, so many bytes, by address and in all."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from engine.errors import TooMuchKept
from engine.handlers.work import Work
from engine.model import Allowance
from engine.store.papers import AttachmentRow, DraftRow

#: Whose a limit counts, and as which of the allowance's numbers.
OF_ADDRESS, OF_ALL = "address", "all"


def must_have_room_for_draft(work: Work, allowance: Allowance, origin: str) -> None:
    """Refuse one draft too many."""
    for whose, most in ((OF_ADDRESS, allowance.drafts), (OF_ALL, allowance.all_drafts)):
        kept = work.session.scalar(select(func.count()).select_from(DraftRow).where(*_unsent(work, whose, origin)))
        if (kept or 0) >= most:
            raise TooMuchKept(what="drafts", whose=whose, most=most)


def must_have_room_for_file(work: Work, allowance: Allowance, draft_id: str, size: int) -> None:
    """Refuse a file that goes over what is kept of a stranger, or of all of them."""
    of_draft = (DraftRow.tenant == work.tenant, DraftRow.id == draft_id)
    origin = work.session.scalar(select(DraftRow.origin).where(*of_draft))
    if not origin:
        return
    for whose, most in ((OF_ADDRESS, allowance.bytes), (OF_ALL, allowance.all_bytes)):
        kept = work.session.scalar(
            select(func.coalesce(func.sum(AttachmentRow.size), 0))
            .join(DraftRow, DraftRow.id == AttachmentRow.draft_id)
            .where(*_unsent(work, whose, origin))
        )
        if int(kept or 0) + size > most:
            raise TooMuchKept(what="files", whose=whose, most=most)


def _unsent(work: Work, whose: str, origin: str) -> tuple[ColumnElement[bool], ...]:
    which = DraftRow.origin == origin if whose == OF_ADDRESS else DraftRow.origin != ""
    return (DraftRow.tenant == work.tenant, DraftRow.instance_id.is_(None), DraftRow.expires_at >= work.now, which)
