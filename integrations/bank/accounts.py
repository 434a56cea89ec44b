"""Czech account numbers and IBAN: `[prefix-]number/bank`, checked as the central bank's decree asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import Invalid

_ACCOUNT = re.compile(r"(?:(?P<prefix>\d{1,6})-)?(?P<number>\d{2,10})(?:/(?P<bank>\d{4}))?", re.ASCII)
_IBAN = re.compile(r"CZ\d{22}", re.ASCII)
#: Weights of the digits from the right: powers of two modulo eleven.
_WEIGHTS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)


class BadAccount(Invalid):
    """The account number is not valid."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A Czech bank account. Prefix and number are without leading zeros."""

    prefix: str = ""
    number: str
    #: Four digits; "" where the source doesn't say.
    bank: str = ""

    def __str__(self) -> str:
        text = f"{self.prefix}-{self.number}" if self.prefix else self.number
        return f"{text}/{self.bank}" if self.bank else text

    @property
    def digits(self) -> str:
        """Prefix and number as sixteen digits, the way statements write them."""
        return self.prefix.zfill(6) + self.number.zfill(10)

    @property
    def iban(self) -> str:
        """The same account as IBAN; needs the bank."""
        if not self.bank:
            raise BadAccount("An IBAN needs the code of the bank.")
        basic = self.bank + self.digits
        # ISO 7064 mod 97-10: letters count from ten, so CZ is 12 35, and 00 stands for the check digits.
        return f"CZ{98 - int(basic + '123500') % 97:02}{basic}"

    @property
    def valid(self) -> bool:
        """Prefix and number each pass the weighted sum modulo eleven."""
        return _passes(self.prefix) and _passes(self.number) and int(self.number) > 0


def parse_account(text: str) -> Account:
    """Read `19-2000145399/0800`; the bank may be missing. Raises BadAccount."""
    found = _ACCOUNT.fullmatch(re.sub(r"\s", "", text))
    if not found:
        raise BadAccount(account=text)
    account = Account(
        prefix=(found["prefix"] or "").lstrip("0"), number=found["number"].lstrip("0") or "0", bank=found["bank"] or ""
    )
    if not account.valid:
        raise BadAccount(account=text)
    return account


def account_of_digits(digits: str, bank: str = "") -> Account:
    """Make an account of the sixteen digits of a statement; nothing is checked."""
    return Account(prefix=digits[:6].lstrip("0"), number=digits[6:].lstrip("0") or "0", bank=bank)


def account_of_iban(text: str) -> Account:
    """Read a Czech IBAN. Raises BadAccount."""
    iban = re.sub(r"\s", "", text).upper()
    if not _IBAN.fullmatch(iban) or int(iban[4:] + "1235" + iban[2:4]) % 97 != 1:
        raise BadAccount(account=text)
    return account_of_digits(iban[8:], iban[4:8])


def _passes(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(reversed(digits), _WEIGHTS, strict=False)) % 11 == 0
