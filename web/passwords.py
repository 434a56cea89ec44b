"""Passwords, kept as argon2id hashes."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
#: Longer ones only burn our time.
MAX_LENGTH = 1024


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
