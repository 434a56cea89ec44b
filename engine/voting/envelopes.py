"""Sealed ballots: what lies in the database while a vote lasts tells nothing without the key of the installation."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import Invalid

#: Letters and digits that can't be taken for one another, as on a printed letter.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Contents are filled up to a multiple of so many bytes: their length doesn't tell how many options were marked.
_STEP = 512
_NONCE = 12


class WrongKey(Invalid):
    """The ballots were sealed with another key of the installation (RADNICE_SECRET_KEY); put the former one back."""


def no_ballot_key() -> bytes:
    """Refuse votes: an engine that was given no key would seal ballots with one that everybody knows."""
    raise Invalid("This engine has no key for ballots.", code="no-ballot-key")


class PollKey:
    """The key of one vote, derived from the installation's; it is never stored."""

    def __init__(self, installation: bytes, tenant: str, poll: str) -> None:
        root = hmac.new(installation, f"radnice-vote:{tenant}:{poll}".encode(), sha256).digest()
        self._marks, sealing = (hmac.new(root, use, sha256).digest() for use in (b"marks", b"sealing"))
        self._cipher = AESGCM(sealing)

    @property
    def check(self) -> str:
        """Tells one key from another, and nothing about it."""
        return self.mark("check", "")

    def mark(self, kind: str, text: str) -> str:
        """Give what stands in the database instead of an identity, a code or a receipt."""
        return hmac.new(self._marks, f"{kind}:{text}".encode(), sha256).hexdigest()

    def seal(self, text: str) -> bytes:
        """Seal a text; the same text is never sealed the same way twice."""
        content, nonce = text.encode(), secrets.token_bytes(_NONCE)
        filled = len(content).to_bytes(4, "big") + content
        filled += bytes(-len(filled) % _STEP)
        return nonce + self._cipher.encrypt(nonce, filled, None)

    def open(self, sealed: bytes) -> str:
        """Open what was sealed. Raises WrongKey."""
        try:
            filled = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except InvalidTag as error:
            raise WrongKey(code="wrong-key") from error
        return filled[4 : 4 + int.from_bytes(filled[:4], "big")].decode()


def new_code() -> str:
    """Draw the code of a voter, of 60 bits: `7KQM-2XWP-94HT`."""
    return _drawn(12)


def new_receipt() -> str:
    """Draw a receipt, of 80 bits."""
    return _drawn(16)


def plain_code(typed: str) -> str:
    """Give a code or receipt in its one form, however it was typed."""
    kept = "".join(sign for sign in typed.upper() if sign.isalnum())
    return "-".join(kept[at : at + 4] for at in range(0, len(kept), 4))[:40]


def _drawn(length: int) -> str:
    return plain_code("".join(secrets.choice(_SIGNS) for _ in range(length)))
