"""What people write and get: attachments, submissions, documents, notes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from engine.commands import AddNote, NewDocument, StoreAttachment
from engine.errors import Invalid, NotAllowed
from engine.handlers.allowance import must_have_room_for_file
from engine.handlers.notifying import notify_named
from engine.handlers.registry import handles
from engine.handlers.rights import must_take_part
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Actor, Json, SubmittedForm
from engine.store.cases import HumanTaskRow, InstanceRow, JobRow
from engine.store.papers import AttachmentRow, ContentRow, DocumentRow, NoteRow, SubmissionRow

_UNFIT = re.compile(r'[\x00-\x1f\x7f"<>|:*?\u202a-\u202e\u2066-\u2069]')
_LONGEST_NAME = 255
#: Within this time the same note is the same press of a button.
AGAIN = timedelta(minutes=1)


@handles(StoreAttachment)
def store_attachment(work: Work, command: StoreAttachment) -> str:
    """Keep a file; the same content of a tenant is kept once. The caller judged its type and size."""
    if command.instance_id:
        must_take_part(work, command.instance_id)
    if command.allowance and command.draft_id:
        must_have_room_for_file(work, command.allowance, command.draft_id, len(command.content))
    return keep_file(
        work,
        command.filename,
        command.media_type,
        command.content,
        draft_id=command.draft_id,
        instance_id=command.instance_id,
    ).id


@handles(AddNote)
def add_note(work: Work, command: AddNote) -> str:
    """Write a note of the staff into the case's story; one that was sent twice by a double click is written once."""
    if work.actor.kind == "applicant":
        raise NotAllowed
    # Two presses that come at the same time follow each other.
    work.lock(command.instance_id)
    instance = must_take_part(work, command.instance_id)
    if written := _just_written(work, instance, command.text.strip()):
        return written
    notify_named(work, instance, command.text)
    return write_note(work, instance, command.text, work.actor)


def _just_written(work: Work, instance: InstanceRow, text: str) -> str | None:
    """The id of the very same note of the same person, if it is not a minute old."""
    same = select(NoteRow.id).where(NoteRow.tenant == work.tenant, NoteRow.instance_id == instance.id)
    same = same.where(NoteRow.author == work.actor.username, NoteRow.text == text)
    return work.session.scalar(same.where(NoteRow.written_at > work.now - AGAIN).limit(1))


def write_note(work: Work, instance: InstanceRow, text: str, author: Actor) -> str:
    """Add a note to a case; gives its id."""
    if not text.strip():
        raise Invalid("A note without a text says nothing.")
    row = NoteRow(
        id=new_id(),
        tenant=work.tenant,
        instance_id=instance.id,
        text=text.strip(),
        written_at=work.now,
        author=author.username,
        author_name=author.name,
    )
    work.session.add(row)
    work.tell(instance, "note", text=row.text, note=row.id, automatic=author.kind == "system")
    return row.id


