"""What every format of a statement is read into."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

from engine.banking import BankTransaction, ImportStatement
from engine.errors import StatementRefused
from engine.model import Actor
from integrations.bank.accounts import Account, parse_account

#: Why a statement in JSON or XML is refused; the sentences are message ids of the interface.
REASONS = {
    "no-json": "The file is no statement of Fio banka: it is cut or it is no JSON.",
    "no-xml": "The file is no readable XML: it is cut or damaged.",
    "doctype": "The file declares a document type, which a statement never does.",
    "no-camt": "The file is no statement camt.053.",
    "enormous": "The file has more in it than a statement ever has.",
    "field": "A field is missing or holds something else than it should.",
    "currency": "The statement is in another currency than crowns.",
    "repeated": "A movement is in the statement twice.",
    "items": "The movements do not add up to the change of the balance: lines are missing or were changed.",
    "sums": "The numbers of movements or their sums are others than the statement itself says.",
    "other-account": "The statement is of another account than the one kept here.",
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of one account. Amounts in haléře, credits positive."""

    account: Account
    holder: str
    number: str
    opened_on: date
    closed_on: date
    opening_balance: int
    closing_balance: int
    #: SHA-256 over the records, so other line ends make no other statement.
    sha256: str
    transactions: Sequence[BankTransaction]


def to_command(statement: Statement, *, tenant: str, actor: Actor, filename: str = "") -> ImportStatement:
    """Give the command that takes the statement in."""
    return ImportStatement(
        tenant=tenant,
        actor=actor,
        account=str(statement.account),
        number=statement.number,
        sha256=statement.sha256,
        opened_on=statement.opened_on,
        closed_on=statement.closed_on,
        opening_balance=statement.opening_balance,
        closing_balance=statement.closing_balance,
        transactions=statement.transactions,
        filename=filename,
    )


def with_keys(items: Sequence[BankTransaction]) -> list[BankTransaction]:
    """Name each movement by what it says, equal ones numbered, so that another statement names it the same."""
    seen: Counter[str] = Counter()
    named = []
    for item in items:
        facts = (
            f"{item.key}|{item.booked_on}|{item.amount}|{item.counter_account}|{item.variable_symbol}|{item.reversal}"
        )
        print_ = hashlib.sha256(facts.encode()).hexdigest()[:32]
        seen[print_] += 1
        named.append(replace(item, key=f"{item.booked_on:%Y%m%d}-{print_}-{seen[print_]}"))
    return named


def refuse(reason: str, *, line: int | None = None, movement: int | None = None, **facts: object) -> NoReturn:
    """Refuse the whole statement because of a line of the file or the movement of this place."""
    where = f"Line {line}: " if line else f"Movement {movement}: " if movement else ""
    raise StatementRefused(
        where + REASONS[reason], line=line, movement=movement, reason=reason, sentence=REASONS[reason], **facts
    )


def check_account(account: Account, own: Sequence[str], line: int | None = None) -> None:
    """Refuse a statement of an account that is not kept here, where it is known which are."""
    if own and account.digits not in {parse_account(text).digits for text in own}:
        refuse("other-account", line=line, account=str(account))


def check_sum(opening: int, closing: int, items: Sequence[BankTransaction]) -> None:
    """Refuse a statement whose movements don't lead from the old balance to the new one."""
    moved = sum(item.amount for item in items)
    if opening + moved != closing:
        refuse("items", expected=closing - opening, found=moved)
