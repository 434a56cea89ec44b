"""Forms being written: saved under a secret link, sent once, thrown away with their files."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from engine.commands import SaveDraft
from engine.drafting import AddressDraft, DiscardDraft, PurgeDrafts, ShareDraft, UnshareDraft
from engine.entitled import STAFF, names
from engine.errors import DraftAlreadySent, DraftChanged, Invalid, NotAllowed, NotFound
from engine.handlers.allowance import must_have_room_for_draft
from engine.handlers.notices import break_promises
from engine.handlers.owning import give_case
from engine.handlers.registry import handles
from engine.handlers.rights import act, must_be_able
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.definitions import ProcessDefinitionRow
from engine.store.drafts import DraftReaderRow
from engine.store.locking import OpenTask
from engine.store.papers import AttachmentRow, ContentRow, DraftRow

#: A file that was stored for no draft and no case, and that no form has named since.
_FORGOTTEN = timedelta(days=2)
_MOST_PURGED = 500
#: Addresses that one draft's link was mailed to and that are told of its end.
_MOST_READERS = 20


@handles(SaveDraft)
def save_draft(work: Work, command: SaveDraft) -> tuple[str, str]:
    """Save what is written so far; the secret of the resume link is told only when the draft is new."""
    _must_be_theirs(work, command)
    row, secret = _known(work, command), ""
    if row is None:
        if command.allowance and command.origin:
            must_have_room_for_draft(work, command.allowance, command.origin)
        secret = secrets.token_urlsafe(24)
        row = _new(work, command, secret)
    _must_be_seen(row, command)
    row.form, row.data, row.step = command.form or row.form, command.data, command.step
    row.account_id = command.account_id or row.account_id
    row.definition_id = command.definition_id or row.definition_id
    row.revision, row.tab = (row.revision or 0) + 1, command.tab
    # Every saving begins its life anew, and so the warning before its end.
    row.saved_at, row.expires_at, row.warned_at = work.now, work.now + timedelta(days=command.days), None
    work.session.flush()
    break_promises(work, row.id)
    return row.id, secret


def _must_be_seen(row: DraftRow, command: SaveDraft) -> None:
    if row.instance_id:
        raise DraftAlreadySent(instance_id=row.instance_id)
    own = bool(command.tab) and row.tab == command.tab
    if command.seen is not None and not own and (row.revision or 0) != command.seen:
        raise DraftChanged


@handles(AddressDraft)
def address_draft(work: Work, command: AddressDraft) -> None:
    """Remember the address; of one that is known, the language."""
    draft = _unsent(work, command.draft_id)
    known = work.session.scalars(select(DraftReaderRow).where(DraftReaderRow.draft_id == draft.id)).all()
    same = [one for one in known if one.email == command.email and one.as_guest == command.as_guest]
    if same:
        same[0].language = command.language
    elif len(known) < _MOST_READERS:
        work.session.add(
            DraftReaderRow(
                id=new_id(),
                tenant=work.tenant,
                draft_id=draft.id,
                email=command.email,
                language=command.language,
                as_guest=command.as_guest,
                attempts=0,
            )
        )


@handles(ShareDraft)
def share_draft(work: Work, command: ShareDraft) -> str:
    """Draw a secret for others."""
    secret = secrets.token_urlsafe(24)
    draft = _unsent(work, command.draft_id)
    draft.share_hash = _hashed(secret)
    _forget_guests(work, draft.id)
    return secret


@handles(UnshareDraft)
def unshare_draft(work: Work, command: UnshareDraft) -> None:
    """Forget the secret for others."""
    draft = _unsent(work, command.draft_id)
    draft.share_hash = None
    _forget_guests(work, draft.id)


def _forget_guests(work: Work, draft_id: str) -> None:
    """Whoever had the old link for others neither gets a mail nor comes in by one."""
    guests = (DraftReaderRow.draft_id == draft_id, DraftReaderRow.as_guest)
    work.session.execute(delete(DraftReaderRow).where(*guests))


def hand_draft(work: Work, task_id: str, username: str) -> None:
    """Give what the actor wrote of a human task to another person, in place of what they wrote themselves."""
    for row in _of_task(work, task_id, username):
        drop_files(work, row.id)
        work.session.delete(row)
    work.session.flush()
    for row in _of_task(work, task_id, work.actor.username):
        row.owner = username


@handles(DiscardDraft)
def discard_draft(work: Work, command: DiscardDraft) -> None:
    """Throw a draft away with its files; one that was sent stays, it leads to its case."""
    row = _unsent(work, command.draft_id)
    drop_files(work, row.id)
    work.session.delete(row)


@handles(PurgeDrafts)
def purge_drafts(work: Work, command: PurgeDrafts) -> int:
    """Delete what was saved and never sent, and the memory of what was sent, once the time is over."""
    if work.actor.kind != "system":
        raise NotAllowed
    over = work.session.scalars(
        select(DraftRow)
        .where(DraftRow.tenant == work.tenant, DraftRow.expires_at < work.now)
        .order_by(DraftRow.expires_at)
        .limit(_MOST_PURGED)
        .with_for_update(skip_locked=True)
    ).all()
    for row in over:
        _drop(work, AttachmentRow.draft_id == row.id)
        work.session.delete(row)
    nobodys = AttachmentRow.draft_id.is_(None) & AttachmentRow.instance_id.is_(None)
    _drop(work, nobodys & (AttachmentRow.created_at < work.now - _FORGOTTEN))
    return len(over)


def draft_leads_to(work: Work, draft_id: str) -> str | None:
    """Give the case that this draft has become, so that a second sending leads there; None = not sent yet.

    Holds the draft until the end of the command: of two sendings at once the second one waits and sees the first.
    """
    return _locked(work, draft_id).instance_id


def end_draft(work: Work, draft_id: str, instance: InstanceRow) -> None:
    """Mark a draft as sent. What was written is in the submission now; files it no longer names go."""
    row = _locked(work, draft_id)
    row.instance_id, row.data = instance.id, {}
    break_promises(work, row.id)
    drop_files(work, row.id)
    if row.account_id:
        give_case(work, row.account_id, instance.id, "sent")


def new_draft(work: Work, task: OpenTask, instance: InstanceRow, form: str) -> DraftRow:
    """Begin a draft of a human task that nobody has a resume link to; the caller says whose it is and what is in it."""
    row = DraftRow(
        id=new_id(),
        tenant=work.tenant,
        secret_hash=hashlib.sha256(secrets.token_bytes(24)).hexdigest(),
        definition_id=instance.definition_id,
        task_id=task.id,
        form=form,
        created_at=work.now,
    )
    work.session.add(row)
    return row


def drop_files(work: Work, draft_id: str) -> None:
    """Delete the files that still belong to a draft."""
    _drop(work, AttachmentRow.draft_id == draft_id)


def _drop(work: Work, which: ColumnElement[bool]) -> None:
    """Delete files, and their contents where nobody else has the same."""
    work.session.flush()
    own = (AttachmentRow.tenant == work.tenant, which)
    contents = set(work.session.scalars(select(AttachmentRow.content_id).where(*own)))
    if not contents:
        return
    work.session.execute(delete(AttachmentRow).where(*own))
    used = set(work.session.scalars(select(AttachmentRow.content_id).where(AttachmentRow.content_id.in_(contents))))
    work.session.execute(delete(ContentRow).where(ContentRow.id.in_(contents - used)))


def _must_be_theirs(work: Work, command: SaveDraft) -> None:
    """Refuse to write at somebody else's human task; what was typed while a colleague took it is still kept."""
    if command.task_id is not None:
        instance, task = work.lock_task(command.task_id)
        act(work, instance, task)
        must_be_able(work, instance, task)


