"""Puts the API into the application: its blueprints, its description at /api/v1/openapi.json, its errors."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api, Blueprint
from flask_wtf.csrf import CSRFProtect

from web.api import cases, definitions, idempotency, incidents, messages, operations, records, tasks
from web.api.identity import require_token

PREFIX = "/api/v1"
ROOMS: tuple[Blueprint, ...] = (
    definitions.blueprint,
    cases.blueprint,
    tasks.blueprint,
    messages.blueprint,
    incidents.blueprint,
    operations.blueprint,
    records.blueprint,
)
CONFIG = {
    "API_TITLE": "Radnice",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": PREFIX,
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    },
}


for room in ROOMS:
    room.before_request(require_token)
    room.before_request(idempotency.begin)
    room.after_request(idempotency.finish)


class OneErrorTable(Api):  # type: ignore[misc]
    """flask-smorest without error handlers of its own: `web.errors` says every error, here as problem+json."""

    def _register_error_handlers(self) -> None:
        """Leave them alone."""


def install(app: Flask, csrf: CSRFProtect) -> None:
    app.config.update(CONFIG)
    api = OneErrorTable(app)
    for blueprint in ROOMS:
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint, url_prefix=PREFIX)
