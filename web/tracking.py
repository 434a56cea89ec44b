"""The secret with which an applicant follows a case without an account.

It is derived from the installation's key and the case, so that a repeated sending shows the same one and a letter made
months later can still contain it; nothing that opens a case lies in the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote, urlencode

from web.numbers import written
from web.settings import Settings

#: 80 bits in letters and digits that read aloud well.
LENGTH = 16
GROUP = 4


def case_secret(key: str, instance_id: str) -> str:
    """The secret of a case: sixteen letters in four groups."""
    digest = hmac.new(key.encode(), f"case:{instance_id}".encode(), hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode()[:LENGTH]
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def plain(secret: str) -> str:
    """The secret as it was meant, however it was typed: small letters, spaces, 0 for O, 1 for I."""
    return "".join(secret.upper().translate(str.maketrans("018", "OIB")).split()).replace("-", "")


def opens(secret: str, key: str, instance_id: str, secret_hash: str | None) -> bool:
    """Whether the secret belongs to the case: the derived one, or the one drawn when a program started it."""
    derived = hmac.compare_digest(plain(secret).encode(), plain(case_secret(key, instance_id)).encode())
    drawn = hashlib.sha256(secret.strip().encode()).hexdigest()
    return derived or (secret_hash is not None and hmac.compare_digest(drawn, secret_hash))


def tracking_url(settings: Settings, address: str, number: str, instance_id: str) -> str:
    """The link that opens the case, for mails and codes on paper; `address` is where its organisation is seen."""
    query = urlencode({"k": case_secret(settings.signing_key(), instance_id)})
    return f"{address}/p/{quote(written(number))}?{query}"
