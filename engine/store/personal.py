"""Holds on personal data, and erasures that somebody asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from engine.ids import new_id
from engine.store.bank_orders import BankOrderRow
from engine.store.base import Base, JsonValue, Owned
from engine.store.cases import InstanceRow
from engine.store.money import PaymentRequestRow
from engine.store.papers import SubmissionRow
from engine.store.registers import RecordVersionRow

#: Years after the one in which money moved for which the books are kept (Act 563/1991 on Accounting, § 31).
BOOKS_YEARS = 5


class HoldRow(Owned, Base):
    """As long as it isn't lifted, what it names is never erased."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index("ix_legal_hold_list", "tenant", "placed_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: The case that is held …
    instance_id: Mapped[str | None] = mapped_column(String(32))
    #: … or the e-mail or company number of the person, in small letters.
    person: Mapped[str] = mapped_column(String(255), default="")
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(150))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str | None] = mapped_column(String(150))
    lifted_at: Mapped[datetime | None]


class ErasureRow(Owned, Base):
    """Somebody's wish that everything of a person be erased: asked by one, agreed by another."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_list", "tenant", "asked_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: {"email", "ico", "name", "born"}; None once it is done or refused.
    subject: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    reason: Mapped[str] = mapped_column(Text)
    #: asked, agreed, refused or done
    state: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[str] = mapped_column(String(150))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(150))
    decided_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    #: Numbers of cases, counts of rows; nothing of the person.
    protocol: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)


class CaseRetentionRow(Owned, Base):
    """What was taken out of a case whose row stays: the whole of it, or one answer."""

    __tablename__ = "case_retention"
    __table_args__ = (UniqueConstraint("instance_id", "what"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: EVERYTHING, or the place of an answer, `/person/phone`.
    what: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


#: CaseRetentionRow.what of a case that was made anonymous.
EVERYTHING = "*"


def hold_on(session: Session, tenant: str, case: InstanceRow) -> str:
    """Give why a case may not be erased; "" where nothing holds it.

    A held person holds also the cases of others whose forms name them.
    """
    form = SubmissionRow
    for hold in _holds(session, tenant):
        mine = hold.instance_id == case.id
        if not mine and hold.person:
            told = exists().where(form.tenant == tenant, form.instance_id == case.id, names(form.data, hold.person))
            applied = hold.person in (case.applicant_email.lower(), case.applicant_ico)
            mine = applied or bool(session.scalar(select(told)))
        if mine:
            return hold.reason
    return ""


def hold_on_record(session: Session, tenant: str, record_id: str) -> str:
    """Give why a record may not be erased: a held person is in it or was, or a held case has written it."""
    for hold in _holds(session, tenant):
        version = RecordVersionRow
        mine: ColumnElement[bool] = version.instance_id == hold.instance_id
        if hold.person:
            mine = names(version.data, hold.person)
        found = select(exists().where(version.tenant == tenant, version.record_id == record_id, mine))
        if session.scalar(found):
            return hold.reason
    return ""


def in_the_books(session: Session, tenant: str, instance_id: str, today: date) -> bool:
    """Whether money has moved for a case so lately that the law wants its papers kept."""
    since = datetime(today.year - BOOKS_YEARS, 1, 1, tzinfo=UTC)
    asked, order = PaymentRequestRow, BankOrderRow
    paid = exists().where(asked.tenant == tenant, asked.instance_id == instance_id, asked.paid_at >= since)
    sent = exists().where(order.tenant == tenant, order.instance_id == instance_id, order.sent_at >= since)
    return bool(session.scalar(select(or_(paid, sent))))


def names(column: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:
    """The JSON has this text as a whole value, whatever its letters' size."""
    quoted = json.dumps(word.lower(), ensure_ascii=False)
    return func.lower(cast(column, Text)).contains(quoted, autoescape=True)


def _holds(session: Session, tenant: str) -> Sequence[HoldRow]:
    return session.scalars(select(HoldRow).where(HoldRow.tenant == tenant, HoldRow.lifted_at.is_(None))).all()
