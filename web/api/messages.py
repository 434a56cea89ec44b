"""Messages from outside: to the case that waits for it or the process that begins with it, else it is kept."""

from __future__ import annotations

from typing import Any

from engine.commands import CorrelateMessage
from web.api.cases import execute
from web.api.room import Room
from web.api.shapes import Message, MessageAnswer
from web.auth import actor
from web.tenancy import tenant_key

room = Room("messages", "Messages from outside.")


@room.post("/messages")
@room.arguments(Message)
@room.response(202, MessageAnswer, description="The message was taken by a case, or is kept.")
@room.refuses(
    {403: "Only a bank statement or an operator may say that money came, and what a group is offered is its."}
)
def send(wanted: dict[str, Any]) -> dict[str, str | None]:
    """Send a message to whoever waits for it, or to a process that begins with it."""
    return {"instance_id": execute(CorrelateMessage(tenant=tenant_key(), actor=actor(), **wanted))}
