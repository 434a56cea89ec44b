"""Drafts whose time is nearly over: whoever writes them is promised a mail, and it is sent until it is gone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import and_, or_, select, update

from engine.drafting import DraftNotice, PromiseDraftNotices, ReportDraftNotice, TakeDraftNotices
from engine.errors import NotAllowed
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.lifecycle import OPEN_TASK
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.drafts import DraftReaderRow
from engine.store.papers import DraftRow
from engine.store.people import PersonRow

MOST_ATTEMPTS = 8
#: After the first failure; each further one waits twice as long, the eighth comes after four hours.
PAUSE = timedelta(minutes=2)
_MOST_AT_ONCE = 200


@handles(PromiseDraftNotices)
def promise_draft_notices(work: Work, command: PromiseDraftNotices) -> int:
    """Promise the mails of the drafts that run out within so many days, each once."""
    _must_be_system(work)
    rows = work.session.scalars(
        select(DraftRow)
        .outerjoin(HumanTaskRow, HumanTaskRow.id == DraftRow.task_id)
        .where(DraftRow.tenant == work.tenant, DraftRow.warned_at.is_(None), DraftRow.instance_id.is_(None))
        .where(DraftRow.expires_at >= work.now, DraftRow.expires_at < work.now + timedelta(days=command.days))
        # Nobody goes on with the form of a task that is done.
        .where(or_(DraftRow.task_id.is_(None), HumanTaskRow.state.in_(OPEN_TASK)))
        .order_by(DraftRow.expires_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(of=DraftRow, skip_locked=True)
    ).all()
    for row in rows:
        row.warned_at = work.now
        if row.owner or row.task_id:
            work.session.add(_owner_of(work, row))
    work.session.flush()
    promise = update(DraftReaderRow).where(DraftReaderRow.draft_id.in_([row.id for row in rows]))
    work.session.execute(promise.values(next_at=work.now, attempts=0))
    return len(rows)


@handles(TakeDraftNotices)
def take_draft_notices(work: Work, command: TakeDraftNotices) -> Sequence[DraftNotice]:
    """Give what is to be sent now, each to one worker, and set when it is tried again should this not succeed."""
    _must_be_system(work)
    rows = work.session.execute(
        select(DraftReaderRow, DraftRow)
        .join(DraftRow, DraftRow.id == DraftReaderRow.draft_id)
        .where(DraftReaderRow.tenant == work.tenant, DraftReaderRow.next_at <= work.now)
        .order_by(DraftReaderRow.next_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(of=DraftReaderRow, skip_locked=True)
    ).all()
    found = [_taken(work, reader, draft) for reader, draft in rows]
    return [notice for notice in found if notice is not None]


@handles(ReportDraftNotice)
def report_draft_notice(work: Work, command: ReportDraftNotice) -> None:
    """It is sent: promise it no more."""
    _must_be_system(work)
    own = (DraftReaderRow.tenant == work.tenant, DraftReaderRow.id == command.reader_id)
    work.session.execute(update(DraftReaderRow).where(*own).values(next_at=None))


def break_promises(work: Work, draft_id: str) -> None:
    """Somebody has gone on with a draft: nobody needs to be told of its end."""
    promised = (DraftReaderRow.draft_id == draft_id, DraftReaderRow.next_at.is_not(None))
    work.session.execute(update(DraftReaderRow).where(*promised).values(next_at=None))


def _owner_of(work: Work, draft: DraftRow) -> DraftReaderRow:
    own = (DraftReaderRow.draft_id == draft.id, DraftReaderRow.email == "")
    known = work.session.scalar(select(DraftReaderRow).where(*own))
    return known or DraftReaderRow(
        id=new_id(), tenant=work.tenant, draft_id=draft.id, email="", language="", as_guest=False, attempts=0
    )


def _taken(work: Work, reader: DraftReaderRow, draft: DraftRow) -> DraftNotice | None:
    given_up = reader.attempts >= MOST_ATTEMPTS or draft.expires_at <= work.now or draft.instance_id is not None
    email, language = (reader.email, reader.language) if reader.email else _owners_mail(work, draft)
    if given_up or not email:
        reader.next_at = None
        return None
    reader.next_at = work.now + PAUSE * 2**reader.attempts
    reader.attempts += 1
    secret = ""
    if reader.email:
        secret = secrets.token_urlsafe(24)
        reader.secret_hash = sha256(secret.encode()).hexdigest()
    return DraftNotice(
        reader_id=reader.id,
        draft_id=draft.id,
        email=email,
        language=language,
        as_guest=reader.as_guest,
        secret=secret,
        owner=draft.owner,
        process_key=draft.process_key or "",
        task_id=draft.task_id,
        expires_at=draft.expires_at,
    )


def _owners_mail(work: Work, draft: DraftRow) -> tuple[str, str]:
    """Address and language of whoever owns a draft: one of the staff, else the applicant of the case."""
    of_staff = and_(PersonRow.tenant == work.tenant, PersonRow.username == draft.owner, PersonRow.active)
    person = work.session.scalar(select(PersonRow).where(of_staff))
    if person is not None:
        return person.email, person.language or "cs"
    case = work.session.scalar(
        select(InstanceRow)
        .join(HumanTaskRow, HumanTaskRow.instance_id == InstanceRow.id)
        .where(InstanceRow.tenant == work.tenant, HumanTaskRow.id == draft.task_id)
        .where(HumanTaskRow.audience == "applicant")
    )
    return (case.applicant_email, case.language or "cs") if case is not None else ("", "")


def _must_be_system(work: Work) -> None:
    if work.actor.kind != "system":
        raise NotAllowed
