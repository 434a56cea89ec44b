"""What a verification finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that doesn't fit together."""

    tenant: str
    #: Number of the case; "" for what belongs to none.
    business_key: str
    #: What doesn't fit, in a word a program may sort by.
    kind: str
    #: The sentence; names activities and rows, never what people wrote.
    detail: str
