"""Passwords, kept as argon2id hashes."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
#: Longer ones only burn our time.
MAX_LENGTH = 1024
#: A new one has at least as many characters.
MIN_LENGTH = 12


def hash_password(password: str) -> str:
    """The hash to store."""
    return HASHER.hash(password)


@cache
def nobody() -> str:
    """A hash no password fits: checked for unknown names, so that they take as long as known ones."""
    return HASHER.hash("\x00nobody")


def password_fits(stored: str | None, password: str) -> bool:
    """Whether this is the password. Takes the same time where there is none stored."""
    try:
        fits = HASHER.verify(stored or nobody(), password[:MAX_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def weakness(password: str, *known: str) -> str:
    """Say what is wrong with a new password: `short`, `long`, or `known`; "" = nothing.

    Known: little but the person's own names, or a few characters over and over. Otherwise length alone counts, as NIST
    SP 800-63B has it; no kind of character is asked for.
    """
    if len(password) < MIN_LENGTH:
        return "short"
    if len(password) > MAX_LENGTH:
        return "long"
    plain = password.casefold()
    rest = plain
    for word in known:
        rest = rest.replace(word.casefold(), "") if len(word) >= 3 else rest
    own = len(rest) < len(plain) and len(rest) < MIN_LENGTH // 2
    return "known" if own or len(set(plain)) < 4 else ""
