"""Links mailed to people who forgot their password: promised, sent, used once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, or_, select, update

from engine.errors import NotAllowed
from engine.handlers.auditing import note
from engine.handlers.people import set_password
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.signing_in import AskForReset, Letter, LinkIsOver, NoteLetterSent, ResetPassword, TakeLetters
from engine.store.people import PersonRow
from engine.store.signing_in import MailedLinkRow, link_of

LIFE = timedelta(hours=1)
#: Links that work at the same time: whoever presses the button more often is sent no more.
MOST_OPEN = 3
#: People who share one address.
MOST_PEOPLE = 5
MOST_TRIES = 5
#: After the first failure; each further one waits twice as long.
PAUSE = timedelta(seconds=30)
_MOST_AT_ONCE = 50


@handles(AskForReset)
def ask_for_reset(work: Work, command: AskForReset) -> None:
    """Promise a letter to each person it fits."""
    typed = command.typed.strip().lower()
    whose = or_(func.lower(PersonRow.username) == typed, func.lower(PersonRow.email) == typed)
    # People of the directory, and those who come in by somebody else's word, have no password here.
    own = (PersonRow.active, PersonRow.password_hash.is_not(None), PersonRow.directory_id.is_(None))
    found = select(PersonRow).where(PersonRow.tenant == work.tenant, PersonRow.email != "", whose, *own)
    for person in work.session.scalars(found.order_by(PersonRow.username).limit(MOST_PEOPLE).with_for_update()).all():
        if _open_links(work, person) < MOST_OPEN:
            work.session.add(
                MailedLinkRow(
                    id=new_id(),
                    tenant=work.tenant,
                    person_id=person.id,
                    email=person.email,
                    created_at=work.now,
                    expires_at=work.now + LIFE,
                    next_at=work.now,
                )
            )
            note(work, "password-reset-asked", "person", person.username)


@handles(TakeLetters)
def take_letters(work: Work, command: TakeLetters) -> Sequence[Letter]:
    """Give them, each to one worker, and set when they are tried again should this not succeed."""
    _must_be_system(work)
    due = (MailedLinkRow.sent_at.is_(None), MailedLinkRow.next_at <= work.now, MailedLinkRow.expires_at > work.now)
    rows = work.session.execute(
        select(MailedLinkRow, PersonRow)
        .outerjoin(PersonRow, PersonRow.id == MailedLinkRow.person_id)
        .where(MailedLinkRow.tenant == work.tenant, MailedLinkRow.used_at.is_(None), *due)
        .where(MailedLinkRow.attempts < MOST_TRIES)
        .order_by(MailedLinkRow.next_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(of=MailedLinkRow, skip_locked=True)
    ).all()
    return [_taken(work, row, person) for row, person in rows]


@handles(NoteLetterSent)
def note_letter_sent(work: Work, command: NoteLetterSent) -> None:
    """Try it no more."""
    _must_be_system(work)
    which = (MailedLinkRow.tenant == work.tenant, MailedLinkRow.id == command.link_id)
    work.session.execute(update(MailedLinkRow).where(*which).values(sent_at=work.now))


@handles(ResetPassword)
def reset_password(work: Work, command: ResetPassword) -> str:
    """Take the link and set the password."""
    found = work.session.execute(link_of(work.tenant, command.secret).with_for_update(of=MailedLinkRow)).first()
    if found is None or found[0].expires_at <= work.now:
        raise LinkIsOver
    person: PersonRow = found[1]
    set_password(work, person, command.password_hash)
    open_ones = update(MailedLinkRow).where(MailedLinkRow.tenant == work.tenant, MailedLinkRow.used_at.is_(None))
    work.session.execute(open_ones.where(MailedLinkRow.person_id == person.id).values(used_at=work.now))
    note(work, "password-reset", "person", person.username)
    return person.username


def _taken(work: Work, row: MailedLinkRow, person: PersonRow | None) -> Letter:
    secret = secrets.token_urlsafe(32)
    row.secret_hash = sha256(secret.encode()).hexdigest()
    row.next_at = work.now + PAUSE * 2**row.attempts
    row.attempts += 1
    return Letter(
        link_id=row.id,
        kind="reset" if person is not None else "enter",
        username=person.username if person is not None else "",
        email=row.email,
        language=person.language or "cs" if person is not None else row.language,
        secret=secret,
        expires_at=row.expires_at,
    )


def _open_links(work: Work, person: PersonRow) -> int:
    still = (MailedLinkRow.used_at.is_(None), MailedLinkRow.expires_at > work.now)
    theirs = (MailedLinkRow.tenant == work.tenant, MailedLinkRow.person_id == person.id)
    return work.session.scalar(select(func.count()).select_from(MailedLinkRow).where(*theirs, *still)) or 0


def _must_be_system(work: Work) -> None:
    if work.actor.kind != "system":
        raise NotAllowed
