"""Identifiers that can't be guessed."""

from __future__ import annotations

import os
import time
import uuid


def new_id() -> str:
    """A random identifier that tells nothing and can't be guessed."""
    return uuid.uuid4().hex


def new_id_in_order() -> str:
    """An identifier that can't be guessed but tells when it was drawn: for cases and what is projected from them.

    Rows that are written together lie together then, which keeps indexes small. Never for what is secret, as a ballot.
    """
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"
