"""Builds GPC/ABO lines for tests."""

from __future__ import annotations

SAMPLE = (
    "0740000192000145399OBEC TEST           31012500000000100000+00000000862000+000000000000000000000007620000001010225"
    "              \r\n"
    "0750000192000145399000000126509800100000000000420000007620002202500000100550005580000000000010225OBEC PLATCE      "
    "   01101010225\r\n"
).encode("ascii")


def header(*, opening: int = 100000, closing: int, debit: int = 0, credit: int = 0, **more: str) -> str:
    account = more.get("account", "0000192000145399")
    name = more.get("name", "OBEC TEST")
    number, opened, closed = more.get("number", "001"), more.get("opened", "310125"), more.get("closed", "010225")
    balances = f"{signed(opening)}{signed(closing)}{signed(debit)}{signed(credit)}"
    return f"074{account}{name:20}{opened}{balances}{number}{closed}{'':14}"


def movement(amount: int, *, code: str = "2", vs: str = "2025000001", **more: str) -> str:
    account, counter = more.get("account", "0000192000145399"), more.get("counter", "0000001265098001")
    document, name = more.get("document", "42"), more.get("name", "OBEC PLATCE")
    symbols = f"{vs:0>10}00{more.get('bank', '5500')}{more.get('ks', '0558')}{more.get('ss', ''):0>10}"
    day = more.get("day", "010225")
    return (
        f"075{account}{counter}{document:0>13}{amount:012}{code}{symbols}{day}{name:20}01101{more.get('posted', day)}"
    )


def signed(amount: int) -> str:
    return f"{abs(amount):014}{'-' if amount < 0 else '+'}"


def a_file(*lines: str, encoding: str = "cp1250", end: str = "\r\n") -> bytes:
    return "".join(line + end for line in lines).encode(encoding)


def a_credit(amount: int = 762000, **more: str) -> bytes:
    """A whole statement with one payment received."""
    name = more.pop("name", "OBEC PLATCE")
    return a_file(
        header(closing=100000 + amount, credit=amount, **more), movement(amount, name=name, **more), encoding="cp1250"
    )
