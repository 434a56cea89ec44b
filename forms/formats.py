"""Czech formats: what is right, how it is stored and how it is shown.

A value is right when it is the stored (canonical) spelling and its checksum holds; what people type is brought to that
spelling first, so "051 29 061" and "5129061" both end as "05129061".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import ean as gs1
from stdnum.cz import dic as cz_dic
from stdnum.cz import rc as cz_rc
from stdnum.exceptions import ValidationError

from forms import dates, money

NBSP = "\u00a0"
_BLANK = re.compile(r"\s+")


def _same(text: str) -> str:
    return text


def _tight(text: str) -> str:
    return _BLANK.sub("", text)


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format: `right` judges the stored spelling, `tidy` makes it of what was typed, `show` is for reading.

    `english` and `tidy_english` are the same on English pages, where that differs.
    """

    right: Callable[[str], bool]
    tidy: Callable[[str], str] = _same
    show: Callable[[str], str] = _same
    english: Callable[[str], str] | None = None
    tidy_english: Callable[[str], str] | None = None
    example: str = ""
    width: str = ""
    input_mode: str = ""
    input_type: str = "text"
    autocomplete: str = ""

    def shown(self, text: str, lang: str) -> str:
        """Give a stored value as people of a language read it."""
        return (self.english or self.show)(text) if lang == "en" else self.show(text)

    def typed(self, text: str, lang: str) -> str:
        """Give the stored spelling of what was typed on a page in a language."""
        return (self.tidy_english or self.tidy)(text) if lang == "en" else self.tidy(text)


def is_ico(text: str) -> bool:
    """Check the organisation number: weights 8 to 2, modulo 11."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, range(8, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(text[7])


def _tidy_ico(text: str) -> str:
    digits = _tight(text)
    return digits.zfill(8) if re.fullmatch(r"[0-9]{6,8}", digits) else digits


def _show_ico(text: str) -> str:
    return f"{text[:3]}{NBSP}{text[3:5]}{NBSP}{text[5:]}" if len(text) == 8 else text


def is_dic(text: str) -> bool:
    """Check the tax number: CZ and an organisation's or a person's number (or another form the tax office gives)."""
    if not re.fullmatch(r"CZ[0-9]{8,10}", text):
        return False
    return is_ico(text[2:]) or cz_dic.is_valid(text)


_ACCOUNT = re.compile(r"(?:([0-9]{1,6})-)?([0-9]{2,10})/([0-9]{4})")
_WEIGHTS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)


def _mod_11(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(reversed(digits), _WEIGHTS, strict=False)) % 11 == 0


def is_account(text: str) -> bool:
    """Check a Czech account [prefix-]number/bank: prefix and number are each divisible by 11 when weighted."""
    found = _ACCOUNT.fullmatch(text)
    if not found or text != _tidy_account(text) or int(found[2]) == 0:
        return False
    return _mod_11(found[1] or "") and _mod_11(found[2])


def _tidy_account(text: str) -> str:
    found = _ACCOUNT.fullmatch(_tight(text))
    if not found:
        return _tight(text)
    prefix, number, bank = (found[1] or "").lstrip("0"), found[2].lstrip("0").zfill(2), found[3]
    return f"{prefix}-{number}/{bank}" if prefix else f"{number}/{bank}"


def is_iban(text: str) -> bool:
    """Check an IBAN of any country; of a Czech one the national account number too."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", text):
        return False
    try:
        IBAN(text)
    except SchwiftyException:
        return False
    return not text.startswith("CZ") or (_mod_11(text[8:14]) and _mod_11(text[14:24]))


def _in_fours(text: str) -> str:
    return NBSP.join(text[start : start + 4] for start in range(0, len(text), 4))


def is_birth_number(text: str) -> bool:
    """Check a birth number without its slash: a real date, and modulo 11 where it has ten digits."""
    if not re.fullmatch(r"[0-9]{9,10}", text):
        return False
    try:
        cz_rc.validate(text)
    except ValidationError:
        return False
    return True


def _show_birth_number(text: str) -> str:
    return f"{text[:6]}/{text[6:]}"


def is_ean(text: str) -> bool:
    """Check the number of an electricity supply point: 18 digits, GS1 check digit."""
    return bool(re.fullmatch(r"[0-9]{18}", text)) and gs1.calc_check_digit(text[:-1]) == text[-1]


def is_eic(text: str) -> bool:
    """Check an energy identification code: 15 characters weighted 16 to 2 and a check character, modulo 37."""
    if not re.fullmatch(r"[0-9A-Z-]{15}[0-9A-Z]", text):
        return False
    total = sum(_eic_value(char) * weight for char, weight in zip(text[:15], range(16, 1, -1), strict=True))
    return 36 - (total - 1) % 37 == _eic_value(text[15])


