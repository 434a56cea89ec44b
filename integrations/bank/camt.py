"""Statements camt.053 (ISO 20022), whatever their version: elements are found by their local names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NoReturn

from lxml import etree

from engine.banking import BankTransaction
from integrations.bank.accounts import Account, BadAccount, account_of_iban, parse_account
from integrations.bank.statement import Statement, check_account, check_sum, refuse, with_keys

MAX_BYTES = 20 << 20
MOST_ENTRIES = 200_000
#: Symbols as Czech banks write them into references: `VS:123/SS:4`, `/VS/123/KS/0308`.
_SYMBOLS = re.compile(r"(?<![A-Z])(VS|SS|KS)[:/]?\s*(\d{1,10})(?!\d)")
_SYMBOL_NAMES = ("VS", "SS", "KS")
_MOST = Decimal(10) ** 11
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{0,17})?|\.[0-9]{1,17}")
_SIGNS = {"CRDT": 1, "DBIT": -1}
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
Element = etree._Element


def parse_camt(content: bytes, *, own: Sequence[str] = ()) -> list[Statement]:
    """Read the statements of a file, all of them or none. Raises StatementRefused with the line and the reason."""
    if len(content) > MAX_BYTES:
        refuse("enormous")
    if re.search(rb"<!\s*DOCTYPE|<!\s*ENTITY", content.replace(b"\0", b"")):
        refuse("doctype")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        refuse("no-xml", line=error.lineno or 1)
    except ValueError:
        refuse("no-xml", line=1)
    if getattr(root.getroottree().docinfo, "doctype", ""):
        refuse("doctype")
    found = list(_all(root, "BkToCstmrStmt", "Stmt"))
    if _name(root) != "Document" or not found:
        refuse("no-camt", line=1)
    return [_statement(one, own) for one in found]


def _statement(stmt: Element, own: Sequence[str]) -> Statement:
    account = _account(stmt)
    check_account(account, own, _line(stmt))
    entries = [entry for entry in _all(stmt, "Ntry") if _status(entry) == "BOOK"]
    if len(entries) > MOST_ENTRIES:
        refuse("enormous")
    items = [item for entry in entries for item in _movements(entry)]
    opening, opened_on = _balance(stmt, _OPENING)
    closing, closed_on = _balance(stmt, _CLOSING)
    _check_summary(stmt, entries)
    check_sum(opening, closing, items)
    _check_once(entries)
    opened_on = min([opened_on, closed_on, *(item.booked_on for item in items)])
    facts = [str(account), str(opening), str(closing), str(closed_on), *sorted(map(str, items))]
    return Statement(
        account=account,
        holder=_text(stmt, "Acct", "Ownr", "Nm"),
        number=(_text(stmt, "ElctrncSeqNb") or _text(stmt, "LglSeqNb") or _text(stmt, "Id"))[:20] or "0",
        opened_on=opened_on,
        closed_on=closed_on,
        opening_balance=opening,
        closing_balance=closing,
        sha256=hashlib.sha256("\n".join(facts).encode()).hexdigest(),
        transactions=_keyed(items),
    )


def _account(stmt: Element) -> Account:
    iban, other = _text(stmt, "Acct", "Id", "IBAN"), _text(stmt, "Acct", "Id", "Othr", "Id")
    try:
        return account_of_iban(iban) if iban else parse_account(other)
    except BadAccount:
        _field(stmt, "Acct")


def _balance(stmt: Element, codes: Sequence[str]) -> tuple[int, date]:
    """Give a balance and its day; the first of the codes that is there."""
    for code in codes:
        for balance in _all(stmt, "Bal"):
            if _text(balance, "Tp", "CdOrPrtry", "Cd") == code:
                return _signed(balance), _day(balance, "Dt")
    _field(stmt, codes[0])


def _check_summary(stmt: Element, entries: Sequence[Element]) -> None:
    """Where the bank says how many entries there are and what they sum to, it must be so."""
    for kind, sign in (("TtlCdtNtries", 1), ("TtlDbtNtries", -1)):
        summary = next(_all(stmt, "TxsSummry", kind), None)
        if summary is None:
            continue
        amounts = [abs(_signed(entry)) for entry in entries if _SIGNS.get(_text(entry, "CdtDbtInd")) == sign]
        count, total = _text(summary, "NbOfNtries"), next(_all(summary, "Sum"), None)
        if (count and count != str(len(amounts))) or (total is not None and _halere(total) != sum(amounts)):
            refuse("sums", line=_line(summary))


def _check_once(entries: Sequence[Element]) -> None:
    seen: set[str] = set()
    for entry in entries:
        reference = _text(entry, "AcctSvcrRef")
        if reference and reference in seen:
            refuse("repeated", line=_line(entry))
        seen.add(reference)


def _movements(entry: Element) -> Iterator[BankTransaction]:
    """Give the movements of an entry: a collective one by its parts, which must add up.

    Where the bank doesn't say what the parts come to, the entry is one movement, without symbols of any of them.
    """
    parts = list(_all(entry, "NtryDtls", "TxDtls"))
    amount, sign = _signed(entry), _SIGNS[_text(entry, "CdtDbtInd")]
    amounts = [_part_amount(part) for part in parts]
    known = [one for one in amounts if one is not None]
    if len(parts) < 2 or not known:
        yield _movement(entry, parts[0] if len(parts) == 1 else entry, amount, "")
        return
    if len(known) != len(parts) or sum(known) != abs(amount):
        refuse("sums", line=_line(entry))
    for place, (part, one) in enumerate(zip(parts, known, strict=True), start=1):
        yield _movement(entry, part, sign * one, f"/{place}")


def _movement(entry: Element, part: Element, amount: int, suffix: str) -> BankTransaction:
    # The entry's own reference (NtryRef) is a mere order within the statement at some banks and names nothing.
    reference = _text(entry, "AcctSvcrRef") or _text(part, "Refs", "AcctSvcrRef")
    party = "Dbtr" if amount > 0 else "Cdtr"
    reversal = _text(entry, "RvslInd") in ("true", "1")
    if reversal:
        party = "Cdtr" if party == "Dbtr" else "Dbtr"
    message = " ".join(_texts(part, "RmtInf", "Ustrd")) or _text(entry, "AddtlNtryInf")
    symbols = _symbols(part, message)
    return BankTransaction(
        key=f"camt:{reference}{suffix}" if reference else "",
        amount=amount,
        currency="CZK",
        booked_on=_day(entry, "ValDt" if next(_all(entry, "BookgDt"), None) is None else "BookgDt"),
        counter_account=_counter(part, party),
        counter_name=(_text(part, "RltdPties", party, "Nm") or _text(part, "RltdPties", party, "Pty", "Nm"))[:100],
        variable_symbol=symbols.get("VS", "").lstrip("0"),
        constant_symbol=symbols.get("KS", ""),
        specific_symbol=symbols.get("SS", "").lstrip("0"),
        message=message[:500],
        reversal=reversal,
    )


def _symbols(part: Element, message: str) -> dict[str, str]:
    """Give the symbols, references first and what the payer wrote last."""
    places = [
        _text(part, "Refs", "EndToEndId"),
        *(_typed(reference) for reference in _all(part, "RmtInf", "Strd", "CdtrRefInf")),
        _text(part, "Refs", "InstrId"),
        message,
    ]
    found: dict[str, str] = {}
    for place in places:
        for name, digits in _SYMBOLS.findall(place.upper()):
            found.setdefault(name, digits)
    return found


def _typed(reference: Element) -> str:
    """Give a reference with the name of its symbol, which some banks write beside it: type VS, reference 123."""
    name, text = _text(reference, "Tp", "CdOrPrtry", "Prtry").upper(), _text(reference, "Ref")
    return f"{name}:{text}" if name in _SYMBOL_NAMES and text.isdigit() else text


def _keyed(items: Sequence[BankTransaction]) -> list[BankTransaction]:
    """Movements without a reference of the bank are named by what they say."""
    named = iter(with_keys([item for item in items if not item.key]))
    return [item if item.key else next(named) for item in items]


def _counter(part: Element, party: str) -> str:
    iban = _text(part, "RltdPties", f"{party}Acct", "Id", "IBAN")
    other = _text(part, "RltdPties", f"{party}Acct", "Id", "Othr", "Id")
    try:
        return str(account_of_iban(iban)) if iban else str(parse_account(other)) if other else ""
    except BadAccount:
        # An account abroad.
        return (iban or other)[:40]


def _part_amount(part: Element) -> int | None:
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt")):
        found = next(_all(part, *path), None)
        if found is not None:
            return _halere(found)
    return None


def _signed(holder: Element) -> int:
    amount, sign = next(_all(holder, "Amt"), None), _SIGNS.get(_text(holder, "CdtDbtInd"))
    if amount is None or sign is None:
        _field(holder, "Amt")
    if amount.get("Ccy") != "CZK":
        refuse("currency", line=_line(amount))
    return sign * _halere(amount)


def _halere(element: Element) -> int:
    text = (element.text or "").strip()
    if not _AMOUNT.fullmatch(text) or (amount := Decimal(text)) > _MOST or amount * 100 % 1:
        _field(element, "Amt")
    return int(amount * 100)


def _day(holder: Element, name: str) -> date:
    text = _text(holder, name, "Dt") or _text(holder, name, "DtTm")
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        _field(holder, name)


def _status(entry: Element) -> str:
    return _text(entry, "Sts", "Cd") or _text(entry, "Sts") or "BOOK"


def _field(element: Element, name: str) -> NoReturn:
    refuse("field", line=_line(element), field=name)


def _line(element: Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None


def _all(element: Element, *path: str) -> Iterator[Element]:
    """Give descendants along local names, in any namespace."""
    if not path:
        yield element
        return
    for child in element:
        if _name(child) == path[0]:
            yield from _all(child, *path[1:])


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _texts(element: Element, *path: str) -> list[str]:
    return [" ".join((found.text or "").split()) for found in _all(element, *path)]


def _text(element: Element, *path: str) -> str:
    return next(iter(_texts(element, *path)), "")
