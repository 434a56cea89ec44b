"""Identifiers that can't be guessed."""

from __future__ import annotations

import os
import time
import uuid

#: Digits and small letters without those that are easily mistaken; every database sorts them in this order.
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _SIGNS for second in _SIGNS]
#: From any byte to a sign, each from as many bytes.
_SIGN_OF_BYTE = (_SIGNS * 8).encode()


def new_id() -> str:
    """A random identifier that tells nothing and can't be guessed."""
    return uuid.uuid4().hex


def new_id_in_order() -> str:
    """An identifier that can't be guessed but tells when it was drawn: for cases and what is projected from them.

    Rows that are written together lie together then, which keeps indexes small; so do five bits a sign instead of
    four: each row of the history names its case twice, in the table and in an index. Older ones, of 32 signs, sort
    before all of these. Never for what is secret, as a ballot.
    """
    now = time.time_ns() // 1_000_000
    moment = "".join([_PAIRS[now >> place & 1023] for place in (40, 30, 20, 10, 0)])
    return moment + os.urandom(16).translate(_SIGN_OF_BYTE).decode()
