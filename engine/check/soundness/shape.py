"""What tells two states of a case apart when data doesn't matter: what is marked where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
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


@dataclass(slots=True)
class Marking:
    """How many tokens stand alike in each place, and in which scopes."""

    count: int
    tokens: Counter[Place]
    #: Node and scope of one of the tokens in each place.
    where: dict[Place, tuple[str, str]]
    #: Name of each scope by its id.
    scopes: dict[str, Place]


def marking(state: State) -> Marking:
    """Give the marking of a state; items of a multi-instance activity don't count, their number is known."""
    places = _Places(state)
    found = [(places.token(t), t) for t in state["tokens"].values() if "of" not in t]
    return Marking(
        len(found),
        Counter(place for place, _ in found),
        {place: (t["node"], t["scope"]) for place, t in found},
        {sid: places.scope(sid) for sid in state["scopes"]},
    )


def grown(before: Marking, now: Marking) -> str | None:
    """Give a node that has more tokens than before while every other has as many: whatever was done can be repeated.

    A body inside ends only when it is empty, so tokens left in one prove nothing unless it is still the same one.
    """
    if now.count <= before.count or any(now.tokens[place] < n for place, n in before.tokens.items()):
        return None
    known = set(before.scopes.values())
    here: list[str] = []
    for place, n in now.tokens.items():
        if n > before.tokens[place]:
            node, scope = now.where[place]
            if scope in before.scopes:
                here.append(node)
            elif now.scopes.get(scope) in known:
                return None
    return here[0] if here else None


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
