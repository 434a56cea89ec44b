"""The rooms of the studio, for the application to put in."""

from __future__ import annotations

from web.studio import (
    builder,
    drawing_up,
    home,
    languages,
    modelling,
    opening,
    publishing,
    rehearsing,
    releasing,
    trying,
    versions,
)

FORMS = (opening, builder, trying, languages, versions, publishing)
DIAGRAMS = (drawing_up, modelling, rehearsing, releasing)
BLUEPRINTS = tuple(room.blueprint for room in (home, *FORMS, *DIAGRAMS))
