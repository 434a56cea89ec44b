"""The rooms of the studio, for the application to put in."""

from __future__ import annotations

from web.studio import builder, home, languages, opening, publishing, trying, versions

BLUEPRINTS = tuple(room.blueprint for room in (home, opening, builder, trying, languages, versions, publishing))
