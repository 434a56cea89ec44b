"""Pictures of public records, each in two sizes and without what the camera knows."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from engine.queries.papers import content_of
from engine.queries.pictures import picture
from engine.shelf import Shelf
from web.here import session
from web.tenancy import tenant_key
from web.ui.images import BrokenImage, shrunk

blueprint = Blueprint("pictures", __name__)

#: Pixels on the longer side: as big as a page shows it, and for a list.
SIZES = {"velky": 1600, "maly": 640}
_SHRUNK: Shelf[bytes] = Shelf(200)
#: A proposal that was taken back is gone from other people's screens within the hour.
FRESH_SECONDS = 3600


@blueprint.get("/registry/<key>/<record_id>/obrazky/<file_id>/<size>")
def shown(key: str, record_id: str, file_id: str, size: str) -> ResponseReturnValue:
    """A picture of a public record. Raises NotFound."""
    if size not in SIZES:
        raise NotFound
    found = picture(session(), tenant_key(), key, record_id, file_id)
    etag = f"{found.sha256}-{size}"

    def make() -> bytes:
        return shrunk(content_of(session(), tenant_key(), found.id), found.media_type, SIZES[size])

    try:
        content = b"" if request.if_none_match.contains(etag) else _SHRUNK.get((found.sha256, size), make)
    except BrokenImage as error:
        raise NotFound from error
    response = Response(content, mimetype=found.media_type)
    response.set_etag(etag)
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_SECONDS
    return response.make_conditional(request)
