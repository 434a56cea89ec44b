"""What is done with a draft besides saving it: where its link goes, who else may write, its end."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands import Command


@dataclass(frozen=True, kw_only=True)
class AddressDraft(Command[None]):
    """Remember where the link to a draft was mailed, to write there before its time is over."""

    draft_id: str
    email: str


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
