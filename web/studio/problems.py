"""What the engine's rules say of one diagram among the files of its agenda."""

from __future__ import annotations

from collections.abc import Mapping

from engine.check import Surroundings, check_diagram
from engine.diagram import Problem
from web.db import close_session
from web.i18n import language
from web.inspection import connector_facts


def problems_of(files: Mapping[str, bytes], path: str) -> list[Problem]:
    """All problems of a diagram, the worst first."""
    close_session()  # Playing through a diagram may take seconds; nothing is held meanwhile.
    return check_diagram(files, path, Surroundings(connectors=connector_facts()), lang=language())
