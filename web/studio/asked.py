"""What every post of the studio says of the page it came from."""

from __future__ import annotations

from flask import request


def version_seen() -> int:
    """The version of the proposal that the author's page shows; 0 where the post tells none."""
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
