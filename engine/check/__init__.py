"""What is wrong with an agenda before it runs."""

from __future__ import annotations

from engine.check.agenda import check_agenda, check_diagram, variables_at
from engine.check.bpmn import check_bpmn, unreadable
from engine.check.surroundings import Call, ConnectorFacts, FormFacts, Surroundings
from engine.check.tables import check_dmn

__all__ = [
    "Call",
    "ConnectorFacts",
    "FormFacts",
    "Surroundings",
    "check_agenda",
    "check_bpmn",
    "check_diagram",
    "check_dmn",
    "unreadable",
    "variables_at",
]
