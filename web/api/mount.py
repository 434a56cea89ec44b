"""Puts the API into the application: its blueprints, its description at /api/v1/openapi.json, its errors."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect

from web.api import cases, definitions, idempotency, incidents, messages, operations, records, tasks
from web.api.descriptions import INFO, SECURITY, describe
from web.api.identity import allowed, counted_as, require_token
from web.api.room import Room
from web.limits import limiter

PREFIX = "/api/v1"
ROOMS: tuple[Room, ...] = (
    definitions.room,
    cases.room,
    tasks.room,
    messages.room,
    incidents.room,
    operations.room,
    records.room,
)
CONFIG = {
    "API_TITLE": "Radnice",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": PREFIX,
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {"info": INFO, "security": [{name: []} for name in SECURITY], "servers": [{"url": "/"}]},
}


for room in ROOMS:
    room.before_request(require_token)
    room.before_request(idempotency.begin)
    room.after_request(idempotency.finish)


class OneErrorTable(Api):  # type: ignore[misc]
    """flask-smorest without error handlers of its own: `web.errors` says every error, here as problem+json."""

    #: Every refusal is described by its status, none by a default.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave them alone."""


def install(app: Flask, csrf: CSRFProtect) -> None:
    app.config.update(CONFIG)
    api = OneErrorTable(app)
    describe(api.spec)
    for blueprint in ROOMS:
        csrf.exempt(blueprint)
        limiter.limit(allowed, key_func=counted_as)(blueprint)
        api.register_blueprint(blueprint, url_prefix=PREFIX)
