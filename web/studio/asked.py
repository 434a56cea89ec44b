"""What every post of the studio says of the page it came from."""

from __future__ import annotations

from flask import request

from web.digits import whole


def version_seen() -> int:
    """The version of the proposal that the author's page shows; 0 where the post tells none."""
    return whole(request.form.get("version", "")) or 0
