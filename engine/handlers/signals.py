"""Signals: heard by every case that listens, and beginning every process that begins with them."""

from __future__ import annotations

from sqlalchemy import select

from engine.commands import BroadcastSignal
from engine.handlers.cases import begin_untold, begun_by, open_case
from engine.handlers.incidents import open_incident
from engine.handlers.movement import attempt
from engine.handlers.registry import handles
from engine.handlers.work import Work
from engine.model import Applicant, Variables
from engine.store.cases import InstanceRow, MessageWaitRow


@handles(BroadcastSignal)
def broadcast_signal(work: Work, command: BroadcastSignal) -> int:
    """Let everyone hear; all of them do, or none."""
    return broadcast(work, command.name, dict(command.payload))


def broadcast(work: Work, name: str, payload: Variables, thrown_by: str | None = None) -> int:
    """Let every listening case but the one that sent it hear a signal; gives how many did."""
    heard, heard_at = 0, set()
    for instance_id in _listeners(work, name, thrown_by):
        instance = work.lock(instance_id)
        if node := _listens(work, instance, name):
            work.tell(instance, "signal-received", name=name)
            # One case that never rests must not keep the signal from all the others, again and again.
            if problem := attempt(work, instance, {"do": "signal", "name": name, "payload": payload}):
                open_incident(work, instance, problem, node=node)
            heard += 1
            heard_at.add((instance.process_key, node))
    for definition, node in begun_by(work, "signal", name, []):
        if (definition.process_key, node) in heard_at:
            # A case that has half begun, with another of several signals, has taken this one.
            continue
        instance, _secret = open_case(work, definition, Applicant())
        begin_untold(work, instance, definition, {"at": node, "name": name, "payload": payload})
        heard += 1
    return heard


def _listeners(work: Work, name: str, thrown_by: str | None) -> list[str]:
    statement = (
        select(MessageWaitRow.instance_id)
        .join(InstanceRow, InstanceRow.id == MessageWaitRow.instance_id)
        .where(
            MessageWaitRow.tenant == work.tenant,
            MessageWaitRow.kind == "signal",
            MessageWaitRow.name == name,
            MessageWaitRow.instance_id != (thrown_by or ""),
            InstanceRow.status == "running",
        )
        .distinct()
        # Locked always in the same order, so that two signals at once don't wait for each other for ever.
        .order_by(MessageWaitRow.instance_id)
    )
    return list(work.session.execute(statement).scalars())


def _listens(work: Work, instance: InstanceRow, name: str) -> str | None:
    """Give a node at which the locked case still listens."""
    statement = select(MessageWaitRow.node).where(
        MessageWaitRow.instance_id == instance.id,
        MessageWaitRow.tenant == work.tenant,
        MessageWaitRow.kind == "signal",
        MessageWaitRow.name == name,
    )
    return work.session.scalars(statement).first() if instance.status == "running" else None
