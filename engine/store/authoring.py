"""Files of agendas being changed: proposals with every step of theirs, until they are published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class ProposalRow(Owned, Base):
    """A file of an agenda that somebody changes. At most one of a file is open at a time."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_agenda_path", "tenant", "agenda", "path", "state"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    agenda: Mapped[str] = mapped_column(String(100))
    #: Inside the agenda's folder: `forms/dog.json`.
    path: Mapped[str] = mapped_column(String(255))
    #: draft, review, published, discarded
    state: Mapped[str] = mapped_column(String(20))
    #: SHA-256 of the published file it began from; "" for a new one.
    base_hash: Mapped[str] = mapped_column(String(64))
    #: Grows with everything that happens to the proposal; a command says which one it has seen.
    version: Mapped[int]
    #: Number of the step that is shown; going back and forth moves it.
    head: Mapped[int]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    changed_by_name: Mapped[str]
    #: What the author wrote to the colleague who is to look at it.
    note: Mapped[str] = mapped_column(Text, default="")
    #: Version of the agenda it became.
    published_version: Mapped[int | None]


class ProposalStepRow(Owned, Base):
    """The file after one edit. Never changed: going back shows an earlier one."""

    __tablename__ = "proposal_step"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposal.id"))
    number: Mapped[int]
    #: The step it was made from; None for the first one.
    parent: Mapped[int | None]
    #: As text, because keys have an order.
    content: Mapped[str] = mapped_column(Text)
    #: {"edit": name, …}: what was done, for the list of changes.
    what: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    author: Mapped[str]
    author_name: Mapped[str]
