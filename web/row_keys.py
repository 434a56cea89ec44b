"""Keys by which rows in time are sent without an account. Each is signed with our secret, so that none is kept.

What is kept of a key is only how many before it were revoked (`engine.queries.row_keys`): its number is signed too.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

#: Bytes of a label's signature: 2^48 to guess among records whose ids aren't known.
_SHORT = 6
_HEX_BYTES = 16
_HEX = re.compile(f"[0-9a-f]{{{2 * _HEX_BYTES}}}")


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of one register of rows."""

    secret: str
    tenant: str
    register: str
    #: (set or label, its name) → number of the key that is good; 0 = none was revoked.
    good: Callable[[str, str], int] = lambda _kind, _name: 0

    def token(self, name: str) -> str:
        """Give the token by which devices of one set (a town, a building) send rows: the set, then its signature."""
        return f"{_written(name.encode())}.{_written(self._signed('set', name))}"

    def set_of(self, token: str) -> str | None:
        """Give the set that a token stands for; None = it is none of ours, or it was revoked."""
        try:
            name = _read(token.partition(".")[0]).decode()
        except (ValueError, BadBase64):
            return None
        return name if hmac.compare_digest(token.encode(), self.token(name).encode()) else None

    def label(self, record_id: str) -> str:
        """Give the short signed code that stands on the label of a thing."""
        return _written(_packed(record_id) + self._signed("label", record_id)[:_SHORT])

    def record_of(self, code: str) -> str | None:
        """Give the record of a label's code; None = it is none of ours, or it was revoked."""
        try:
            record_id = _unpacked(_read(code)[:-_SHORT])
        except (ValueError, BadBase64):
            return None
        return record_id if hmac.compare_digest(code.encode(), self.label(record_id).encode()) else None

    def _signed(self, kind: str, name: str) -> bytes:
        number = self.good(kind, name)
        parts = ("rows", kind, self.tenant, self.register, name, *([str(number)] if number else []))
        return hmac.new(self.secret.encode(), "\0".join(parts).encode(), sha256).digest()


def _packed(record_id: str) -> bytes:
    """Give the bytes of an identifier: the half of one in hex, as labels were printed first; of others its signs."""
    return bytes.fromhex(record_id) if _HEX.fullmatch(record_id) else record_id.encode("ascii")


def _unpacked(content: bytes) -> str:
    return content.hex() if len(content) == _HEX_BYTES else content.decode("ascii")


def body_signature(token: str, body: bytes) -> str:
    """Give the signature of a body by a program that doesn't send the token itself: HMAC-SHA-256 in hex."""
    return hmac.new(token.encode(), body, sha256).hexdigest()


def _written(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
