"""One line of a GPC/ABO file: fields are cut from bytes first and decoded afterwards, each on its own."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NoReturn

from engine.errors import StatementRefused

LENGTH = 128
#: A town has fewer movements in a year.
MOST_LINES = 200_000

#: Why a statement is refused; the sentences are message ids of the interface.
REASONS = {
    "empty": "The file is empty.",
    "encoding": "The text is in another encoding; a bank writes statements in windows-1250 or CP852.",
    "no-header": "The file does not begin with the header of a statement (074).",
    "short-line": "The line is cut: it has fewer than 128 characters.",
    "long-line": "The header of the statement is longer than 128 characters, so its fields are shifted.",
    "garbage": "The line is no record of a bank statement.",
    "not-digits": "A field that holds only digits in a statement holds something else.",
    "bad-sign": "The sign of an amount is neither plus nor minus.",
    "bad-date": "A date of the line is not in the calendar.",
    "bad-code": "The movement is neither a debit nor a credit nor their reversal.",
    "balance": "The old balance, the turnovers and the new balance do not add up.",
    "enormous": "The file has more in it than a statement ever has.",
    "items": "The movements do not add up to the change of the balance: lines are missing or were changed.",
    "mixed-accounts": "The file mixes movements of several accounts.",
    "other-account": "The statement is of another account than the one kept here.",
}

#: `plain` P1…P6 C0…C9, `internal` C9 C7 C8 C5 C0 C1 C2 C3 C4 C6 P1…P6, as some banks export it.
AccountOrder = Literal["plain", "internal"]
_FROM_INTERNAL = (*range(10, 16), 4, 5, 6, 7, 8, 3, 9, 1, 2, 0)

_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f]")
_CZECH = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ"


def refuse(line: int, reason: str, **facts: object) -> NoReturn:
    """Refuse the whole statement because of a line."""
    raise StatementRefused(
        f"Line {line}: {REASONS[reason]}", line=line, reason=reason, sentence=REASONS[reason], **facts
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A record with its place in the file, counted from 1."""

    number: int
    raw: bytes

    def digits(self, start: int, end: int) -> str:
        """Give a field of digits."""
        field = self.raw[start:end].decode("latin-1")
        if not field.isascii() or not field.isdigit():
            refuse(self.number, "not-digits", field=field, position=start + 1)
        return field

    def amount(self, start: int, end: int, sign: int) -> int:
        """Give haléře with the sign that stands at its own place."""
        mark = self.raw[sign : sign + 1]
        if mark not in {b"+", b"-", b"0", b" "}:
            refuse(self.number, "bad-sign", position=sign + 1)
        return int(self.digits(start, end)) * (-1 if mark == b"-" else 1)

    def day(self, start: int) -> date | None:
        """Give a day written ddmmyy, years 20yy; None for zeros or spaces."""
        field = self.raw[start : start + 6]
        if field in {b"000000", b" " * 6}:
            return None
        digits = self.digits(start, start + 6)
        try:
            return date(2000 + int(digits[4:]), int(digits[2:4]), int(digits[:2]))
        except ValueError:
            refuse(self.number, "bad-date", field=digits, position=start + 1)

    def account(self, start: int, order: AccountOrder) -> str:
        """Give prefix and number as sixteen digits in the usual order."""
        digits = self.digits(start, start + 16)
        return digits if order == "plain" else "".join(digits[place] for place in _FROM_INTERNAL)

    def text(self, start: int, end: int, encoding: str) -> str:
        """Give a text field without its padding."""
        return " ".join(self.raw[start:end].decode(encoding, "replace").split())


def split(content: bytes) -> list[Line]:
    """Cut a file into its records; empty lines and a final DOS end mark are no records."""
    body = _one_byte(content).rstrip(b"\x1a")
    end = b"\n" if b"\n" in body else b"\r"
    kept = [Line(number=n, raw=raw.removesuffix(b"\r")) for n, raw in enumerate(body.split(end), 1) if raw.strip()]
    if not kept:
        refuse(1, "empty")
    if len(kept) > MOST_LINES:
        refuse(kept[MOST_LINES].number, "enormous")
    return kept


def _one_byte(content: bytes) -> bytes:
    """Give the text in a byte a letter, as banks write it, where another program saved it in Unicode.

    Fields are places of characters in it, too; where they are places of bytes, they don't hold what they should.
    """
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig").encode("cp1250")
    except UnicodeError:
        return content


def encoding_of(lines: Sequence[Line]) -> str:
    """Tell windows-1250, CP852 and ISO 8859-2 apart by which gives most Czech letters; refuse anything else."""
    # A picture or an archive under the name of a statement is another thing than a statement in another encoding.
    if not lines[0].raw.replace(b"\0", b"").startswith(b"074"):
        refuse(lines[0].number, "no-header")
    for line in lines:
        if _CONTROL.search(line.raw) or _is_utf8(line.raw):
            refuse(line.number, "encoding")
    high = b"".join(line.raw for line in lines if not line.raw.isascii()).translate(None, bytes(range(0x80)))
    return max(("cp1250", "cp852", "iso8859-2"), key=lambda name: _czech_letters(high, name))


def _is_utf8(raw: bytes) -> bool:
    try:
        return not raw.isascii() and bool(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _czech_letters(high: bytes, encoding: str) -> int:
    return sum(char in _CZECH for char in high.decode(encoding, "replace"))
