"""Messages in: whoever waits takes it, a process may begin with it, else it is kept until its time to live."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine.commands import CorrelateMessage
from web.api.cases import execute
from web.api.shapes import Message, MessageAnswer
from web.auth import actor
from web.tenancy import tenant_key

blueprint = Blueprint("api_messages", __name__, description="Messages from outside")


@blueprint.post("/messages")
@blueprint.arguments(Message)
@blueprint.response(202, MessageAnswer)
def send(wanted: dict[str, Any]) -> dict[str, str | None]:
    """Send a message."""
    return {"instance_id": execute(CorrelateMessage(tenant=tenant_key(), actor=actor(), **wanted))}
