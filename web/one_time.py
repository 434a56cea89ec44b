"""Codes that work once: of an application in the phone (TOTP, RFC 6238), and on paper for when it is lost."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

#: Steps of thirty seconds before and after now whose codes do as well: clocks of phones differ, people type slowly.
WINDOW = 1
RECOVERY_CODES = 10
#: Easily told apart when written by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
#: Sixteen of 31 letters: 79 bits, which nobody guesses even from their hashes.
LENGTH = 16


def new_secret() -> str:
    """A secret of 160 bits, in base32."""
    return pyotp.random_base32()


def address(secret: str, username: str, office: str) -> str:
    """What the QR code tells the application (otpauth)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=office)


def in_fours(secret: str) -> str:
    """The secret as people copy it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The step of time whose code this is; None where it is none of those that do now."""
    code = re.sub(r"\s", "", typed)
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    steps = [step for step in range(now - WINDOW, now + WINDOW + 1) if strings_equal(totp.generate_otp(step), code)]
    return steps[-1] if steps else None


def is_recovery(typed: str) -> bool:
    """Whether somebody typed a code from paper rather than one of the application."""
    return len(_plain(typed)) == LENGTH


def recovery_codes() -> Iterator[str]:
    """New codes for paper."""
    for _ in range(RECOVERY_CODES):
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        yield "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def hashed(code: str) -> str:
    """What is kept of a code from paper."""
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def _plain(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).casefold()
