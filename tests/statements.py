"""Bank statements for tests, fields as in chapter 12.2 of the domain: header 074, movements 075."""

from __future__ import annotations


def statement(symbol: str, halere: int, opening: int = 100_000, number: int = 1) -> bytes:
    """A statement of the demo's account with one payment, to it or (below zero) from it."""
    return statement_of([(symbol, halere)], opening, number)


def statement_of(movements: list[tuple[str, int]], opening: int = 100_000, number: int = 1) -> bytes:
    """A statement of the demo's account with payments by symbol, those below zero from it."""
    came = sum(halere for _symbol, halere in movements if halere > 0)
    went = -sum(halere for _symbol, halere in movements if halere < 0)
    balances = f"{opening:014}+{opening + came - went:014}+{went:014}0{came:014}0"
    head = f"0740000192000145399{'OBEC TEST':<20}310526{balances}{number:03}010626"
    lines = [_movement(symbol, halere, 41 + number + 100 * at) for at, (symbol, halere) in enumerate(movements)]
    return "".join(f"{line:<128}\r\n" for line in (head, *lines)).encode("cp1250")


def _movement(symbol: str, halere: int, key: int) -> str:
    line = f"0750000192000145399{'0000001265098001'}{key:013}{abs(halere):012}{2 if halere > 0 else 1}"
    symbols = f"{symbol:0>10}0055000558{0:010}"
    return f"{line}{symbols}010626{'OBEC PLATCE':<20}01101010626"
