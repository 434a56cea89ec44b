"""Papers of a case and of a form being written: documents, submissions, attachments, drafts, notes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Variables
from engine.store.cases import JobRow
from engine.store.drafts import DraftReaderRow
from engine.store.papers import AttachmentRow, ContentRow, DocumentRow, DraftRow, NoteRow, SubmissionRow

#: No secret has this hash.
NOBODYS = "0" * 64


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """A file, and whose it is: exactly the people who may see that may see the file."""

    id: str
    filename: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    draft_id: str | None
    instance_id: str | None
    #: A newest or older version of a public document: the applicant may have it.
    public: bool
    #: Named by a submission of the case, so its applicant knows it.
    submitted: bool


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """A version of a document."""

    id: str
    key: str
    title: str
    version: int
    newest: bool
    public: bool
    attachment_id: str
    filename: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, kw_only=True)
class SubmissionFacts:
    """A form as it was sent."""

    id: str
    definition_id: str
    task_id: str | None
    node: str | None
    form: str
    data: Variables
    sha256: str
    channel: str
    submitted_at: datetime
    submitted_by: str
    submitter_name: str


@dataclass(frozen=True, kw_only=True)
class DraftFacts:
    """A form being written."""

    id: str
    process_key: str | None
    definition_id: str | None
    task_id: str | None
    form: str
    data: Variables
    step: str | None
    owner: str
    saved_at: datetime
    expires_at: datetime
    #: The case it became.
    instance_id: str | None
    #: Grows with every saving; `tab` is the window it was last saved from.
    revision: int
    tab: str
    #: A link for others exists.
    is_shared: bool = False
    #: It was opened by that link: its reader may write, and neither send it nor throw it away.
    as_guest: bool = False


@dataclass(frozen=True, kw_only=True)
class NoteFacts:
    """A note."""

    id: str
    text: str
    written_at: datetime
    author: str
    author_name: str


def documents(session: Session, tenant: str, instance_id: str, *, public_only: bool = False) -> Sequence[DocumentFacts]:
    """Give the documents of a case, the newest first, all versions."""
    query = (
        select(DocumentRow, AttachmentRow)
        .join(AttachmentRow, AttachmentRow.id == DocumentRow.attachment_id)
        .where(DocumentRow.tenant == tenant, DocumentRow.instance_id == instance_id)
        .order_by(DocumentRow.created_at.desc(), DocumentRow.version.desc())
    )
    if public_only:
        query = query.where(DocumentRow.public)
    rows = session.execute(query).all()
    newest: dict[str, int] = {}
    for row, _ in rows:
        newest[row.key] = max(row.version, newest.get(row.key, 0))
    return [_document(row, file, row.version == newest[row.key]) for row, file in rows]


def copies(session: Session, tenant: str, instance_id: str, connector: str) -> Sequence[str]:
    """Give the attachments of the documents that an outside action of this name has made in a case."""
    query = (
        select(DocumentRow.attachment_id)
        .join(JobRow, JobRow.id == DocumentRow.job_id)
        .where(DocumentRow.tenant == tenant, DocumentRow.instance_id == instance_id, JobRow.connector == connector)
    )
    return list(session.scalars(query))


def _document(row: DocumentRow, file: AttachmentRow, newest: bool) -> DocumentFacts:
    return DocumentFacts(
        id=row.id,
        key=row.key,
        title=row.title,
        version=row.version,
        newest=newest,
        public=row.public,
        attachment_id=file.id,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        created_at=row.created_at,
        created_by=row.created_by,
    )


def submissions(session: Session, tenant: str, instance_id: str) -> Sequence[SubmissionFacts]:
    """Give what was sent in a case, the newest first."""
    rows = session.scalars(
        select(SubmissionRow)
        .where(SubmissionRow.tenant == tenant, SubmissionRow.instance_id == instance_id)
        .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id)
    )
    return [_submission(row) for row in rows]


def forms_sent(session: Session, tenant: str, instance_id: str) -> Sequence[tuple[str, str]]:
    """Give which forms were sent in a case: the definition it ran by, and the form's key."""
    sent = select(SubmissionRow.definition_id, SubmissionRow.form).distinct()
    found = session.execute(sent.where(SubmissionRow.tenant == tenant, SubmissionRow.instance_id == instance_id))
    return [(definition_id, form) for definition_id, form in found]


def submission(session: Session, tenant: str, submission_id: str) -> SubmissionFacts:
    """Give one submission. Raises NotFound."""
    row = session.get(SubmissionRow, submission_id)
    if row is None or row.tenant != tenant:
        raise NotFound
    return _submission(row)


def _submission(row: SubmissionRow) -> SubmissionFacts:
    return SubmissionFacts(**{name: getattr(row, name) for name in SubmissionFacts.__dataclass_fields__})


def attachments(session: Session, tenant: str, ids: Sequence[str]) -> Sequence[FileFacts]:
    """Give files by their ids; unknown ones are left out."""
    return [_file(*row) for row in session.execute(_files(tenant).where(AttachmentRow.id.in_(ids)))]


def attachments_of(
    session: Session, tenant: str, *, instance_id: str | None = None, draft_id: str | None = None
) -> Sequence[FileFacts]:
    """Give the files of a case or of a draft, the newest first."""
    whose = AttachmentRow.draft_id == draft_id if draft_id else AttachmentRow.instance_id == instance_id
    query = _files(tenant).where(whose).order_by(AttachmentRow.created_at.desc())
    return [_file(*row) for row in session.execute(query)]


