"""A story that is told with parameters of its own, whatever the agenda says by now."""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml

from engine.model import Json

PARAMETERS = "parameters"


def pinned(story: str, values: Mapping[str, Json]) -> str:
    """Give a story's file in which parameters have these values; what it says of them itself and the rest stay."""
    root = yaml.compose(story)
    if not isinstance(root, yaml.MappingNode):
        return story
    own = yaml.safe_load(story).get(PARAMETERS) or {}
    line = f"{PARAMETERS}: {json.dumps({**values, **own}, ensure_ascii=False, default=str)}\n"
    for key, value in root.value:
        if key.value == PARAMETERS:
            return story[: key.start_mark.index] + line + story[_line_end(story, value.end_mark.index) :]
    at = next(key.start_mark.index for key, _value in root.value if key.value == "steps")
    return story[:at] + line + story[at:]


def _line_end(text: str, at: int) -> int:
    """Where the line ends that a value ends on; a value in block style ends where the next line begins."""
    return at if at and text[at - 1] == "\n" else text.find("\n", at) + 1 or len(text)
