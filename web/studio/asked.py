"""What every post of the studio says of the page it came from."""

from __future__ import annotations

from flask import request

from forms.edit.kinds import slug
from web.digits import whole

LONGEST_TITLE, LONGEST_KEY = 200, 50


def version_seen() -> int:
    """The version of the proposal that the author's page shows; 0 where the post tells none."""
    return whole(request.form.get("version", "")) or 0


def title_typed() -> str:
    """What the author calls a new thing, on one line; "" where nothing was written."""
    return " ".join(request.form.get("title", "").split())[:LONGEST_TITLE]


def key_from(title: str, kind: str) -> str:
    """Give the key that a title makes; what would begin with a digit begins with its kind."""
    name = slug(title).lower()[:LONGEST_KEY]
    return name if name[:1].isalpha() else f"{kind}_{name}".rstrip("_")
