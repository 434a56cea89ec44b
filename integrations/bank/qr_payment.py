"""QR Platba: the Czech payment descriptor SPD 1.0, written and read."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import unquote

from engine.errors import Invalid

HEADER = "SPD*1.0"
MAX_AMOUNT = 999_999_999
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{4,30}(\+[A-Z0-9]{8}([A-Z0-9]{3})?)?")


class BadPaymentCode(Invalid):
    """The payment descriptor is not a valid SPD 1.0."""


def _text(limit: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= limit


def _digits(limit: int) -> Callable[[str], bool]:
    return lambda value: bool(re.fullmatch(rf"\d{{1,{limit}}}", value))


def _amount(value: str) -> bool:
    return bool(re.fullmatch(r"\d{1,7}(\.\d{1,2})?|\d{1,7}\.", value)) and value.strip("0.") != ""


def _day(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{8}", value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _accounts(value: str) -> bool:
    return len(value) <= 93 and value.count(",") < 2 and all(_IBAN.fullmatch(part) for part in value.split(","))


def _retries(value: str) -> bool:
    return bool(re.fullmatch(r"\d{1,2}", value)) and int(value) <= 30


#: What a value of a key must be like.
RULES: Mapping[str, Callable[[str], bool]] = {
    "ACC": lambda value: bool(_IBAN.fullmatch(value)),
    "ALT-ACC": _accounts,
    "AM": _amount,
    "CC": lambda value: bool(re.fullmatch(r"[A-Z]{3}", value)),
    "RF": _digits(16),
    "RN": _text(40),
    "DT": _day,
    "PT": _text(3),
    "MSG": _text(60),
    "NT": lambda value: value in {"E", "P"},
    "NTA": _text(320),
    "CRC32": lambda value: bool(re.fullmatch(r"[0-9A-Fa-f]{8}", value)),
    "X-PER": _retries,
    "X-VS": _digits(10),
    "X-SS": _digits(10),
    "X-KS": _digits(10),
    "X-ID": _text(20),
    "X-URL": _text(140),
}


def build_payment(attributes: Mapping[str, str], *, crc: bool = False) -> str:
    """Write a descriptor of attributes in their order, ACC first. Raises BadPaymentCode."""
    _check(attributes)
    pairs = [("ACC", attributes["ACC"]), *((key, value) for key, value in attributes.items() if key != "ACC")]
    text = "*".join([HEADER, *(f"{key}:{_escaped(value)}" for key, value in pairs)])
    return f"{text}*CRC32:{checksum(attributes)}" if crc else text


def payment_code(  # noqa: PLR0913 - the fields of a payment
    iban: str,
    amount: int,
    *,
    variable_symbol: str = "",
    constant_symbol: str = "",
    due_on: date | None = None,
    message: str = "",
    recipient: str = "",
) -> str:
    """Write the descriptor of a payment in CZK, the amount in haléře, texts made fit for the smallest code."""
    if not 0 < amount <= MAX_AMOUNT:
        raise BadPaymentCode(key="AM")
    attributes = {
        "ACC": iban.replace(" ", ""),
        "AM": f"{amount // 100}.{amount % 100:02}",
        "CC": "CZK",
        "DT": due_on.strftime("%Y%m%d") if due_on else "",
        "MSG": plain(message)[:60].rstrip(),
        "RN": plain(recipient)[:35].rstrip(),
        "X-VS": variable_symbol,
        "X-KS": constant_symbol,
    }
    return build_payment({key: value for key, value in attributes.items() if value})


def parse_payment(text: str) -> dict[str, str]:
    """Read a descriptor, keys in any order, the last `*` or not. Raises BadPaymentCode."""
    parts = text.strip().removesuffix("*").split("*")
    if len(parts) < 3 or parts[0] != "SPD" or not re.fullmatch(r"1\.\d{1,2}", parts[1]):
        raise BadPaymentCode(key="SPD")
    attributes: dict[str, str] = {}
    for part in parts[2:]:
        key, colon, value = part.partition(":")
        if not colon or key in attributes:
            raise BadPaymentCode(key=key)
        attributes[key] = unquote(value)
    _check(attributes)
    if "CRC32" in attributes and attributes["CRC32"].upper() != checksum(attributes):
        raise BadPaymentCode(key="CRC32")
    return attributes


def checksum(attributes: Mapping[str, str]) -> str:
    """Give CRC-32 over the attributes sorted by key, the checksum itself left out, in upper-case hex."""
    pairs = [f"{key}:{_escaped(value)}" for key, value in sorted(attributes.items()) if key != "CRC32"]
    return f"{zlib.crc32('*'.join([HEADER, *pairs]).encode('utf-8')):08X}"


def plain(text: str) -> str:
    """Give a text in the characters that the smallest QR code can hold: capitals without accents."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").upper()
    return re.sub(r"\s+", " ", re.sub(r"[^0-9A-Z $%*+\-./:]", " ", folded)).strip()


def _check(attributes: Mapping[str, str]) -> None:
    if "ACC" not in attributes:
        raise BadPaymentCode(key="ACC")
    for key, value in attributes.items():
        rule = RULES.get(key)
        if (rule is None and not re.fullmatch(r"X-[A-Z0-9-]+", key)) or (rule and not rule(value)):
            raise BadPaymentCode(key=key)


def _escaped(value: str) -> str:
    kept = "".join(_percent(char) if char in "%*" or not " " <= char <= "~" else char for char in value)
    return kept.strip()


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8"))
