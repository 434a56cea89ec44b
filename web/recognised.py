"""Browsers in which somebody came in before: strangers who guess at their name don't make them wait there.

The cookie gives nobody anything but a count of tries of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import after_this_request, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from engine.ids import new_id
from web.here import parts

COOKIE = "known"
#: Half a year in which nobody came in here.
LIFE = 180 * 24 * 3600
#: People who share a browser; whoever came in longest ago is forgotten first.
MOST = 5


def browser_of(name: str) -> str:
    """The id that this browser has for a name, by its hash; "" = whoever has it never came in here."""
    return _known().get(name, "")


def remember(name: str) -> None:
    """Whoever has the name has shown it in this browser."""
    known = _known()
    kept = {other: browser for other, browser in known.items() if other != name}
    newest = dict(list(kept.items())[-(MOST - 1) :]) | {name: known.get(name) or new_id()}
    cookie = _signed().dumps(newest)

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(COOKIE, cookie, max_age=LIFE, httponly=True, samesite="Lax", secure=parts().settings.secure)
        return response


def _known() -> Mapping[str, str]:
    try:
        return cast(Mapping[str, str], _signed().loads(request.cookies.get(COOKIE, ""), max_age=LIFE))
    except BadSignature:
        return {}


def _signed() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(parts().settings.signing_key(), salt="recognised")
