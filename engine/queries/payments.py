"""Money as pages show it: what cases ask for, what statements brought, what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.queries.paging import Page, page_of
from engine.store.cases import InstanceRow
from engine.store.money import PaymentRequestRow, StatementRow, TransactionRow

_CREDITED = ("matched", "resolved")


@dataclass(frozen=True, kw_only=True)
class PaymentFacts:
    """What a case asks to be paid. Amounts in haléře."""

    id: str
    variable_symbol: str
    amount: int
    #: What has come for it so far.
    credited: int
    currency: str
    account: str
    purpose: str
    due_on: date
    state: str
    created_at: datetime
    paid_at: datetime | None
    instance_id: str
    definition_id: str
    business_key: str
    title: str


@dataclass(frozen=True, kw_only=True)
class StatementFacts:
    """A statement taken in."""

    id: str
    account: str
    number: str
    filename: str
    opened_on: date
    closed_on: date
    opening_balance: int
    closing_balance: int
    imported_at: datetime
    imported_by: str
    #: Number of transactions by state: matched, unmatched, resolved, ignored.
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class TransactionFacts:
    """A movement on an account."""

    id: str
    #: None = through a payment gateway.
    statement_id: str | None
    account: str
    amount: int
    currency: str
    booked_on: date
    counter_account: str
    counter_name: str
    variable_symbol: str
    constant_symbol: str
    specific_symbol: str
    message: str
    reversal: bool
    state: str
    #: See engine.store.money.TransactionRow.
    reason: str
    #: The request it paid, and its case.
    request_symbol: str | None
    business_key: str | None
    title: str | None


def payments(session: Session, tenant: str, instance_id: str) -> Sequence[PaymentFacts]:
    """Give the payment requests of a case, the newest first."""
    query = _payments(tenant).where(PaymentRequestRow.instance_id == instance_id)
    return [_payment(row) for row in session.execute(query)]


def open_payments(session: Session, tenant: str, page: int = 1, page_size: int = 50) -> Page[PaymentFacts]:
    """Give what is still to be paid, the nearest due first."""
    query = _payments(tenant).where(PaymentRequestRow.state == "open")
    return page_of(session, query.order_by(None).order_by(PaymentRequestRow.due_on), _payment, page, page_size)


def statements(session: Session, tenant: str, page: int = 1, page_size: int = 50) -> Page[StatementFacts]:
    """Give the statements, the newest first."""
    query = (
        select(StatementRow)
        .where(StatementRow.tenant == tenant)
        .order_by(StatementRow.closed_on.desc(), StatementRow.imported_at.desc())
    )
    found = page_of(session, query, lambda row: row[0], page, page_size)
    counts = _counts(session, tenant, [row.id for row in found.items])
    items = [_statement(row, counts.get(row.id, {})) for row in found.items]
    return Page(items=items, page=found.page, page_size=found.page_size, total=found.total)


def statement(session: Session, tenant: str, statement_id: str) -> StatementFacts:
    """Give one statement. Raises NotFound."""
    row = session.get(StatementRow, statement_id)
    if row is None or row.tenant != tenant:
        raise NotFound
    return _statement(row, _counts(session, tenant, [row.id]).get(row.id, {}))


def transactions(
    session: Session,
    tenant: str,
    *,
    statement_id: str | None = None,
    state: str | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page[TransactionFacts]:
    """Give movements of a statement or of a state, `unmatched` say, the newest first."""
    query = _transactions(tenant)
    if statement_id:
        query = query.where(TransactionRow.statement_id == statement_id)
    if state:
        query = query.where(TransactionRow.state == state)
    return page_of(session, query, _transaction, page, page_size)


def _payments(tenant: str) -> Select[*tuple[Any, ...]]:
    credited = select(func.coalesce(func.sum(TransactionRow.amount), 0)).where(
        TransactionRow.payment_request_id == PaymentRequestRow.id, TransactionRow.state.in_(_CREDITED)
    )
    return (
        select(PaymentRequestRow, credited.scalar_subquery().label("credited"))
        .add_columns(InstanceRow.definition_id, InstanceRow.business_key, InstanceRow.title)
        .join(InstanceRow, InstanceRow.id == PaymentRequestRow.instance_id)
        .where(PaymentRequestRow.tenant == tenant)
        .order_by(PaymentRequestRow.created_at.desc(), PaymentRequestRow.variable_symbol.desc())
    )


def _payment(found: Row[*tuple[Any, ...]]) -> PaymentFacts:
    row = found[0]
    own = {name: getattr(row, name) for name in PaymentFacts.__dataclass_fields__ if name in row.__mapper__.columns}
    of_case = {name: found._mapping[name] for name in ("definition_id", "business_key", "title")}
    return PaymentFacts(**own, **of_case, credited=int(found.credited))


def _counts(session: Session, tenant: str, ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    rows = session.execute(
        select(TransactionRow.statement_id, TransactionRow.state, func.count())
        .where(TransactionRow.tenant == tenant, TransactionRow.statement_id.in_(ids))
        .group_by(TransactionRow.statement_id, TransactionRow.state)
    )
    counts: dict[str, dict[str, int]] = {}
    for statement_id, state, count in rows:
        counts.setdefault(str(statement_id), {})[state] = count
    return counts


def _statement(row: StatementRow, counts: Mapping[str, int]) -> StatementFacts:
    own = {name: getattr(row, name) for name in StatementFacts.__dataclass_fields__ if name != "counts"}
    return StatementFacts(**own, counts=counts)


def _transactions(tenant: str) -> Select[*tuple[Any, ...]]:
    case = func.coalesce(PaymentRequestRow.instance_id, TransactionRow.instance_id)
    same_request = PaymentRequestRow.id == TransactionRow.payment_request_id
    return (
        select(
            TransactionRow,
            PaymentRequestRow.variable_symbol.label("request_symbol"),
            InstanceRow.business_key,
            InstanceRow.title,
        )
        .outerjoin(PaymentRequestRow, same_request)
        .outerjoin(InstanceRow, InstanceRow.id == case)
        .where(TransactionRow.tenant == tenant)
        .order_by(TransactionRow.booked_on.desc(), TransactionRow.id)
    )


def _transaction(found: Row[*tuple[Any, ...]]) -> TransactionFacts:
    row = found[0]
    own = {name: getattr(row, name) for name in TransactionFacts.__dataclass_fields__ if name in row.__mapper__.columns}
    named = {"request_symbol": found.request_symbol, "business_key": found.business_key, "title": found.title}
    return TransactionFacts(**own, **named)


@dataclass(frozen=True, kw_only=True)
class Share:
    """Where a part of the money is. The total in haléře, below zero what went out."""

    #: matched, unmatched, resolved, ignored or reversed; see engine.store.money.TransactionRow.
    state: str
    incoming: bool
    count: int
    total: int


def shares(session: Session, tenant: str) -> Sequence[Share]:
    """Give what became of all the money that came and went: each movement is in one share, so they sum to all of it."""
    incoming = TransactionRow.amount > 0
    rows = session.execute(
        select(TransactionRow.state, incoming.label("incoming"), func.count(), func.sum(TransactionRow.amount))
        .where(TransactionRow.tenant == tenant)
        .group_by(TransactionRow.state, incoming)
        .order_by(incoming.desc(), TransactionRow.state)
    )
    return [Share(state=s, incoming=bool(i), count=n, total=int(total)) for s, i, n, total in rows]
