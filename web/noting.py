"""What a request has to note in the audit: gathered while it reads, written before its answer leaves."""

from __future__ import annotations

from flask import Flask, Response, g, request

from engine.auditing import NoteEvent
from engine.model import Actor, Json
from web.auth import actor
from web.db import close_session
from web.here import engine
from web.tenancy import tenant_key

#: Answers that show nothing of what was asked for.
REFUSALS = (403, 404, 410)


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
    """Write what was gathered, unless nothing was shown: the answer has no body, or it is a refusal."""
    events = g.pop("noted", {})
    if not events or request.method == "HEAD" or response.status_code in REFUSALS:
        return response
    close_session()
    if is_ahead():
        # Nobody has asked to see it yet; once they do, the browser comes again.
        return Response(status=503, headers={"Cache-Control": "no-store"})
    for event in events.values():
        engine().execute(event)
    return response


def is_ahead() -> bool:
    """Whether the browser only fetches what somebody might want to see."""
    return "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")).lower()


def install(app: Flask) -> None:
    app.after_request(write)
