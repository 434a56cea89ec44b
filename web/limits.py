"""How often one may try. Counted in memory, or in Redis where several processes serve."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web.settings import Settings

limiter = Limiter(key_func=get_remote_address, headers_enabled=True, default_limits=[])

#: Passwords looked at for one address, and for a person who changes their own; `web.tries` counts failures.
SIGN_IN = "20 per minute;100 per hour"
SIGN_IN_NAME = "5 per minute;30 per hour"
#: Guessing a secret of a case.
TRACKING = "20 per minute;200 per hour"
#: Public forms: a person corrects errors often, a machine oftener.
PUBLIC_POST = "120 per minute"
#: Names offered while somebody types.
SUGGESTIONS = "240 per minute"
#: Guessing a token of the API.
WRONG_TOKEN = "60 per minute"  # noqa: S105


def install(app: Flask, settings: Settings) -> None:
    app.config.update(RATELIMIT_STORAGE_URI=settings.limiter_url, RATELIMIT_STRATEGY="moving-window")
    limiter.init_app(app)
