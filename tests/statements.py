"""Bank statements for tests, fields as in chapter 12.2 of the domain: header 074, one movement 075."""

from __future__ import annotations


def statement(symbol: str, halere: int, opening: int = 100_000, number: int = 1) -> bytes:
    """A statement of the demo's account with one payment."""
    balances = f"{opening:014}+{opening + halere:014}+{0:014}0{halere:014}0"
    head = f"0740000192000145399{'OBEC TEST':<20}310526{balances}{number:03}010626"
    symbols = f"{symbol:0>10}0055000558{0:010}"
    movement = f"0750000192000145399{'0000001265098001'}{41 + number:013}{halere:012}2"
    line = f"{movement}{symbols}010626{'OBEC PLATCE':<20}01101010626"
    return f"{head:<128}\r\n{line:<128}\r\n".encode("cp1250")
