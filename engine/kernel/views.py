"""What can be read from a state without moving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.diagram import Model, Node
from engine.errors import HumanTaskNotOpen
from engine.kernel.moving import immovable, targets
from engine.kernel.state import load
from engine.kernel.variables import Layers
from engine.model import Variables


def variables(state: str) -> Variables:
    """Give the case's own variables, also when it has ended."""
    facts = load(state)
    if "data" in facts:
        return facts["data"]
    return next((scope["vars"] for scope in facts["scopes"].values() if scope["owner"] is None), {})


def visible(model: Model, state: str, where: str) -> Variables:
    """Give the variables that an activity instance or a wait (of an offer) sees.

    Raises HumanTaskNotOpen where it isn't there any more.
    """
    facts = load(state)
    layers = Layers(facts["tokens"], facts["scopes"], model)
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