def _known(work: Work, command: SaveDraft) -> DraftRow | None:
    if command.draft_id is not None:
        return _locked(work, command.draft_id)
    if command.task_id is None:
        return None
    # One draft of a task for each person: opening the task again finds what was written.
    return next(iter(_of_task(work, command.task_id, work.actor.username)), None)


def _of_task(work: Work, task_id: str, owner: str) -> Sequence[DraftRow]:
    return work.session.scalars(
        select(DraftRow)
        .where(DraftRow.tenant == work.tenant, DraftRow.task_id == task_id)
        .where(DraftRow.owner == owner, DraftRow.instance_id.is_(None))
        .with_for_update()
    ).all()


def _unsent(work: Work, draft_id: str) -> DraftRow:
    row = _locked(work, draft_id)
    if row.instance_id:
        raise DraftAlreadySent(instance_id=row.instance_id)
    return row


def _locked(work: Work, draft_id: str) -> DraftRow:
    row = work.session.scalar(
        select(DraftRow)
        .where(DraftRow.tenant == work.tenant, DraftRow.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or (row.expires_at < work.now and row.instance_id is None):
        raise NotFound("The draft is not here any more.")
    # Applicants have shown the draft's secret to the web; what one of the staff writes is nobody else's.
    if row.owner and work.actor.kind in STAFF and row.owner not in names(work.actor):
        raise NotFound("The draft is not here any more.")
    return row


def _new(work: Work, command: SaveDraft, secret: str) -> DraftRow:
    row = DraftRow(
        id=new_id(),
        tenant=work.tenant,
        secret_hash=_hashed(secret),
        process_key=command.process_key,
        definition_id=_definition(work, command),
        task_id=command.task_id,
        form=command.form,
        owner=work.actor.username,
        origin=command.origin,
        created_at=work.now,
    )
    work.session.add(row)
    return row


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _definition(work: Work, command: SaveDraft) -> str:
    if command.task_id:
        query = (
            select(InstanceRow.definition_id)
            .join(HumanTaskRow, HumanTaskRow.instance_id == InstanceRow.id)
            .where(HumanTaskRow.tenant == work.tenant, HumanTaskRow.id == command.task_id)
        )
    elif command.process_key:
        query = (
            select(ProcessDefinitionRow.id)
            .where(ProcessDefinitionRow.tenant == work.tenant)
            .where(ProcessDefinitionRow.process_key == command.process_key)
            .order_by(ProcessDefinitionRow.version.desc())
            .limit(1)
        )
    else:
        raise Invalid("A draft is of a new case or of a human task.")
    definition_id = work.session.scalar(query)
    if definition_id is None:
        raise NotFound
    return definition_id
