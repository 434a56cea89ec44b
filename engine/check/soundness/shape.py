"""What tells two states of a case apart when data doesn't matter: what is marked where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

from engine.kernel.state import Scope, State, Token

Place = tuple[Hashable, ...]


def shape(state: State, queues: Iterable[Iterable[str]]) -> Hashable:
    """Give a key that is equal for states which differ only in ids and data."""
    places = _Places(state)
    tokens = Counter(places.token(t) for t in state["tokens"].values())
    scopes = Counter((places.scope(s), places.armed(scope)) for s, scope in state["scopes"].items())
    waiting = tuple(tuple(places.name(i) for i in queue) for queue in queues)
    return state["status"], frozenset(tokens.items()), frozenset(scopes.items()), waiting


def crowd(state: State) -> tuple[int, str]:
    """Give the largest number of tokens that stand alike, and the node where."""
    places = _Places(state)
    alike = Counter((places.token(t), t["node"]) for t in state["tokens"].values() if "of" not in t)
    if not alike:
        return 0, ""
    (_, node), count = alike.most_common(1)[0]
    return count, node


class _Places:
    """Names tokens and scopes by where they are instead of by id."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.known: dict[str, Place] = {}

    def scope(self, sid: str) -> Place:
        if sid not in self.known:
            scope = self.state["scopes"].get(sid)
            if scope is None:
                return ("gone",)
            owner = self.state["tokens"].get(scope["owner"] or "")
            outer = self.scope(owner["scope"]) if owner else ()
            item = owner.get("i") if owner else None
            reset = tuple(sorted((k, tuple(sorted(v))) for k, v in scope.get("reset", {}).items()))
            facts = (scope["node"], item, bool(scope.get("interrupted")), reset, bool(scope.get("closing")))
            self.known[sid] = (*outer, facts)
        return self.known[sid]

    def token(self, token: Token) -> Place:
        joins = token["state"] == "join" or token.get("phase") is not None
        via = token.get("via") if joins else None
        return (
            self.scope(token["scope"]),
            token["node"],
            token["state"],
            token.get("phase"),
            via,
            token.get("open"),
            token.get("i"),
            (token.get("total"), token.get("started"), token.get("done")),
            token.get("next"),
            token.get("start"),
            _seen(token),
            self.armed(token),
        )

    def armed(self, owner: Token | Scope) -> Place:
        """Give what a token or scope listens for."""
        waits = self.state["waits"]
        return tuple(sorted((waits[w]["node"], waits[w]["i"]) for w in owner.get("waits", ()) if w in waits))

    def name(self, identifier: str) -> Hashable:
        """Name what stands in a queue."""
        if identifier in self.state["tokens"]:
            return self.token(self.state["tokens"][identifier])
        if identifier in self.state["waits"]:
            return self.state["waits"][identifier]["node"]
        return self.scope(identifier)


def _seen(owner: Any) -> Place:
    return tuple(sorted((node, tuple(which)) for node, which in owner.get("seen", {}).items()))
