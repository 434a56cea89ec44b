"""BPMN itself: advance(model, state, command, now) gives (state, effects), pure."""

from engine.kernel.advance import BUDGET, advance
from engine.kernel.logic import Decided, Logic, Lookup, StarlarkLogic
from engine.kernel.state import load
from engine.kernel.views import places, variables, visible

__all__ = [
    "BUDGET",
    "Decided",
    "Logic",
    "Lookup",
    "StarlarkLogic",
    "advance",
    "load",
    "places",
    "variables",
    "visible",
]
