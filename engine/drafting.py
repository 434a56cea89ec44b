"""What is done with a draft besides saving it: where its link goes, who else may write, its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.commands import Command


@dataclass(frozen=True, kw_only=True)
class AddressDraft(Command[None]):
    """Remember where the link to a draft was mailed, to write there before its time is over."""

    draft_id: str
    email: str
    #: Of the page on which the link was asked for.
    language: str = "cs"
    #: The link was the one for others.
    as_guest: bool = False


@dataclass(frozen=True, kw_only=True)
class DraftNotice:
    """A mail to be sent now: somebody's draft will be thrown away soon."""

    reader_id: str
    draft_id: str
    email: str
    language: str
    as_guest: bool
    #: Opens the draft in any browser; "" = its owner signs in.
    secret: str
    owner: str
    #: "" for the form of a human task.
    process_key: str
    task_id: str | None
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseDraftNotices(Command[int]):
    """Promise mails to all who write drafts that run out within so many days; gives how many drafts."""

    days: int


@dataclass(frozen=True, kw_only=True)
class TakeDraftNotices(Command[Sequence[DraftNotice]]):
    """Take the mails whose time has come, to send them; what isn't reported as sent comes again."""


@dataclass(frozen=True, kw_only=True)
class ReportDraftNotice(Command[None]):
    """A mail has been sent."""

    reader_id: str


@dataclass(frozen=True, kw_only=True)
class ShareDraft(Command[str]):
    """Let others write into a draft; gives the secret of their link. An older link stops working."""

    draft_id: str


@dataclass(frozen=True, kw_only=True)
class UnshareDraft(Command[None]):
    """End the link of the others."""

    draft_id: str


@dataclass(frozen=True, kw_only=True)
class DiscardDraft(Command[None]):
    """Throw a draft away with its files."""

    draft_id: str


@dataclass(frozen=True, kw_only=True)
class PurgeDrafts(Command[int]):
    """Delete drafts whose time is over, with their files, and files that nobody took; gives how many drafts."""
