"""Asks the data boxes what became of messages that cases wait for, and tells the cases.

What is asked for are the waits themselves: a case that waits for `databox.placed`, `databox.delivered` or
`databox.undeliverable` with the key `data_message`. Nobody waits, nobody is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from engine.calendar import day_in_prague
from engine.commands import CorrelateMessage
from engine.model import SYSTEM, Json, Variables
from engine.queries.waits import awaited
from engine.store.session import TENANT
from engine.store.wall import EVERY
from integrations.databox.running import told_of
from integrations.databox.shape import DataBox
from integrations.failures import BusinessError, Failure
from web.bootstrap import Parts

KEY = "data_message"
#: What a case may wait for, and the states of a message that are the answer.
NEWS = {
    "databox.placed": ("placed", "delivered"),
    "databox.delivered": ("delivered",),
    "databox.undeliverable": ("undeliverable",),
}

log = structlog.get_logger(__name__)


def tell_of_deliveries(parts: Parts, box: DataBox | None) -> None:
    """Ask for every message that is waited for. An organisation whose box does not answer is left for the next pass."""
    if box is None:
        return
    with parts.sessions(info={TENANT: EVERY}) as session:
        waits = awaited(session, tuple(NEWS), KEY)
    silent: set[str] = set()
    for tenant, message_id in waits:
        if tenant in silent:
            continue
        try:
            standing = box.standing(tenant, message_id)
        except Failure as error:
            # A single message that is none of theirs says nothing of the others.
            if not isinstance(error, BusinessError):
                silent.add(tenant)
            log.warning("the data boxes were not asked", tenant=tenant, why=type(error).__name__)
            continue
        for command in _news(tenant, message_id, told_of(standing, day_in_prague(parts.clock.now()))):
            parts.engine.execute(command)


def _news(tenant: str, message_id: str, told: Variables) -> Iterator[CorrelateMessage]:
    payload: dict[str, Json] = {name: value for name, value in told.items() if name != "message_id"}
    for name, states in NEWS.items():
        if told["state"] in states:
            yield CorrelateMessage(
                tenant=tenant,
                actor=SYSTEM,
                name=name,
                correlation={KEY: message_id},
                payload={"delivery": payload},
                message_id=f"{name}:{message_id}",
            )
