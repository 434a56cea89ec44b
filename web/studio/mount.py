"""The rooms of the studio, for the application to put in."""

from __future__ import annotations

from web.studio import (
    builder,
    changing,
    comparing,
    deciding,
    drawing_up,
    filing,
    founding,
    history,
    home,
    keeping,
    languages,
    modelling,
    opening,
    publishing,
    rehearsing,
    releasing,
    serving,
    sharing,
    storytelling,
    trying,
    tuning,
    versions,
    writing,
)

FORMS = (opening, builder, trying, languages, versions, publishing)
FILES = (filing, drawing_up, modelling, deciding, keeping, comparing, rehearsing, releasing)
ROOMS = (home, history, founding, serving, tuning, sharing, storytelling, writing, changing, *FORMS, *FILES)
BLUEPRINTS = tuple(room.blueprint for room in ROOMS)
