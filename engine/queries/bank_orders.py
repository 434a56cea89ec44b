"""Orders for the bank as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.queries.paging import Page, page_of
from engine.store.bank_orders import BankOrderRow
from engine.store.cases import InstanceRow


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """A payment a case ordered; see engine.store.bank_orders. Amounts in haléře."""

    id: str
    account: str
    counter_account: str
    counter_name: str
    amount: int
    variable_symbol: str
    constant_symbol: str
    specific_symbol: str
    message: str
    due_on: date
    state: str
    prepared_at: datetime
    batch: str
    sent_at: datetime | None
    business_key: str
    title: str


@dataclass(frozen=True, kw_only=True)
class BatchFacts:
    """A file that went to the bank. The total in haléře."""

    number: str
    account: str
    sent_at: datetime
    count: int
    total: int
    #: How many of its payments the statements have confirmed.
    confirmed: int


def orders(session: Session, tenant: str, state: str, page: int = 1, page_size: int = 500) -> Page[OrderFacts]:
    """Give the orders of a state, the nearest due first."""
    query = _orders(tenant).where(BankOrderRow.state == state)
    return page_of(session, query.order_by(BankOrderRow.due_on, BankOrderRow.id), _order, page, page_size)


def batch(session: Session, tenant: str, number: str) -> Sequence[OrderFacts]:
    """Give the orders of a file in its order. Raises NotFound."""
    query = _orders(tenant).where(BankOrderRow.batch == number).order_by(BankOrderRow.due_on, BankOrderRow.id)
    found = [_order(row) for row in session.execute(query)] if number else []
    if not found:
        raise NotFound
    return found


def batches(session: Session, tenant: str, page: int = 1, page_size: int = 20) -> Page[BatchFacts]:
    """Give the files that went to the bank, the newest first."""
    confirmed = func.count(BankOrderRow.transaction_id)
    query = (
        select(
            BankOrderRow.batch.label("number"),
            func.min(BankOrderRow.account).label("account"),
            func.min(BankOrderRow.sent_at).label("sent_at"),
            func.count().label("count"),
            func.sum(BankOrderRow.amount).label("total"),
            confirmed.label("confirmed"),
        )
        .where(BankOrderRow.tenant == tenant, BankOrderRow.batch != "")
        .group_by(BankOrderRow.batch)
        .order_by(func.min(BankOrderRow.sent_at).desc(), BankOrderRow.batch.desc())
    )
    return page_of(session, query, _batch, page, page_size)


def _batch(row: Row[*tuple[Any, ...]]) -> BatchFacts:
    # PostgreSQL sums whole numbers into a decimal.
    return BatchFacts(**(dict(row._mapping) | {"total": int(row.total)}))


def _orders(tenant: str) -> Select[*tuple[Any, ...]]:
    return (
        select(BankOrderRow, InstanceRow.business_key, InstanceRow.title)
        .join(InstanceRow, InstanceRow.id == BankOrderRow.instance_id)
        .where(BankOrderRow.tenant == tenant)
    )


def _order(found: Row[*tuple[Any, ...]]) -> OrderFacts:
    row = found[0]
    own = {name: getattr(row, name) for name in OrderFacts.__dataclass_fields__ if name in row.__mapper__.columns}
    return OrderFacts(**own, business_key=found.business_key, title=found.title)