def _eic_value(char: str) -> int:
    return 36 if char == "-" else int(char, 36)


def _tidy_phone(text: str) -> str:
    digits = re.sub(r"[\s()./-]", "", text)
    if digits.startswith("00"):
        return "+" + digits[2:]
    return f"+420{digits}" if re.fullmatch(r"[1-9][0-9]{8}", digits) else digits


def _show_phone(text: str) -> str:
    if re.fullmatch(r"\+42[01][0-9]{9}", text):
        return NBSP.join((text[:4], text[4:7], text[7:10], text[10:]))
    return text


_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_URI = re.compile(r"[a-z][a-z0-9+.-]{1,20}:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?:[/?#]\S*)?", re.IGNORECASE)
#: Addresses that would run in the reader's browser are not an answer.
_UNWANTED_SCHEMES = ("javascript:", "data:", "vbscript:", "file:")


def _is_email(text: str) -> bool:
    return len(text) <= 254 and bool(_EMAIL.fullmatch(text)) and ".." not in text


def _is_uri(text: str) -> bool:
    return len(text) <= 2000 and bool(_URI.fullmatch(text)) and not text.lower().startswith(_UNWANTED_SCHEMES)


def _tidy_uri(text: str) -> str:
    return "https://" + text.strip() if _DOMAIN.fullmatch(text.strip()) else text.strip()


def _is_file(text: str) -> bool:
    return 0 < len(text) <= 200


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: bool(compiled.fullmatch(text))


def _upper(text: str) -> str:
    return _tight(text).upper()


FORMATS: dict[str, Format] = {
    "cz-ico": Format(
        right=is_ico, tidy=_tidy_ico, show=_show_ico, example="05129061", width="w-s", input_mode="numeric"
    ),
    "cz-dic": Format(right=is_dic, tidy=_upper, example="CZ05129061", width="w-m"),
    "cz-account": Format(right=is_account, tidy=_tidy_account, example="19-2000145399/0800", width="w-m"),
    "iban": Format(right=is_iban, tidy=_upper, show=_in_fours, example="CZ65 0800 0000 1920 0014 5399", width="w-l"),
    "cz-postal-code": Format(
        right=_matches(r"[1-9][0-9]{4}"),
        tidy=_tight,
        show=lambda text: f"{text[:3]}{NBSP}{text[3:]}",
        example="512 44",
        width="w-s",
        input_mode="numeric",
        autocomplete="postal-code",
    ),
    "cz-databox": Format(
        right=_matches(r"[a-z0-9]{7}"), tidy=lambda text: _tight(text).lower(), example="whbt3kp", width="w-s"
    ),
    "cz-birth-number": Format(
        right=is_birth_number,
        tidy=lambda text: _tight(text).replace("/", ""),
        show=_show_birth_number,
        example="710319/2745",
        width="w-m",
        input_mode="numeric",
    ),
    "phone": Format(
        right=_matches(r"\+[1-9][0-9]{6,14}"),
        tidy=_tidy_phone,
        show=_show_phone,
        example="601 234 567",
        width="w-m",
        input_type="tel",
        autocomplete="tel",
    ),
    "ean": Format(right=is_ean, tidy=_tight, example="859182400000000005", width="w-m", input_mode="numeric"),
    "eic": Format(right=is_eic, tidy=_upper, example="27ZG600Z0000001Y", width="w-m"),
    "email": Format(
        right=_is_email,
        tidy=str.strip,
        example="jana@mesto.cz",
        width="w-l",
        input_type="email",
        autocomplete="email",
    ),
    "uri": Format(right=_is_uri, tidy=_tidy_uri, example="https://www.mesto.cz", width="w-l", input_type="url"),
    "money": Format(
        right=money.is_stored,
        tidy=money.tidy,
        show=money.show,
        english=money.show_english,
        tidy_english=money.tidy_english,
        example=f"7{NBSP}620,00",
        width="w-m",
        input_mode="decimal",
    ),
    "date": Format(
        right=dates.is_date,
        tidy=dates.tidy_date,
        show=dates.show_date,
        english=dates.show_date_english,
        example="1. 7. 2027",
        width="w-m",
    ),
    "time": Format(right=dates.is_time, tidy=dates.tidy_time, show=dates.show_time, example="14:30", width="w-s"),
    "date-time": Format(
        right=dates.is_moment,
        tidy=dates.tidy_moment,
        show=dates.show_moment,
        english=dates.show_moment_english,
        example="1. 7. 2027 14:30",
        width="w-m",
    ),
    "file": Format(right=_is_file),
}


def is_right(name: str, text: str) -> bool:
    """Say whether a text is right in a format; formats that nobody here knows are left alone."""
    known = FORMATS.get(name)
    return known is None or known.right(text)
