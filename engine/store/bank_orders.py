"""Payments the office sends: what cases ordered, in which file they went to the bank, what the bank says of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class BankOrderRow(Owned, Base):
    """What a case orders the bank to pay. Amounts in haléře, above zero."""

    __tablename__ = "bank_order"
    __table_args__ = (
        Index("ix_bank_order_state", "tenant", "state"),
        Index("ix_bank_order_instance_id", "instance_id"),
        Index("ix_bank_order_refund_of", "refund_of"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: Ours, from which the money goes.
    account: Mapped[str] = mapped_column(String(30))
    counter_account: Mapped[str] = mapped_column(String(30))
    counter_name: Mapped[str] = mapped_column(default="")
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="CZK")
    #: Symbols without leading zeros.
    variable_symbol: Mapped[str] = mapped_column(String(10), default="")
    constant_symbol: Mapped[str] = mapped_column(String(10), default="")
    specific_symbol: Mapped[str] = mapped_column(String(10), default="")
    message: Mapped[str] = mapped_column(String(140), default="")
    due_on: Mapped[date]
    #: See engine.lifecycle.BANK_ORDER: prepared, sent, confirmed, returned, cancelled
    state: Mapped[str] = mapped_column(String(20))
    prepared_at: Mapped[datetime]
    #: Number of the file it went in, "" before.
    batch: Mapped[str] = mapped_column(String(20), default="")
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str] = mapped_column(default="")
    #: The movement that confirmed it.
    transaction_id: Mapped[str | None] = mapped_column(ForeignKey("bank_transaction.id"))
    #: The payment that came and is sent back by this.
    refund_of: Mapped[str | None] = mapped_column(ForeignKey("bank_transaction.id"))
