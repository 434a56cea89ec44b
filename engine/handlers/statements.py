"""A bank statement comes in whole or not at all: payments that fit move their cases, the rest becomes work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NoReturn

from sqlalchemy import extract, select

from engine.banking import BankTransaction, ImportStatement, ImportStatements, StatementImported
from engine.errors import Invalid, NotAllowed, StatementRefused
from engine.handlers import bank_orders, stray_money
from engine.handlers.money import account_of, amount_text
from engine.handlers.payments import CURRENCY, accounts_of, credited, pay, request_of, unpay
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.ids import new_id
from engine.model import Json, Variables
from engine.near_symbols import near
from engine.store.cases import InstanceRow
from engine.store.money import PaymentRequestRow, StatementRow, TransactionRow
from engine.store.people import TenantRow

#: Why a statement is refused, as `facts["reason"]`; the other facts say where.
REASONS = {
    "other-account": "The statement is of another account than the one kept here.",
    "changed": "A statement of this number is here already, with another content.",
    "period": "The statement ends before it begins.",
    "bad-symbol": "A movement has a symbol that is none.",
    "currency": "A movement is in another currency than crowns.",
    "repeated": "A movement is in the statement twice.",
    "other-amount": "A movement is here already, with another amount.",
    "balance": "The balance does not add up: old balance and movements make another sum than the new balance.",
}
_MOST_CANDIDATES = 10
#: Keys looked up together.
_AT_ONCE = 500
_SYMBOL = re.compile(r"[0-9]{0,10}")
_LONGEST_KEY = 100


@handles(ImportStatement)
def import_statement(work: Work, command: ImportStatement) -> StatementImported:
    """Take a statement in. Raises StatementRefused for a foreign account, a wrong balance, or a changed statement."""
    if work.actor.kind == "applicant":
        raise NotAllowed
    # Two imports at once wait for each other; foreign keys to the tenant don't wait for this lock.
    work.session.scalar(select(TenantRow.key).where(TenantRow.key == work.tenant).with_for_update(key_share=True))
    account = _own_account(work, command.account)
    if known := _same(work, command):
        return StatementImported(statement_id=known.id, repeated=True)
    _check(work, command, account)
    statement = _statement(work, command, account)
    counts = {"matched": 0, "unmatched": 0, "duplicates": 0, "ignored": 0}
    seen = _seen(work, account, command.transactions)
    for line in command.transactions:
        counts["duplicates" if line.key in seen else _take(work, statement, line)] += 1
    return StatementImported(
        statement_id=statement.id,
        repeated=False,
        matched=counts["matched"],
        unmatched=counts["unmatched"],
        duplicates=counts["duplicates"],
    )


@handles(ImportStatements)
def import_statements(work: Work, command: ImportStatements) -> Sequence[StatementImported]:
    """Take several statements in, in their order; where one is refused, none comes in."""
    return [import_statement(work, each) for each in command.statements]


def _refuse(reason: str, **facts: Json) -> NoReturn:
    raise StatementRefused(
        REASONS[reason] + "".join(f" {name}: {value}." for name, value in facts.items()),
        reason=reason,
        **facts,
    )


def _own_account(work: Work, account: str) -> str:
    # Records 074 and 075 of ABO carry no bank code; the number alone must do then.
    try:
        wanted = account_of(account if "/" in account else f"{account}/0000").partition("/0000")[0]
    except Invalid as error:
        raise StatementRefused(str(error), reason="bad-account", account=account) from error
    for own in accounts_of(work):
        if wanted in (own, own.partition("/")[0]):
            return own
    _refuse("other-account", account=account)


def _same(work: Work, command: ImportStatement) -> StatementRow | None:
    return work.session.scalar(
        select(StatementRow).where(StatementRow.tenant == work.tenant, StatementRow.sha256 == command.sha256)
    )


def _check(work: Work, command: ImportStatement, account: str) -> None:
    year = command.closed_on.year
    changed = work.session.scalar(
        select(StatementRow.id)
        .where(StatementRow.tenant == work.tenant, StatementRow.account == account)
        .where(StatementRow.number == command.number, extract("year", StatementRow.closed_on) == year)
    )
    if changed:
        _refuse("changed", number=command.number, account=account)
    _check_lines(command)
    if command.opening_balance + sum(line.amount for line in command.transactions) != command.closing_balance:
        _refuse_balance(command)


def _check_lines(command: ImportStatement) -> None:
    if command.opened_on > command.closed_on:
        _refuse("period", opened_on=command.opened_on.isoformat(), closed_on=command.closed_on.isoformat())
    keys: set[str] = set()
    for place, line in enumerate(command.transactions, start=1):
        if not all(_SYMBOL.fullmatch(symbol) for symbol in _symbols(line)) or len(line.key) > _LONGEST_KEY:
            _refuse("bad-symbol", movement=place)
        if line.currency != CURRENCY:
            _refuse("currency", movement=place, currency=line.currency)
        if line.key in keys:
            _refuse("repeated", movement=place)
        keys.add(line.key)


def _symbols(line: BankTransaction) -> tuple[str, str, str]:
    return line.variable_symbol, line.constant_symbol, line.specific_symbol


def _refuse_balance(command: ImportStatement) -> None:
    moved = sum(line.amount for line in command.transactions)
    expected = command.opening_balance + moved
    _refuse(
        "balance",
        opening=command.opening_balance,
        movements=moved,
        expected=expected,
        closing=command.closing_balance,
        difference=command.closing_balance - expected,
    )


def _statement(work: Work, command: ImportStatement, account: str) -> StatementRow:
    row = StatementRow(
        id=new_id(),
        tenant=work.tenant,
        account=account,
        number=command.number,
        sha256=command.sha256,
        filename=command.filename,
        opened_on=command.opened_on,
        closed_on=command.closed_on,
        opening_balance=command.opening_balance,
        closing_balance=command.closing_balance,
        imported_at=work.now,
        imported_by=work.actor.username,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _seen(work: Work, account: str, lines: Sequence[BankTransaction]) -> set[str]:
    """Give the keys of movements that are here already, under the same key or told by another format of statement."""
    days = [line.booked_on for line in lines] or [work.today]
    wanted = {line.key for line in lines}
    ours = select(TransactionRow).where(TransactionRow.tenant == work.tenant, TransactionRow.account == account)
    kept = list(work.session.scalars(ours.where(TransactionRow.booked_on.between(min(days), max(days)))))
    amounts = {row.key: row.amount for row in kept if row.key in wanted}
    # The bank may have moved one to another day.
    others = sorted(wanted - amounts.keys())
    for some in (others[at : at + _AT_ONCE] for at in range(0, len(others), _AT_ONCE)):
        found = work.session.execute(
            select(TransactionRow.key, TransactionRow.amount)
            .where(TransactionRow.tenant == work.tenant, TransactionRow.account == account)
            .where(TransactionRow.key.in_(some))
        )
        amounts |= {key: amount for key, amount in found}
    for place, line in enumerate(lines, start=1):
        if amounts.get(line.key, line.amount) != line.amount:
            _refuse("other-amount", movement=place)
    seen = set(amounts)
    # Formats name a movement differently; what both say of it is the same. Each movement stands for one only.
    formats = {_format(key) for key in wanted}
    elsewhere = Counter(_said(row) for row in kept if _format(row.key) not in formats)
    for line in lines:
        if line.key not in seen and elsewhere[_said(line)] > 0:
            elsewhere[_said(line)] -= 1
            seen.add(line.key)
    return seen


def _format(key: str) -> str:
    """Give what wrote a key: `fio:1` → `fio`, ABO writes none."""
    return key.partition(":")[0] if ":" in key else ""


def _said(line: BankTransaction | TransactionRow) -> tuple[object, ...]:
    symbol = line.variable_symbol.lstrip("0")
    return line.booked_on, line.amount, line.counter_account, symbol, line.reversal


def _take(work: Work, statement: StatementRow, line: BankTransaction) -> str:
    """Write a movement and act on it; gives its state."""
    row = TransactionRow(
        id=new_id(),
        tenant=work.tenant,
        statement_id=statement.id,
        account=statement.account,
        key=line.key,
        amount=line.amount,
        currency=line.currency,
        booked_on=line.booked_on,
        counter_account=line.counter_account,
        counter_name=line.counter_name,
        variable_symbol=line.variable_symbol.lstrip("0"),
        constant_symbol=line.constant_symbol,
        specific_symbol=line.specific_symbol,
        message=line.message,
        reversal=line.reversal,
        state="ignored",
    )
    # Our own payments out are nobody's work.
    if row.amount > 0 or row.reversal:
        match(work, row)
    else:
        work.session.add(row)
        work.session.flush()
        if bank_orders.confirm(work, row):
            row.state = "matched"
    return row.state


def match(work: Work, row: TransactionRow) -> None:
    """Let money that came pay its request, or make it the work of a person."""
    wanted = request_of(work, row.variable_symbol)
    taken_back = row.reversal and wanted is not None and unpay(work, wanted, row)
    if row.reversal and row.amount > 0:
        bank_orders.come_back(work, row)
    row.reason = "reversal" if taken_back else _reason(work, row, wanted)
    row.state = "unmatched" if row.reason else "matched"
    row.payment_request_id = wanted.id if wanted and not row.reason else None
    work.session.add(row)
    work.session.flush()
    if wanted and not row.reason:
        pay(work, wanted, row)
    else:
        _ask(work, row, wanted)


def _reason(work: Work, row: TransactionRow, wanted: PaymentRequestRow | None) -> str:
    if row.reversal:
        return "reversal_out" if row.amount > 0 else "reversal_unknown"
    if wanted is None:
        return "unknown_symbol"
    if wanted.state != "open":
        return "already_paid" if wanted.state == "paid" else "cancelled"
    # What came in parts before and was assigned by hand counts: the rest may come exactly.
    return "" if row.amount == wanted.amount - credited(work, wanted) else "wrong_amount"


def _ask(work: Work, row: TransactionRow, wanted: PaymentRequestRow | None) -> None:
    """Send `payment.unmatched`, with which the agenda's process for the treasurer begins."""
    transaction = {
        "id": row.id,
        "amount": row.amount,
        "amount_text": amount_text(row.amount),
        "booked_on": row.booked_on.isoformat(),
        "variable_symbol": row.variable_symbol,
        "counter_account": row.counter_account,
        "counter_name": row.counter_name,
        "message": row.message,
    }
    facts = {
        "name": stray_money.MESSAGE,
        "correlation": {"transaction": row.id},
        "payload": {"transaction": transaction, "reason": row.reason, "candidates": _candidates(work, row)},
        "to": stray_money.receivers(work, wanted),
    }
    work.post("message", facts, message_id=f"{stray_money.MESSAGE}:{row.id}")


def _candidates(work: Work, row: TransactionRow) -> list[Variables]:
    """Requests the money may be meant for: the same symbol, or open with the same amount or a symbol mistyped."""
    same_symbol = PaymentRequestRow.variable_symbol == row.variable_symbol
    near_symbol = PaymentRequestRow.variable_symbol.in_(near(row.variable_symbol))
    alike = ((PaymentRequestRow.amount == row.amount) | near_symbol) & (PaymentRequestRow.state == "open")
    found = work.session.execute(
        select(PaymentRequestRow, InstanceRow)
        .join(InstanceRow, InstanceRow.id == PaymentRequestRow.instance_id)
        .where(PaymentRequestRow.tenant == work.tenant, same_symbol | alike)
        .order_by(same_symbol.desc(), near_symbol.desc(), PaymentRequestRow.created_at)
        .limit(_MOST_CANDIDATES)
    )
    return [
        {
            "variable_symbol": wanted.variable_symbol,
            "amount": wanted.amount,
            "amount_text": amount_text(wanted.amount),
            "purpose": wanted.purpose,
            "state": wanted.state,
            "case": instance.business_key,
            "title": instance.title or instance.applicant_name,
        }
        for wanted, instance in found
    ]
