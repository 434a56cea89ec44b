"""Czech first, English by a link. Message ids are English sentences; catalogues lie in `web/locale`."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale, gettext
from werkzeug.wrappers import Response

LANGUAGES = ("cs", "en")
COOKIE = "lang"
LOCALE_DIR = Path(__file__).resolve().parent / "locale"
#: One catalogue for each part of the web, so that parts don't meet in one file.
DOMAINS = ("messages", "workplace", "cockpit", "studio", "registers")
YEAR = 365 * 24 * 3600


def chosen_language() -> str:
    """What the person chose, else Czech."""
    if not has_request_context():
        return "cs"
    chosen = g.get("lang") or request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else "cs"


def language() -> str:
    """The language of this page: cs or en."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else "cs"


def _(text: str, **facts: object) -> str:
    """The sentence in the language of the page."""
    return str(gettext(text, **facts))


def local_path(text: str | None, default: str = "/") -> str:
    """A path inside this site; anything that could lead elsewhere becomes the default."""
    path = text or ""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if plain else default


def remember(response: Response, code: str) -> Response:
    """Keep the language in the browser."""
    response.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def install(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join([str(LOCALE_DIR)] * len(DOMAINS))
    app.config["BABEL_DOMAIN"] = ";".join(DOMAINS)
    Babel(app, default_locale="cs", default_timezone="Europe/Prague", locale_selector=chosen_language)
