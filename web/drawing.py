"""The diagrams of an agenda drawn with what is known of a case or of all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from engine.queries import cases as reads
from engine.queries import definitions, progress
from engine.queries.definitions import DefinitionFacts
from engine.reading.layout import read_layout
from web.here import session
from web.said import said_by
from web.tenancy import tenant_key
from web.ui.diagram import Marks, Sheet, draw, named


def sheets(case: reads.CaseFacts, gone: progress.Progress, label: str) -> list[tuple[str, Sheet, str]]:
    """The drawings of the agenda that the case has touched, its own first."""
    definition = definitions.definition(session(), tenant_key(), case.definition_id)
    touched = {*gone.passed, *gone.active, *gone.armed, *gone.incidents}
    return drawn(definition, marks(gone), touched, label)


def drawn(
    definition: DefinitionFacts, shown: Marks, touched: Collection[str], label: str
) -> list[tuple[str, Sheet, str]]:
    """The drawings of a deployment on which something is to be seen, the definition's own first."""
    files = definitions.files_of(session(), tenant_key(), definition.deployment_id)
    paths = sorted((path for path in files if path.endswith(".bpmn")), key=lambda path: path != definition.path)
    say = partial(said_by, definition_id=definition.id)
    found = []
    for path in paths:
        layout = read_layout(files[path])
        if path == definition.path or {shape.id for shape in layout.shapes} & {*touched}:
            name = next((shape.name for shape in layout.shapes if shape.kind == "participant"), path)
            found.append((say(name), draw(named(layout, say), shown), label))
    return found


def marks(gone: progress.Progress) -> Marks:
    """What is done, where tokens stand, what is stuck."""
    now_at: Mapping[str, int] = {**dict.fromkeys(gone.around, 1), **gone.active}
    return Marks(done=gone.passed.keys(), now=now_at, bad=gone.incidents, taken=gone.flows.keys())
