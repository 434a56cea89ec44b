"""BPMN itself: advance(model, state, command, now) gives (state, effects), pure."""

from engine.kernel.advance import BUDGET, advance
from engine.kernel.arming import choice_named
from engine.kernel.aside import Large
from engine.kernel.forgetting import changed, emptied
from engine.kernel.keeping import load
from engine.kernel.logic import Decided, Logic, Lookup, StarlarkLogic, Stores
from engine.kernel.migrating import migrate
from engine.kernel.resting import Rest, rest
from engine.kernel.restoring import fingerprint, restore
from engine.kernel.views import Place, own_lookup, places, standing, variables, visible

__all__ = [
    "BUDGET",
    "Decided",
    "Large",
    "Logic",
    "Lookup",
    "Place",
    "Rest",
    "StarlarkLogic",
    "Stores",
    "advance",
    "changed",
    "choice_named",
    "emptied",
    "fingerprint",
    "load",
    "migrate",
    "own_lookup",
    "places",
    "rest",
    "restore",
    "standing",
    "variables",
    "visible",
]
