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


def visible(model: Model, state: str, activity: str) -> Variables:
    """Give the variables that an activity instance sees; raises HumanTaskNotOpen where it isn't there any more."""
    facts = load(state)
    for tid, token in facts["tokens"].items():
        if token.get("activity") == activity:
            return Layers(facts["tokens"], facts["scopes"], model).visible(tid)
    raise HumanTaskNotOpen(activity=activity)


def places(state: str) -> list[str]:
    """Give the nodes where tokens stand, those of enclosing sub-processes too, the oldest first."""
    return list(dict.fromkeys(token["node"] for token in load(state)["tokens"].values()))
