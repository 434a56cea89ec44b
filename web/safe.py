"""Secrets that have to be kept and read again: encrypted with keys of the environment (Fernet: AES-128-CBC, HMAC)."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.model import SYSTEM
from engine.queries.people import tenants
from engine.queries.second_factor import sealed_secrets
from engine.second_factor import Reseal
from engine.store.session import TENANT
from engine.store.wall import EVERY
from web.bootstrap import Parts
from web.settings import Settings


class SealedElsewhere(Exception):
    """None of the keys that there are opens this."""


class Safe:
    """Puts secrets away with the first key and opens those of all keys."""

    def __init__(self, settings: Settings) -> None:
        named = [key.strip() for key in settings.sealing_keys.split(",") if key.strip()]
        # What was sealed before somebody set keys of their own can still be read.
        keys = [Fernet(_derived(key)) for key in (*named, settings.signing_key())]
        self._newest, self._all = keys[0], MultiFernet(keys)

    def put(self, secret: str) -> str:
        """The secret as it may be kept."""
        return self._newest.encrypt(secret.encode()).decode()

    def take(self, sealed: str) -> str:
        """The secret. Raises SealedElsewhere."""
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealedElsewhere from error

    def renewed(self, sealed: str) -> str:
        """The same sealed with the newest key; "" where it is already."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return self.put(self.take(sealed))
        return ""


def _derived(key: str) -> bytes:
    """A key of 32 bytes for this purpose alone."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"radnice: kept secrets").derive(key.encode())
    return base64.urlsafe_b64encode(derived)


def reseal(parts: Parts) -> int:
    """Encrypt all secrets of the installation with the newest key; gives how many were not. Raises SealedElsewhere."""
    safe, count = Safe(parts.settings), 0
    with parts.sessions(info={TENANT: EVERY}) as session:
        kept = {one.key: sealed_secrets(session, one.key) for one in tenants(session)}
    for tenant, secrets in kept.items():
        instead = {sealed: renewed for sealed in secrets if (renewed := safe.renewed(sealed))}
        parts.engine.execute(Reseal(tenant=tenant, actor=SYSTEM, instead=instead))
        count += len(instead)
    return count
