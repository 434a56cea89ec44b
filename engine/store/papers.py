"""What people write and get: drafts, submissions, attachments, documents, notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class ContentRow(Owned, Base):
    """The bytes of a file, kept once by tenant and SHA-256. In the database: one backup, one transaction."""

    __tablename__ = "content"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AttachmentRow(Owned, Base):
    """A file somebody sent or the system made."""

    __tablename__ = "attachment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    content_id: Mapped[str] = mapped_column(ForeignKey("content.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(127))
    size: Mapped[int]
    created_at: Mapped[datetime]
    #: Whose it is; exactly the people who may see these may see the file.
    draft_id: Mapped[str | None] = mapped_column(String(32), index=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)


class DraftRow(Owned, Base):
    """A form being written: of a new case, or of a human task."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_origin", "tenant", "origin"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: SHA-256 of the resume link's secret.
    secret_hash: Mapped[str] = mapped_column(String(64))
    process_key: Mapped[str | None] = mapped_column(String(255))
    definition_id: Mapped[str | None] = mapped_column(String(32))
    task_id: Mapped[str | None] = mapped_column(String(32), index=True)
    form: Mapped[str]
    data: Mapped[dict[str, Any]]
    step: Mapped[str | None]
    owner: Mapped[str] = mapped_column(default="")
    #: The applicant's account that began it, and may go on in any browser.
    account_id: Mapped[str | None] = mapped_column(String(32), index=True)
    #: Whose of the strangers it is: a keyed hash of the network address, never the address itself.
    origin: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    #: The case it became; a second sending leads there instead of starting another.
    instance_id: Mapped[str | None] = mapped_column(String(32))
    #: Grows with every saving; whoever saves over one they haven't seen is told, unless it came from their own window.
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    tab: Mapped[str] = mapped_column(String(40), default="", server_default="")
    #: SHA-256 of the secret by which others may write into it.
    share_hash: Mapped[str | None] = mapped_column(String(64))
    #: When mails were promised that the time is nearly over.
    warned_at: Mapped[datetime | None]


class SubmissionRow(Owned, Base):
    """A form exactly as it was sent. Never changed."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_instance_id", "instance_id", "submitted_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    task_id: Mapped[str | None] = mapped_column(String(32))
    node: Mapped[str | None] = mapped_column(String(255))
    form: Mapped[str]
    data: Mapped[dict[str, Any]]
    #: SHA-256 over the canonical JSON of data and the hashes of its attachments.
    sha256: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(20))
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str] = mapped_column(default="")
    submitter_name: Mapped[str] = mapped_column(default="")
    #: Username of the absent colleague for whom it was sent.
    acting_for: Mapped[str | None] = mapped_column(String(150))


class DocumentRow(Owned, Base):
    """A document of the case; a newer version of the same key comes beside it."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_instance_id", "instance_id", "created_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"))
    key: Mapped[str] = mapped_column(String(100))
    title: Mapped[str]
    version: Mapped[int]
    public: Mapped[bool]
    job_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(default="")


class NoteRow(Owned, Base):
    """What somebody of the staff wrote to the case."""

    __tablename__ = "note"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    author: Mapped[str]
    author_name: Mapped[str]
