"""What the connectors of data boxes do."""

from __future__ import annotations

from datetime import date

from engine.calendar import day_in_prague
from engine.model import Variables
from integrations.databox.delivering import delivered, fiction_on, hopeless
from integrations.databox.shape import OFF, DataBox, NewMessage, Standing
from integrations.failures import BusinessError
from integrations.ports import File, JobContext


def send(box: DataBox | None, parameters: Variables, context: JobContext, files: list[File]) -> Variables:
    """Send a message with files of the case; the case's number is its reference where no other is given."""
    message = NewMessage(
        box=parameters["to"].strip().lower(),
        subject=parameters["subject"],
        files=files,
        reference=parameters.get("reference") or str(context.data.get("case", {}).get("number") or ""),
        file_mark=parameters.get("file_mark", ""),
        to_hands=parameters.get("to_hands", ""),
        personal=parameters.get("personal", False),
        fiction=parameters.get("fiction", True),
    )
    return {"message_id": _known(box).send(context.tenant, message), "to": message.box}


def standing(box: DataBox | None, parameters: Variables, context: JobContext) -> Variables:
    """Ask how a message stands."""
    return told_of(_known(box).standing(context.tenant, parameters["message_id"]), day_in_prague(context.now))


def told_of(found: Standing, today: date) -> Variables:
    """Give what a process learns of a message: `state` is sent, placed, delivered or undeliverable."""
    how = delivered(found, today)
    state = "undeliverable" if hopeless(found) else "delivered" if how else "placed" if found.placed_at else "sent"
    return {
        "message_id": found.id,
        "state": state,
        "placed_at": found.placed_at.isoformat() if found.placed_at else None,
        "delivered_on": how.on.isoformat() if how else None,
        "how": how.how if how else None,
        "fiction_on": fiction_on(found.placed_at).isoformat() if found.placed_at and found.fiction else None,
    }


def _known(box: DataBox | None) -> DataBox:
    if box is None:
        raise BusinessError(OFF, "The organisation has no data box connected here.")
    return box
