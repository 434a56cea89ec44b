"""Money: what is to be paid and what the bank says was paid. Amounts are whole haléře."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.ids import new_id
from engine.store.base import Base, Owned


class PaymentRequestRow(Owned, Base):
    """What a case asks somebody to pay."""

    __tablename__ = "payment_request"
    __table_args__ = (
        #: A variable symbol is unique for ever: late money must still find its request.
        UniqueConstraint("tenant", "variable_symbol"),
        Index("ix_payment_request_instance_id", "instance_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    variable_symbol: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="CZK")
    #: Account the money should come to, `19-2000145399/0800`.
    account: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str]
    due_on: Mapped[date]
    #: See engine.lifecycle.PAYMENT: open, paid, cancelled
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class StatementRow(Owned, Base):
    """A bank statement taken in."""

    __tablename__ = "bank_statement"
    __table_args__ = (
        UniqueConstraint("tenant", "sha256"),
        UniqueConstraint("tenant", "account", "number", "closed_on"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str]
    opened_on: Mapped[date]
    closed_on: Mapped[date]
    opening_balance: Mapped[int] = mapped_column(BigInteger)
    closing_balance: Mapped[int] = mapped_column(BigInteger)
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]


class TransactionRow(Owned, Base):
    """One movement on an account."""

    __tablename__ = "bank_transaction"
    __table_args__ = (
        UniqueConstraint("tenant", "account", "key"),
        Index("ix_bank_transaction_vs", "tenant", "variable_symbol"),
        Index("ix_bank_transaction_payment_request", "payment_request_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    #: None = it came through a payment gateway, `account` is then its name.
    statement_id: Mapped[str | None] = mapped_column(ForeignKey("bank_statement.id"))
    account: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(100))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    booked_on: Mapped[date]
    counter_account: Mapped[str] = mapped_column(String(40), default="")
    counter_name: Mapped[str] = mapped_column(default="")
    #: Without leading zeros.
    variable_symbol: Mapped[str] = mapped_column(String(10), default="")
    constant_symbol: Mapped[str] = mapped_column(String(10), default="")
    specific_symbol: Mapped[str] = mapped_column(String(10), default="")
    message: Mapped[str] = mapped_column(default="")
    reversal: Mapped[bool] = mapped_column(default=False)
    #: matched, unmatched, resolved, ignored, or reversed: the bank took it back
    state: Mapped[str] = mapped_column(String(20))
    #: Why it could not be matched: unknown_symbol, wrong_amount, already_paid, cancelled; reversal: took back what had
    #: paid a request; reversal_unknown: took back what isn't here; reversal_out: our own payment out came back.
    reason: Mapped[str] = mapped_column(String(30), default="")
    payment_request_id: Mapped[str | None] = mapped_column(ForeignKey("payment_request.id"))
    #: The case that deals with an unmatched one.
    instance_id: Mapped[str | None] = mapped_column(String(32))
