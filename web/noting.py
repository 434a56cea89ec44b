"""What a request has to note in the audit: gathered while it reads, written before its answer leaves."""

from __future__ import annotations

from flask import Flask, Response, g

from engine.auditing import NoteEvent
from engine.model import Actor, Json
from web.auth import actor
from web.db import close_session
from web.here import engine
from web.tenancy import tenant_key


def noted(kind: str, object_kind: str = "", object_id: str = "", by: Actor | None = None, **facts: Json) -> None:
    """Let this be noted when the answer is ready; what can't be noted is not shown either."""
    event = NoteEvent(
        tenant=tenant_key(),
        actor=by or actor(),
        kind=kind,
        object_kind=object_kind,
        object_id=object_id,
        facts=facts,
    )
    g.setdefault("noted", {})[kind, object_kind, object_id] = event


def write(response: Response) -> Response:
    """Write what was gathered, unless the answer is a refusal of what was asked for."""
    events = g.pop("noted", {})
    if events:
        close_session()
    for event in events.values():
        engine().execute(event)
    return response


def install(app: Flask) -> None:
    app.after_request(write)
