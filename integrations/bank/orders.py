"""Files of orders for the bank: ABO (KPC), the domestic text file, and pain.001, ISO 20022 as Czech banks take it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from engine.errors import Invalid
from integrations.bank.accounts import Account, parse_account
from integrations.bank.qr_payment import plain

Format = Literal["abo", "pain.001"]
#: Places for the haléře of one item, and of the sum of a file.
MOST_OF_ITEM, MOST_OF_FILE = 10**12 - 1, 10**14 - 1
MOST_ITEMS = 10_000
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
_SYMBOL = re.compile(r"[0-9]{0,10}")
#: What ISO 20022 banks of Europe promise to carry.
_LATIN = re.compile(r"[^0-9A-Za-z/\-?:().,'+ ]")


class BadOrder(Invalid):
    """The orders make no file a bank would take."""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One payment out. The amount in haléře, symbols without leading zeros."""

    #: Ours, unique in the file; comes back in the statement as EndToEndId.
    id: str
    account: str
    name: str
    amount: int
    variable_symbol: str = ""
    constant_symbol: str = ""
    specific_symbol: str = ""
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderFile:
    """Payments of one account on one day."""

    #: Number of the file, unique with the payer.
    number: str
    payer: str
    #: `19-2000145399/0800`
    account: str
    due_on: date
    made_at: datetime
    payments: Sequence[Payment]
    #: Number the bank gave the client for ABO files.
    client: str = "0"

    @property
    def total(self) -> int:
        """The sum in haléře."""
        return sum(one.amount for one in self.payments)


def write_orders(orders: OrderFile, form: Format) -> bytes:
    """Write the file. Raises BadOrder with the payment that makes it impossible."""
    _check(orders)
    return abo(orders) if form == "abo" else pain_001(orders)


def abo(orders: OrderFile) -> bytes:
    """Write ABO as banks call it KPC: a header, one group of one account, items; CR LF, plain ASCII."""
    ours = parse_account(orders.account)
    client = re.sub(r"\D", "", orders.client)[-10:].zfill(10)
    lines = [
        f"UHL1{orders.made_at:%d%m%y}{plain(orders.payer)[:20]:<20}{client}001999000000000000",
        # 1501: payments; file 001, branch 000, and the payer's bank.
        f"1 1501 001000 {ours.bank}",
        f"2 {_dashed(ours)} {orders.total:015} {orders.due_on:%d%m%y}",
        *(_item(one) for one in orders.payments),
        "3 +",
        "5 +",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def pain_001(orders: OrderFile) -> bytes:
    """Write pain.001.001.03 with counts and sums in both headers."""
    ours = parse_account(orders.account)
    root = Element("Document", xmlns=NAMESPACE)
    initiation = SubElement(root, "CstmrCdtTrfInitn")
    header = SubElement(initiation, "GrpHdr")
    _text(header, "MsgId", orders.number[:35])
    _text(header, "CreDtTm", f"{orders.made_at:%Y-%m-%dT%H:%M:%S}")
    _sums(header, orders)
    _text(SubElement(header, "InitgPty"), "Nm", _latin(orders.payer, 70))
    batch = SubElement(initiation, "PmtInf")
    _text(batch, "PmtInfId", orders.number[:35])
    _text(batch, "PmtMtd", "TRF")
    _sums(batch, orders)
    _text(batch, "ReqdExctnDt", orders.due_on.isoformat())
    _text(SubElement(batch, "Dbtr"), "Nm", _latin(orders.payer, 70))
    _account(batch, "Dbtr", ours, agent_first=False)
    _text(batch, "ChrgBr", "SLEV")
    for one in orders.payments:
        _transfer(batch, one)
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _check(orders: OrderFile) -> None:
    if not orders.payments or len(orders.payments) > MOST_ITEMS:
        raise BadOrder(f"A file holds 1 to {MOST_ITEMS} payments, not {len(orders.payments)}.")
    if not parse_account(orders.account).bank:
        raise BadOrder("The payer's account needs the code of its bank.")
    if len({one.id for one in orders.payments}) != len(orders.payments):
        raise BadOrder("A payment is in the file twice.")
    for place, one in enumerate(orders.payments, start=1):
        if problem := _problem(one):
            raise BadOrder(f"Payment {place}: {problem}")
    if orders.total > MOST_OF_FILE:
        raise BadOrder("The sum is more than a file can say.")


def _problem(one: Payment) -> str | None:
    symbols = (one.variable_symbol, one.constant_symbol, one.specific_symbol)
    if not parse_account(one.account).bank:
        return f"the account {one.account} has no code of its bank."
    if not 0 < one.amount <= MOST_OF_ITEM:
        return "the amount can't be ordered."
    if not all(_SYMBOL.fullmatch(symbol) for symbol in symbols) or len(one.constant_symbol) > 4:
        return "a symbol is none."
    return None


def _item(one: Payment) -> str:
    account = parse_account(one.account)
    message = plain(one.message)
    # The constant symbol follows the bank in one field: BBBBKKKK.
    fields = [
        _dashed(account),
        f"{one.amount:012}",
        one.variable_symbol or "0",
        f"{account.bank}{one.constant_symbol.zfill(4)}",
        one.specific_symbol or "0",
    ]
    # A message is cut into lines of 35 by `|`, at most four.
    parts = [message[start : start + 35] for start in range(0, min(len(message), 140), 35)]
    return " ".join([*fields, f"AV:{'|'.join(parts)}" if parts else ""]).rstrip()


def _dashed(account: Account) -> str:
    return f"{account.prefix.zfill(6)}-{account.number.zfill(10)}"


def _transfer(batch: Element, one: Payment) -> None:
    transfer = SubElement(batch, "CdtTrfTxInf")
    ids = SubElement(transfer, "PmtId")
    _text(ids, "InstrId", one.id[:35])
    symbols = {"VS": one.variable_symbol, "SS": one.specific_symbol, "KS": one.constant_symbol}
    said = "".join(f"/{key}/{value}" for key, value in symbols.items() if value)
    _text(ids, "EndToEndId", said or "NOTPROVIDED")
    _text(SubElement(transfer, "Amt"), "InstdAmt", _crowns(one.amount)).set("Ccy", "CZK")
    _account(transfer, "Cdtr", parse_account(one.account), name=_latin(one.name, 70) or "Neuvedeno")
    if message := _latin(one.message, 140):
        _text(SubElement(transfer, "RmtInf"), "Ustrd", message)


def _account(parent: Element, role: str, account: Account, *, agent_first: bool = True, name: str = "") -> None:
    """Write account and bank of a party, in the order the standard has at either end."""

    def agent() -> None:
        bank = SubElement(SubElement(parent, f"{role}Agt"), "FinInstnId")
        member = SubElement(bank, "ClrSysMmbId")
        _text(member, "MmbId", account.bank)

    if agent_first:
        agent()
    if name:
        _text(SubElement(parent, role), "Nm", name)
    _text(SubElement(SubElement(parent, f"{role}Acct"), "Id"), "IBAN", account.iban)
    if not agent_first:
        agent()


def _sums(parent: Element, orders: OrderFile) -> None:
    _text(parent, "NbOfTxs", str(len(orders.payments)))
    _text(parent, "CtrlSum", _crowns(orders.total))


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = text
    return element


def _crowns(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def _latin(text: str, limit: int) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(_LATIN.sub(" ", folded).split())[:limit].strip("/ ")