def keep_file(
    work: Work,
    filename: str,
    media_type: str,
    content: bytes,
    *,
    draft_id: str | None = None,
    instance_id: str | None = None,
) -> AttachmentRow:
    """Write a file and whose it is."""
    digest = hashlib.sha256(content).hexdigest()
    row = AttachmentRow(
        id=new_id(),
        tenant=work.tenant,
        content_id=_content(work, digest, content),
        sha256=digest,
        filename=plain_name(filename),
        media_type=media_type,
        size=len(content),
        created_at=work.now,
        draft_id=draft_id,
        instance_id=instance_id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def plain_name(filename: str) -> str:
    """Give a file's name without folders and signs that no file system or header stands; the ending survives."""
    name = _UNFIT.sub("", filename.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "soubor"
    stem, dot, ending = name.rpartition(".")
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:_LONGEST_NAME]


def _content(work: Work, digest: str, content: bytes) -> str:
    known = work.session.scalar(
        select(ContentRow.id).where(ContentRow.tenant == work.tenant, ContentRow.sha256 == digest).limit(1)
    )
    if known:
        return known
    row = ContentRow(id=new_id(), tenant=work.tenant, sha256=digest, content=content)
    work.session.add(row)
    work.session.flush()
    return row.id


# --- submissions -----------------------------------------------------------------------------------------------------


def record_submission(
    work: Work,
    instance: InstanceRow,
    submission: SubmittedForm,
    task: HumanTaskRow | None = None,
    node: str | None = None,
) -> SubmissionRow:
    """Keep a form exactly as it was sent, with a hash over it and its attachments."""
    hashes = [row.sha256 for row in _attachments(work, submission.attachments)]
    row = SubmissionRow(
        id=new_id(),
        tenant=work.tenant,
        instance_id=instance.id,
        definition_id=instance.definition_id,
        task_id=task.id if task else None,
        node=node or (task.node if task else None),
        form=submission.form,
        data=submission.data,
        sha256=submission_hash(submission.data, hashes),
        channel=submission.channel,
        submitted_at=work.now,
        submitted_by=work.actor.username,
        submitter_name=work.actor.name,
        acting_for=work.actor.acting_for,
    )
    work.session.add(row)
    return row


def told_of(row: SubmissionRow, submission: SubmittedForm) -> dict[str, Json]:
    """Give what the story says of a form that was sent."""
    facts = {"form": row.form, "submission": row.id, "sha256": row.sha256, "channel": row.channel}
    return facts | ({"remark": submission.remark} if submission.remark else {})


def submission_hash(data: Json, attachment_hashes: Sequence[str]) -> str:
    """SHA-256 over canonical JSON: keys sorted, no spaces, UTF-8, `{"attachments": [sorted hashes], "data": …}`."""
    whole = {"attachments": sorted(attachment_hashes), "data": data}
    return hashlib.sha256(
        json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def adopt_attachments(
    work: Work, instance: InstanceRow, ids: Sequence[str], draft_id: str | None = None
) -> Sequence[AttachmentRow]:
    """Hand files over to a case. Raises NotAllowed for a file of another case or of another draft."""
    rows = _attachments(work, ids)
    for row in rows:
        if row.instance_id not in (None, instance.id) or row.draft_id not in (None, draft_id):
            raise NotAllowed("The form names a file that belongs to somebody else.")
        row.instance_id, row.draft_id = instance.id, None
    return rows


def _attachments(work: Work, ids: Sequence[str]) -> list[AttachmentRow]:
    if not ids:
        return []
    rows = work.session.scalars(
        select(AttachmentRow).where(AttachmentRow.tenant == work.tenant, AttachmentRow.id.in_(ids))
    ).all()
    if len(rows) != len(set(ids)):
        raise Invalid("The form names a file that is not here.")
    return list(rows)


# --- documents -------------------------------------------------------------------------------------------------------


def store_documents(
    work: Work, instance: InstanceRow, job: JobRow | None, documents: Sequence[NewDocument]
) -> list[DocumentRow]:
    """Keep what an outside action produced; a document of the same key is its next version."""
    return [_document(work, instance, job, document) for document in documents]


def _document(work: Work, instance: InstanceRow, job: JobRow | None, document: NewDocument) -> DocumentRow:
    file = keep_file(work, document.filename, document.media_type, document.content, instance_id=instance.id)
    newest = work.session.scalar(
        select(func.max(DocumentRow.version)).where(
            DocumentRow.instance_id == instance.id, DocumentRow.key == document.key
        )
    )
    row = DocumentRow(
        id=new_id(),
        tenant=work.tenant,
        instance_id=instance.id,
        attachment_id=file.id,
        key=document.key,
        title=document.title,
        version=(newest or 0) + 1,
        public=document.public,
        job_id=job.id if job else None,
        created_at=work.now,
        created_by=work.actor.username,
    )
    work.session.add(row)
    work.session.flush()
    work.tell(instance, "document", title=row.title, document=row.id, version=row.version)
    return row
