"""Bank statements in the GPC/ABO format: header 074, movements 075, both of 128 bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

from engine.banking import BankTransaction
from integrations.bank.abo_line import LENGTH, AccountOrder, Line, encoding_of, refuse, split
from integrations.bank.accounts import Account, account_of_digits, parse_account
from integrations.bank.statement import Statement, with_keys

#: Code of a movement → the sign of its amount, and whether it takes an earlier one back.
_CODES = {b"1": (-1, False), b"2": (1, False), b"4": (1, True), b"5": (-1, True)}
#: Extended files continue behind the basic record with four texts of 35 characters.
_EXTENDED_END = LENGTH + 4 * 35
#: Some banks add more behind.
_LONGEST = 1_000


def parse_statements(content: bytes, *, own: Sequence[str] = (), order: AccountOrder | None = None) -> list[Statement]:
    """Read the statements of a file, all of one account; mostly there is just one.

    `own` are the accounts kept here (`19-2000145399/0800`); with them a statement of another account is refused and
    the internal order of digits is recognised. Raises StatementRefused with the facts line, reason, sentence.
    """
    lines = split(content)
    encoding = encoding_of(lines)
    sections = list(_sections(lines))
    account, order = _account(sections[0][0], own, order)
    return [_statement(section, account, order, encoding) for section in sections]


def _sections(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Give each header with its movements; records of other kinds belong to banks and say nothing we need."""
    section: list[Line] = []
    for line in lines:
        _check_shape(line, first=not section)
        kind = line.raw[:3]
        if kind == b"074" and section:
            yield section
            section = []
        if kind in {b"074", b"075"}:
            section.append(line)
    yield section


def _check_shape(line: Line, *, first: bool) -> None:
    kind = line.raw[:3]
    if first and kind != b"074":
        refuse(line.number, "no-header")
    if not kind.isdigit():
        refuse(line.number, "garbage")
    if kind in {b"074", b"075"} and len(line.raw) < LENGTH:
        refuse(line.number, "short-line")
    if len(line.raw) > _LONGEST:
        refuse(line.number, "garbage")
    if kind == b"074" and len(line.raw) > LENGTH:
        refuse(line.number, "long-line")


def _account(header: Line, own: Sequence[str], order: AccountOrder | None) -> tuple[Account, AccountOrder]:
    """Find out whose the statement is and how it writes accounts."""
    if not own:
        order = order or "plain"
        return account_of_digits(header.account(3, order)), order
    kept = {account.digits: account for account in map(parse_account, own)}
    orders: tuple[AccountOrder, ...] = (order,) if order else ("plain", "internal")
    for candidate in orders:
        if account := kept.get(header.account(3, candidate)):
            return account, candidate
    refuse(header.number, "other-account", account=str(account_of_digits(header.account(3, orders[0]))))


def _statement(section: Sequence[Line], account: Account, order: AccountOrder, encoding: str) -> Statement:
    header, movements = section[0], section[1:]
    for line in section:
        if line.account(3, order) != account.digits:
            refuse(line.number, "mixed-accounts")
    opened_on, closed_on = header.day(39), header.day(108)
    if opened_on is None or closed_on is None or closed_on < opened_on:
        refuse(header.number, "bad-date")
    items = [_transaction(line, order, encoding, closed_on) for line in movements]
    opening, closing = _balances(header, sum(item.amount for item in items))
    return Statement(
        account=account,
        holder=header.text(19, 39, encoding),
        number=header.digits(105, 108).lstrip("0") or "0",
        opened_on=opened_on,
        closed_on=closed_on,
        opening_balance=opening,
        closing_balance=closing,
        sha256=hashlib.sha256(b"\n".join(line.raw for line in section)).hexdigest(),
        transactions=with_keys(items),
    )


def _balances(header: Line, moved: int) -> tuple[int, int]:
    """Give the old and new balance once everything adds up."""
    opening, closing = header.amount(45, 59, 59), header.amount(60, 74, 74)
    debit, credit = header.amount(75, 89, 89), header.amount(90, 104, 104)
    if opening + credit - debit != closing:
        refuse(header.number, "balance")
    if opening + moved != closing:
        refuse(header.number, "items", expected=closing - opening, found=moved)
    return opening, closing


def _transaction(line: Line, order: AccountOrder, encoding: str, closed_on: date) -> BankTransaction:
    code = line.raw[60:61]
    if code not in _CODES:
        refuse(line.number, "bad-code")
    sign, reversal = _CODES[code]
    symbols = line.digits(71, 81)
    counter = account_of_digits(line.account(19, order), symbols[2:6])
    constant = symbols[6:]
    valued_on, posted_on = line.day(91), line.day(122)
    return BankTransaction(
        # The document's number, made unique by with_keys.
        key=line.text(35, 48, encoding),
        amount=sign * int(line.digits(48, 60)),
        currency="CZK",
        booked_on=posted_on or valued_on or closed_on,
        counter_account="" if counter.number == "0" else str(counter),
        counter_name=line.text(97, 117, encoding),
        variable_symbol=line.digits(61, 71).lstrip("0"),
        constant_symbol=constant if constant.strip("0") else "",
        specific_symbol=line.digits(81, 91).lstrip("0"),
        message=line.text(LENGTH, _EXTENDED_END, encoding),
        reversal=reversal,
    )
