"""What a case at rest waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.kernel.keeping import load


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Everything a case waits for, by activity instance or wait."""

    tasks: frozenset[str]
    jobs: frozenset[str]
    incidents: frozenset[str]
    #: Wait → the moment.
    timers: Mapping[str, str]
    #: Messages and signals.
    listens: frozenset[str]


def rest(state: str) -> Rest:
    """Give what a case waits for."""
    facts = load(state)
    tokens, waits = facts["tokens"].values(), facts["waits"]
    active = [token for token in tokens if token["state"] == "active" and "activity" in token]
    return Rest(
        tasks=frozenset(token["activity"] for token in active if token.get("open") == "task"),
        jobs=frozenset(token["activity"] for token in active if token.get("open") == "job"),
        incidents=frozenset(token["activity"] for token in tokens if token["state"] == "incident")
        | frozenset(wait["incident"] for wait in waits.values() if "incident" in wait),
        timers={wid: wait["due"] for wid, wait in waits.items() if wait["kind"] == "timer"},
        listens=frozenset(wid for wid, wait in waits.items() if wait["kind"] in ("message", "signal")),
    )
