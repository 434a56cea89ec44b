"""For machines that watch: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address

from flask import Blueprint, Response, request
from kombu.connection import Connection
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from engine.store.wall import is_open
from web.here import parts, session

blueprint = Blueprint("health", __name__)

SECONDS_TO_ANSWER = 2


def database_answers() -> bool:
    """Whether the database can be read."""
    try:
        session().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def open_wall() -> list[str]:
    """Give why row-level security doesn't keep organisations apart here; nothing where it does, or isn't there."""
    try:
        return is_open(session().connection())
    except SQLAlchemyError:
        return []


def broker_answers(url: str) -> bool:
    """Whether the broker takes connections; the one inside the process always does."""
    if not url:
        return True
    try:
        with Connection(url, connect_timeout=SECONDS_TO_ANSWER) as connection:  # type: ignore[no-untyped-call]
            connection.ensure_connection(max_retries=1, timeout=SECONDS_TO_ANSWER)
    except Exception:  # whatever the transport raises, the broker didn't answer
        return False
    return True


@blueprint.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    state = {"database": database_answers(), "broker": broker_answers(parts().settings.broker_url)}
    lines = "".join(f"{name} {'ok' if fine else 'no answer'}\n" for name, fine in state.items())
    # The first wall still stands, so it is a warning and no reason to take the server away.
    lines += "".join(f"warning: row-level security doesn't bind {name}\n" for name in open_wall())
    return Response(lines, 200 if all(state.values()) else 503, mimetype="text/plain")


def may_measure() -> bool:
    """Whether the asker has the token of the metrics; where none is set, whether it is this machine."""
    token = parts().settings.metrics_token
    if token:
        given = request.authorization
        return (
            given is not None and given.type == "bearer" and compare_digest(str(given.token).encode(), token.encode())
        )
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


@blueprint.get("/metrics")
def metrics() -> Response:
    if not may_measure():
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
