"""Our style, scripts and icons: packed once, kept by browsers for ever under their fingerprint.

What every page of an audience needs goes to the browser as one file: each file costs a slow line a way there and back.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

STATIC = Path(__file__).resolve().parent / "static"
PACKED = frozenset({".css", ".js", ".svg"})
YEAR = 365 * 24 * 3600

_COMMON = ("vendor/gov.css", "css/tokens.css", "css/forms.css")
#: Files that go out as one, in the order in which the cascade and the scripts need them.
JOINED = {
    "joined/public.css": (*_COMMON, "css/public.css"),
    "joined/work.css": (*_COMMON, "css/work.css", "css/diagram.css"),
    "joined/writing.js": ("drafts.js", "sending.js"),
    "joined/page.js": ("vendor/htmx.min.js", "radnice.js", "steady.js", "choices.js", "sums.js", "position.js"),
}


def members(filename: str) -> list[Path]:
    """The files that a name of ours stands for; none where there is no such file."""
    paths = [safe_join(str(STATIC), name) for name in JOINED.get(filename, (filename,))]
    found = [Path(path) for path in paths if path is not None]
    return found if all(path.is_file() for path in found) else []


def content(filename: str) -> bytes:
    """What is in the file, or in the files that go out under this name."""
    return b"\n".join(path.read_bytes() for path in members(filename))


@cache
def fingerprint(filename: str) -> str:
    """A few letters that change with the file, so that browsers may keep it for ever."""
    return hashlib.sha256(content(filename)).hexdigest()[:10] if members(filename) else "0"


@lru_cache(maxsize=64)
def packed(filename: str, _changed: tuple[int, ...]) -> bytes:
    """The file packed by gzip, once for each of its versions."""
    return gzip.compress(content(filename), 9, mtime=0)


def packed_answer(filename: str) -> Response | None:
    """The packed file for a browser that takes it; None where there is none."""
    paths = members(filename)
    if not paths or Path(filename).suffix not in PACKED or not request.accept_encodings.quality("gzip"):
        return None
    changed = tuple(path.stat().st_mtime_ns for path in paths)
    response = Response(packed(filename, changed), mimetype=mimetypes.guess_type(filename)[0])
    response.content_encoding = "gzip"
    return conditional(response)


def plain_answer(filename: str) -> Response:
    """The file as it is. Raises NotFound."""
    if filename not in JOINED:
        return send_from_directory(STATIC, filename)
    return conditional(Response(content(filename), mimetype=mimetypes.guess_type(filename)[0]))


def conditional(response: Response) -> Response:
    """The answer, or that the browser has it already."""
    response.add_etag()
    response.make_conditional(request)
    return response


def static(filename: str) -> Response:
    """A static file."""
    response = packed_answer(filename) or plain_answer(filename)
    response.vary.add("Accept-Encoding")
    if request.args.get("v") and response.status_code in (200, 304):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.max_age = YEAR
    return response


def install(app: Flask) -> None:
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static)
