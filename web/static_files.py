"""Our style, scripts and icons: packed once, kept by browsers for ever under their fingerprint."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

STATIC = Path(__file__).resolve().parent / "static"
PACKED = frozenset({".css", ".js", ".svg"})
YEAR = 365 * 24 * 3600


@lru_cache(maxsize=64)
def packed(path: str, _changed: int) -> bytes:
    """The file packed by gzip, once for each of its versions."""
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


def packed_answer(filename: str) -> Response | None:
    """The packed file for a browser that takes it; None where there is none."""
    path = safe_join(str(STATIC), filename)
    if path is None or Path(path).suffix not in PACKED or not Path(path).is_file():
        return None
    if not request.accept_encodings.quality("gzip"):
        return None
    response = Response(packed(path, Path(path).stat().st_mtime_ns), mimetype=mimetypes.guess_type(path)[0])
    response.content_encoding = "gzip"
    response.add_etag()
    response.make_conditional(request)
    return response


def static(filename: str) -> Response:
    """A static file."""
    response = packed_answer(filename) or send_from_directory(STATIC, filename)
    response.vary.add("Accept-Encoding")
    if request.args.get("v") and response.status_code in (200, 304):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.max_age = YEAR
    return response


def install(app: Flask) -> None:
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static)
