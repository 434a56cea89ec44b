"""What is known of one person, what is held and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from engine.erasing import Subject
from engine.errors import Invalid
from engine.queries.accounts import AccountFacts, accounts_of
from engine.store.cases import InstanceRow
from engine.store.papers import SubmissionRow
from engine.store.personal import ErasureRow, HoldRow, hold_on, hold_on_record, in_the_books, names
from engine.store.registers import RecordRow

#: Cases and records read in one look.
MOST = 500


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """A case, as it concerns erasing."""

    id: str
    number: str
    title: str
    status: str
    ended_at: datetime | None
    #: Why it may not be erased; "" where nothing holds it.
    held: str = ""
    #: Money moved for it so lately that the law wants its papers kept.
    in_the_books: bool = False

    @property
    def why_kept(self) -> str:
        """Give why it stays: not finished, held or books; "" where it may go."""
        if self.ended_at is None:
            return "not finished"
        return "held" if self.held else "books" if self.in_the_books else ""


@dataclass(frozen=True, kw_only=True)
class OwnRecord:
    """A record of a register."""

    id: str
    register: str
    caption: str
    #: It is in force: a member who is one, a debt that isn't paid.
    live: bool = False
    held: str = ""

    @property
    def why_kept(self) -> str:
        """Give why it stays: live or held; "" where it may go."""
        return "live" if self.live else "held" if self.held else ""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Where a person is found: their cases, records that name them, cases of others that mention them."""

    cases: Sequence[OwnCase] = ()
    records: Sequence[OwnRecord] = ()
    mentions: Sequence[OwnCase] = ()
    #: Accounts by which they sign in to see their cases.
    accounts: Sequence[AccountFacts] = ()


def known_of(session: Session, tenant: str, subject: Subject, today: date) -> Known:
    """Give everything of a person, at most MOST of each kind."""
    mine = cases_where(session, tenant, _is_applicant(subject), today)
    accounts = accounts_of(session, tenant, subject)
    words = [word for word in (subject.email, subject.ico) if word]
    if not words:
        return Known(cases=mine, accounts=accounts)
    told = or_(*[names(SubmissionRow.data, word) for word in words])
    mentioned = exists().where(SubmissionRow.instance_id == InstanceRow.id, told)
    ids = {one.id for one in mine}
    return Known(
        cases=mine,
        accounts=accounts,
        records=records_where(session, tenant, or_(*[names(RecordRow.data, word) for word in words])),
        mentions=[one for one in cases_where(session, tenant, mentioned, today) if one.id not in ids],
    )


def holds(session: Session, tenant: str) -> Sequence[HoldRow]:
    """Give holds that stand, the newest first."""
    query = select(HoldRow).where(HoldRow.tenant == tenant, HoldRow.lifted_at.is_(None))
    return session.scalars(query.order_by(HoldRow.placed_at.desc()).limit(MOST)).all()


def numbers(session: Session, tenant: str, ids: Sequence[str]) -> Mapping[str, str]:
    """Give the numbers of cases by their ids."""
    query = select(InstanceRow.id, InstanceRow.business_key).where(InstanceRow.tenant == tenant)
    query = query.where(InstanceRow.id.in_(ids))
    return {row.id: row.business_key for row in session.execute(query)}


def erasures(session: Session, tenant: str, state: str = "") -> Sequence[ErasureRow]:
    """Give erasures that somebody asked for, the newest first."""
    query = select(ErasureRow).where(ErasureRow.tenant == tenant)
    if state:
        query = query.where(ErasureRow.state == state)
    return session.scalars(query.order_by(ErasureRow.asked_at.desc()).limit(MOST)).all()


def _is_applicant(subject: Subject) -> ColumnElement[bool]:
    either = []
    if subject.email:
        either.append(func.lower(InstanceRow.applicant_email) == subject.email.lower())
    if subject.ico:
        either.append(InstanceRow.applicant_ico == subject.ico)
    if subject.name and subject.born:
        told = exists().where(SubmissionRow.instance_id == InstanceRow.id, names(SubmissionRow.data, subject.born))
        either.append(and_(func.lower(InstanceRow.applicant_name) == subject.name.lower(), told))
    if not either:
        raise Invalid("Say an e-mail, a company number, or a name with the date of birth.")
    return or_(*either)


def cases_where(session: Session, tenant: str, condition: ColumnElement[bool], today: date) -> Sequence[OwnCase]:
    """Give cases, those that ended first at the beginning, at most MOST, with why each has to stay."""
    query = select(InstanceRow).where(InstanceRow.tenant == tenant, condition).order_by(InstanceRow.ended_at)
    return [
        OwnCase(
            id=row.id,
            number=row.business_key,
            title=row.title,
            status=row.status,
            ended_at=row.ended_at,
            held=hold_on(session, tenant, row),
            in_the_books=in_the_books(session, tenant, row.id, today),
        )
        for row in session.scalars(query.limit(MOST))
    ]


def records_where(session: Session, tenant: str, condition: ColumnElement[bool]) -> Sequence[OwnRecord]:
    """Give records, at most MOST, with why each has to stay."""
    return [
        OwnRecord(
            id=row.id,
            register=row.register,
            caption=row.caption,
            live=row.state != "deleted",
            held=hold_on_record(session, tenant, row.id),
        )
        for row in session.scalars(select(RecordRow).where(RecordRow.tenant == tenant, condition).limit(MOST))
    ]
