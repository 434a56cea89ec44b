"""What an agenda's texts mean: Starlark, and the decisions that lie beside its diagrams."""

from __future__ import annotations

from collections.abc import Mapping

from engine import dmn
from engine.dmn import Decisions
from engine.kernel.logic import Decided, Logic, StarlarkLogic
from engine.model import Variables


class AgendaLogic(StarlarkLogic):
    """Starlark for every text, and the decisions of one agenda."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    def decide(self, ref: str, variables: Variables) -> Decided:
        return dmn.evaluate(self._decisions, ref, variables)


def logic_of(files: Mapping[str, bytes]) -> Logic:
    """Give the logic of an agenda. Raises UnreadableModel."""
    return AgendaLogic(dmn.read_decisions(*(files[path] for path in sorted(files) if path.endswith(".dmn"))))
