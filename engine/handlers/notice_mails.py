"""Mails of what people are told: who wants them, which are to be sent, what became of each. The calendar's token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from engine.calendar import is_working_day
from engine.desk import (
    MAIL_CHOICES,
    ChooseNoticeMails,
    CloseCalendar,
    Digest,
    NoticeMail,
    OpenCalendar,
    ReportDigest,
    ReportNoticeMail,
    TakeDigests,
    TakeNoticeMails,
)
from engine.entitled import STAFF
from engine.errors import Invalid, NotAllowed
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.store.desk import DeskRow
from engine.store.notifications import NotificationRow
from engine.store.people import PersonRow

#: For how long a worker has a mail in hand before another one may try.
IN_HAND = timedelta(minutes=5)
#: Tries before a mail is given up; the pause doubles from a minute to some four hours.
MOST_ATTEMPTS = 9
_MOST_AT_ONCE = 100


@handles(ChooseNoticeMails)
def choose_notice_mails(work: Work, command: ChooseNoticeMails) -> None:
    """Write the choice down; mails tell of what comes from now on."""
    row = _own_desk(work)
    if command.mail not in MAIL_CHOICES:
        raise Invalid(f"There is no choice {command.mail!r}.", reason="choice")
    address = select(PersonRow.email).filter_by(tenant=work.tenant, username=work.actor.username)
    if command.mail != "none" and not work.session.scalar(address):
        raise Invalid("There is no address to write to.", reason="address")
    row.mail, row.digest_until = command.mail, work.now
    row.digest_on = work.today if command.mail == "daily" else None


@handles(OpenCalendar)
def open_calendar(work: Work, command: OpenCalendar) -> None:
    """Put the new token in the place of the old one."""
    row = _own_desk(work)
    row.calendar_hash, row.calendar_at = command.token_hash, work.now


@handles(CloseCalendar)
def close_calendar(work: Work, command: CloseCalendar) -> None:
    """Forget the token."""
    row = _own_desk(work)
    row.calendar_hash = row.calendar_at = None


@handles(TakeNoticeMails)
def take_notice_mails(work: Work, command: TakeNoticeMails) -> Sequence[NoticeMail]:
    """Take some in hand."""
    _must_be_system(work)
    rows = work.session.scalars(
        select(NotificationRow)
        .where(NotificationRow.tenant == work.tenant, NotificationRow.mail_at <= work.now)
        .order_by(NotificationRow.mail_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.mail_at, row.mail_attempts = work.now + IN_HAND, row.mail_attempts + 1
    return [NoticeMail(id=row.id, username=row.username, attempts=row.mail_attempts - 1) for row in rows]


@handles(ReportNoticeMail)
def report_notice_mail(work: Work, command: ReportNoticeMail) -> None:
    """Take the promise off, or put it off."""
    _must_be_system(work)
    row = work.session.scalar(select(NotificationRow).filter_by(tenant=work.tenant, id=command.notification_id))
    if row is None or row.mail_at is None:
        return
    again = not command.sent and row.mail_attempts < MOST_ATTEMPTS
    row.mail_at = work.now + timedelta(minutes=2 ** (row.mail_attempts - 1)) if again else None


@handles(TakeDigests)
def take_digests(work: Work, command: TakeDigests) -> Sequence[Digest]:
    """Take some in hand; on weekends and holidays nobody is written to."""
    _must_be_system(work)
    if not is_working_day(work.today):
        return []
    rows = work.session.scalars(
        select(DeskRow)
        .where(DeskRow.tenant == work.tenant, DeskRow.mail == "daily")
        .where(or_(DeskRow.digest_on.is_(None), DeskRow.digest_on < work.today))
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.digest_on = work.today
    yesterday = work.now - timedelta(days=1)
    return [Digest(username=row.username, since=row.digest_until or yesterday, until=work.now) for row in rows]


@handles(ReportDigest)
def report_digest(work: Work, command: ReportDigest) -> None:
    """Remember up to when it told, or let the day's mail be tried again."""
    _must_be_system(work)
    row = work.session.scalar(select(DeskRow).filter_by(tenant=work.tenant, username=command.digest.username))
    if row is None:
        return
    if command.sent:
        row.digest_until = command.digest.until
    else:
        row.digest_on = work.today - timedelta(days=1)


def _own_desk(work: Work) -> DeskRow:
    if work.actor.kind not in STAFF:
        raise NotAllowed
    own = select(DeskRow).filter_by(tenant=work.tenant, username=work.actor.username).with_for_update()
    row = work.session.scalar(own)
    if row is None:
        row = DeskRow(id=new_id(), tenant=work.tenant, username=work.actor.username, mail="none")
        work.session.add(row)
    return row


def _must_be_system(work: Work) -> None:
    if work.actor.kind != "system":
        raise NotAllowed
