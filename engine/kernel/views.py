"""What can be read from a state without moving it."""

from __future__ import annotations

from engine.diagram import Model
from engine.errors import HumanTaskNotOpen
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
