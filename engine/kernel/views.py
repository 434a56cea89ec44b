"""What can be read from a state without moving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.diagram import Model, Node
from engine.errors import HumanTaskNotOpen
from engine.kernel.aside import Large, Reference
from engine.kernel.keeping import load, load_parked
from engine.kernel.logic import Lookup
from engine.kernel.moving import immovable, targets
from engine.kernel.state import State
from engine.kernel.variables import Layers
from engine.model import Json, Variables


def variables(state: str, large: Large | None = None) -> Variables:
    """Give the case's own variables, also when it has ended."""
    held = _own(load_parked(state, large))
    return {name: _read(value, large) for name, value in held.items()}


def own_lookup(state: str, large: Large | None = None) -> Lookup:
    """Give a reader of the case's own variables."""
    held = _own(load_parked(state, large))

    def find(name: str) -> tuple[bool, Json]:
        return name in held, _read(held.get(name), large)

    return find


def _read(value: Json, large: Large | None) -> Json:
    return large.get(value.name) if large is not None and isinstance(value, Reference) else value


def _own(facts: State) -> Variables:
    if "data" in facts:
        return facts["data"]
    return next((scope["vars"] for scope in facts["scopes"].values() if scope["owner"] is None), {})


def visible(model: Model, state: str, where: str, large: Large | None = None) -> Variables:
    """Give the variables that an activity instance or a wait (of an offer) sees.

    Raises HumanTaskNotOpen where it isn't there any more.
    """
    facts = load(state, large)
    layers = Layers(facts["tokens"], facts["scopes"], model, large)
    if wait := facts["waits"].get(where):
        return layers.visible(wait.get("token") or wait["scope"])
    for tid, token in facts["tokens"].items():
        if token.get("activity") == where:
            return layers.visible(tid)
    raise HumanTaskNotOpen(activity=where)


def places(state: str) -> list[str]:
    """Give the nodes where tokens stand, those of enclosing sub-processes too, the oldest first."""
    return list(dict.fromkeys(token["node"] for token in load(state)["tokens"].values()))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a token stands, for an operator who may put it elsewhere."""

    token: str
    node: str
    #: The body it is in: process or sub-process.
    body: str
    standing: str
    #: Open items of a multi-instance activity.
    items: int
    #: Why it can't be moved; "" when it can.
    fixed: str
    targets: Sequence[Node]


def standing(model: Model, state: str) -> list[Place]:
    """Give every token with the nodes before which it can be put, the oldest first."""
    facts = load(state)
    found = []
    for tid, token in facts["tokens"].items():
        if "of" in token:
            continue
        body = facts["scopes"][token["scope"]]["node"]
        fixed = immovable(model, facts, token) or ""
        found.append(
            Place(
                token=tid,
                node=token["node"],
                body=body,
                standing=token["state"],
                items=sum(item.get("of") == tid for item in facts["tokens"].values()),
                fixed=fixed,
                targets=[] if fixed else targets(model, body),
            )
        )
    return sorted(found, key=lambda place: int(place.token[1:]))
