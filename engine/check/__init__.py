"""What is wrong with an agenda before it runs."""

from __future__ import annotations

from engine.check.bpmn import check_bpmn
from engine.check.surroundings import ConnectorFacts, FormFacts, Surroundings

__all__ = ["ConnectorFacts", "FormFacts", "Surroundings", "check_bpmn"]
