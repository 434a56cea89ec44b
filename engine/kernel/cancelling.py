"""Ending what runs: tokens with all that they own, items, bodies and waits."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel.bundling import unbundle
from engine.kernel.machine import Machine
from engine.kernel.parking import unpark
from engine.kernel.state import Scope


def clear(machine: Machine, sid: str, keep: str | None = None) -> None:
    """Cancel every token of a scope and whatever runs below them; a complex gateway in it waits for nothing more."""
    machine.scopes[sid].pop("reset", None)
    cancel(
        machine, (t for t, token in machine.tokens.items() if token["scope"] == sid and "of" not in token and t != keep)
    )


def cancel_items(machine: Machine, tid: str, keep: str | None = None) -> None:
    """Cancel the open items of a multi-instance activity."""
    cancel(machine, [item for item in items_of(machine, tid) if item != keep])


def items_of(machine: Machine, tid: str) -> list[str]:
    """Give the tokens of the open items of a multi-instance activity."""
    found = owned(machine).get(tid, [])
    return [item for item in found if "of" in machine.tokens[item]]


def cancel(machine: Machine, tids: Iterable[str]) -> None:
    """End tokens with all that they own."""
    doomed = list(tids)
    below = owned(machine) if doomed else {}
    while doomed:
        tid = doomed.pop()
        token = machine.tokens.get(tid)
        if token is None:
            continue
        doomed += below.get(tid, ())
        if "activity" in token:
            machine.tell("cancelled", token["node"], token["activity"])
        for sid in below.get("scopes of " + tid, ()):
            machine.disarm(machine.scopes[sid])
            doomed += below.get(sid, ())
        machine.drop(tid)
    for sid in [sid for sid, scope in machine.scopes.items() if is_orphan(machine, scope)]:
        machine.close_scope(sid)


def owned(machine: Machine) -> dict[str, list[str]]:
    """Give by token its items, by scope its tokens, and by "scopes of " a token its scopes."""
    unbundle(machine.state)
    unpark(machine.tokens)
    found: dict[str, list[str]] = {}
    for tid, token in machine.tokens.items():
        found.setdefault(token.get("of") or token["scope"], []).append(tid)
    for sid, scope in machine.scopes.items():
        if scope["owner"] is not None:
            found.setdefault("scopes of " + scope["owner"], []).append(sid)
    return found


def is_orphan(machine: Machine, scope: Scope) -> bool:
    """Tell whether the token that ran a scope is gone."""
    return scope["owner"] is not None and scope["owner"] not in machine.tokens
