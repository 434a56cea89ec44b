"""Which message is for which wait: a wait hears a message that agrees in every key the wait names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import combinations

from engine.errors import Invalid
from engine.model import Json

#: A message is looked up by every combination of its keys, so there may be only a few.
MOST_KEYS = 6


def correlation_hash(correlation: Mapping[str, Json]) -> str:
    """Give one short text for equal correlations, "" for the empty one."""
    if not correlation:
        return ""
    canonical = json.dumps(correlation, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def hashes_heard(correlation: Mapping[str, Json]) -> list[str]:
    """Give the hashes of all waits that hear a message with this correlation, the most particular first."""
    if len(correlation) > MOST_KEYS:
        raise Invalid(f"A message is correlated by at most {MOST_KEYS} keys.")
    keys = sorted(correlation)
    return [
        correlation_hash({key: correlation[key] for key in some})
        for size in range(len(keys), -1, -1)
        for some in combinations(keys, size)
    ]


def hears(wait: Mapping[str, Json], message: Mapping[str, Json]) -> bool:
    """The message agrees in every key the wait names."""
    return all(key in message and message[key] == value for key, value in wait.items())
