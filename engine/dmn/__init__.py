"""DMN: reads decision tables and decides by them, with all hit policies and FEEL cells."""

from __future__ import annotations

from engine.dmn.decide import Outcome
from engine.dmn.decide import decide as evaluate
from engine.dmn.read import read_decisions
from engine.dmn.reads import variables_of
from engine.dmn.tables import Decision, Decisions, Table

__all__ = ["Decision", "Decisions", "Outcome", "Table", "evaluate", "read_decisions", "variables_of"]
