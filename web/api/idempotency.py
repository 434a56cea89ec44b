"""Idempotency-Key on every POST: the first answer is kept and given again."""

from __future__ import annotations

import hashlib

from flask import Response, g, json, request

from engine.commands import BeginAnswer, FinishAnswer
from web.auth import actor
from web.db import close_session
from web.errors import problem
from web.here import engine
from web.tenancy import tenant_key

HEADER = "Idempotency-Key"
LONGEST = 255


def request_hash() -> str:
    """Tells two requests apart, whatever their key."""
    body = request.get_data(cache=True) if request.mimetype != "multipart/form-data" else b""
    return hashlib.sha256(f"{request.method} {request.full_path}\n".encode() + body).hexdigest()


def begin() -> Response | None:
    """Take the key; answer at once what was answered before."""
    key = request.headers.get(HEADER, "").strip()
    if request.method != "POST" or not key:
        return None
    if len(key) > LONGEST:
        return problem(422, f"An Idempotency-Key has at most {LONGEST} characters.")
    tenant, who, digest = tenant_key(), actor(), request_hash()
    close_session()
    earlier = engine().execute(BeginAnswer(tenant=tenant, actor=who, key=key, request_hash=digest))
    if earlier is None:
        g.idempotency_key = key
        return None
    if earlier.status is None:
        return problem(409, "A request with this Idempotency-Key is being answered.")
    again = Response(json.dumps(earlier.body), earlier.status, mimetype="application/json")
    again.headers["Idempotent-Replay"] = "true"
    return again


def finish(response: Response) -> Response:
    """Keep the answer; a fault of ours gives the key back so that the program may try again."""
    key = g.pop("idempotency_key", None)
    if key is not None:
        failed = response.status_code >= 500
        command = FinishAnswer(
            tenant=tenant_key(),
            actor=actor(),
            key=key,
            status=None if failed else response.status_code,
            body=None if failed else response.get_json(silent=True),
        )
        close_session()
        engine().execute(command)
    return response