def attachment(session: Session, tenant: str, attachment_id: str) -> FileFacts:
    """Give a file's facts. Raises NotFound."""
    found = attachments(session, tenant, [attachment_id])
    if not found:
        raise NotFound
    return found[0]


def content_of(session: Session, tenant: str, attachment_id: str) -> bytes:
    """Give a file's bytes; who may have them was asked before. Raises NotFound."""
    content = session.scalar(
        select(ContentRow.content)
        .join(AttachmentRow, AttachmentRow.content_id == ContentRow.id)
        .where(AttachmentRow.tenant == tenant, AttachmentRow.id == attachment_id)
    )
    if content is None:
        raise NotFound
    return content


def file(session: Session, tenant: str, paper_id: str) -> tuple[str, str, bytes]:
    """Give file name, media type and bytes of a document or attachment, by either's id. Raises NotFound."""
    of_document = select(DocumentRow.attachment_id).where(DocumentRow.tenant == tenant, DocumentRow.id == paper_id)
    facts = attachment(session, tenant, session.scalar(of_document) or paper_id)
    return facts.filename, facts.media_type, content_of(session, tenant, facts.id)


def _files(tenant: str) -> Select[AttachmentRow, bool, bool]:
    documents = select(DocumentRow.id).where(DocumentRow.attachment_id == AttachmentRow.id)
    return select(AttachmentRow, documents.exists(), documents.where(DocumentRow.public).exists()).where(
        AttachmentRow.tenant == tenant
    )


def _file(row: AttachmentRow, is_document: bool, public: bool) -> FileFacts:
    return FileFacts(
        id=row.id,
        filename=row.filename,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        created_at=row.created_at,
        draft_id=row.draft_id,
        instance_id=row.instance_id,
        public=public,
        # What is no document came with a form.
        submitted=row.instance_id is not None and not is_document,
    )


def draft_by_secret(session: Session, tenant: str, draft_id: str, secret: str, now: datetime) -> DraftFacts:
    """Give a draft to whoever has its link. Raises NotFound alike for wrong, expired and unknown ones."""
    row = session.get(DraftRow, draft_id)
    given = hashlib.sha256(secret.encode()).hexdigest()
    known = row if row is not None and row.tenant == tenant else None
    own = _is(known.secret_hash if known else None, given)
    guest = _is(known.share_hash if known else None, given)
    # The notice before the end has a link of its own, because only hashes of the first ones are kept.
    told = {one.as_guest for one in _readers(session, tenant, draft_id) if _is(one.secret_hash, given)}
    if known is None or not (own or guest or told):
        raise NotFound
    return replace(live_draft(known, now), as_guest=not own and False not in told)


def _readers(session: Session, tenant: str, draft_id: str) -> Sequence[DraftReaderRow]:
    own = (DraftReaderRow.tenant == tenant, DraftReaderRow.draft_id == draft_id)
    return session.scalars(select(DraftReaderRow).where(*own)).all()


def _is(kept: str | None, given: str) -> bool:
    return hmac.compare_digest(kept or NOBODYS, given)


def tenants_with_draft_notices(session: Session, now: datetime) -> Sequence[str]:
    """Keys of tenants with promised notices whose time to be sent has come; the session sees all tenants."""
    return session.scalars(select(DraftReaderRow.tenant).where(DraftReaderRow.next_at <= now).distinct()).all()


def draft_to_enter(session: Session, tenant: str, draft_id: str, owner: str, now: datetime) -> DraftFacts:
    """Give a draft of a new case to a clerk: their own, or an applicant's whose print they hold. Raises NotFound."""
    row = session.get(DraftRow, draft_id)
    if row is None or row.tenant != tenant or row.task_id is not None or row.owner not in ("", owner):
        raise NotFound
    return live_draft(row, now)


def draft_of_task(session: Session, tenant: str, task_id: str, owner: str, now: datetime) -> DraftFacts | None:
    """Give what a person has written of a human task's form and not sent."""
    row = session.scalar(
        select(DraftRow)
        .where(DraftRow.tenant == tenant, DraftRow.task_id == task_id, DraftRow.owner == owner)
        .where(DraftRow.instance_id.is_(None), DraftRow.expires_at >= now)
    )
    return live_draft(row, now) if row else None


def drafts_of(session: Session, tenant: str, owner: str, now: datetime) -> Sequence[DraftFacts]:
    """Give the drafts of new cases of a signed-in person."""
    rows = session.scalars(
        select(DraftRow)
        .where(DraftRow.tenant == tenant, DraftRow.owner == owner, DraftRow.task_id.is_(None))
        .where(DraftRow.instance_id.is_(None), DraftRow.expires_at >= now)
        .order_by(DraftRow.saved_at.desc())
    )
    return [live_draft(row, now) for row in rows]


def live_draft(row: DraftRow, now: datetime) -> DraftFacts:
    """Give the facts of a draft. Raises NotFound where its time is over."""
    if row.expires_at < now and row.instance_id is None:
        raise NotFound
    facts = {name: getattr(row, name) for name in DraftFacts.__dataclass_fields__ if hasattr(row, name)}
    return DraftFacts(**facts, is_shared=row.share_hash is not None)


def notes(session: Session, tenant: str, instance_id: str) -> Sequence[NoteFacts]:
    """Give the notes of a case, the newest first."""
    rows = session.scalars(
        select(NoteRow)
        .where(NoteRow.tenant == tenant, NoteRow.instance_id == instance_id)
        .order_by(NoteRow.written_at.desc(), NoteRow.id)
    )
    return [NoteFacts(**{name: getattr(row, name) for name in NoteFacts.__dataclass_fields__}) for row in rows]
