"""The commands by which bank statements come in and orders for the bank go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.commands import Command


@dataclass(frozen=True, kw_only=True)
class BankTransaction:
    """One line of a statement. Amounts in haléře, credits positive."""

    #: Unique on its account: the same line again is the same transaction.
    key: str
    amount: int
    currency: str
    booked_on: date
    counter_account: str = ""
    counter_name: str = ""
    variable_symbol: str = ""
    constant_symbol: str = ""
    specific_symbol: str = ""
    message: str = ""
    #: An earlier payment taken back.
    reversal: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportStatement(Command["StatementImported"]):
    """Take a parsed statement in: matched payments move their cases, the rest becomes tasks. All or nothing."""

    account: str
    number: str
    sha256: str
    opened_on: date
    closed_on: date
    opening_balance: int
    closing_balance: int
    transactions: Sequence[BankTransaction]
    filename: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportStatements(Command[Sequence["StatementImported"]]):
    """Take the statements of one file in: all of them or none."""

    statements: Sequence[ImportStatement]


@dataclass(frozen=True, kw_only=True)
class SendBankOrders(Command["OrdersSent"]):
    """Put prepared orders of one account into a file for the bank; each goes into one file only."""

    orders: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class OrdersSent:
    """What went into the file. The total in haléře."""

    batch: str
    count: int
    total: int


@dataclass(frozen=True, kw_only=True)
class StatementImported:
    """What came of a statement."""

    statement_id: str
    #: The very same statement was here before; nothing changed.
    repeated: bool
    matched: int = 0
    unmatched: int = 0
    duplicates: int = 0
