"""What the engine's rules say of one file among those of its agenda."""

from __future__ import annotations

from collections.abc import Mapping

from engine.check import Surroundings, check_diagram, check_dmn
from engine.diagram import Problem
from engine.queries import definitions
from web.db import close_session
from web.here import session
from web.i18n import language
from web.inspection import connector_facts, inspect_registers
from web.studio.rooms import REGISTERS, room_of
from web.tenancy import tenant_key


def problems_of(files: Mapping[str, bytes], path: str, agenda: str) -> list[Problem]:
    """All problems of a diagram, of decisions or of a register, the worst first."""
    if room_of(path) == REGISTERS:
        return [one for one in inspect_registers(files, language()) if one.file == path]
    if path.endswith(".dmn"):
        return check_dmn(files[path], lang=language(), file=path)
    around = Surroundings(connectors=connector_facts(), begun_elsewhere=begun_elsewhere(agenda))
    return check_diagram(files, path, around, lang=language())


def begun_elsewhere(agenda: str) -> Mapping[str, Mapping[str, str]]:
    """What begins in the other agendas here; afterwards nothing is held, as playing a diagram may take seconds."""
    found = definitions.begun_elsewhere(session(), tenant_key(), agenda)
    close_session()
    return found
