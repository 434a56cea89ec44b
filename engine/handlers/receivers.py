"""Who may send a message by its name: those who work in every agenda that hears it, now or later."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from engine.commands import CorrelateMessage
from engine.diagram import Model
from engine.entitled import RUNNING, STAFF
from engine.errors import AgendaOfOthers
from engine.handlers.rights import must_take_part
from engine.handlers.work import Work
from engine.store.cases import InstanceRow, MessageWaitRow
from engine.store.definitions import DeploymentRow, ProcessDefinitionRow, is_newest
from engine.store.sight import own_processes

_RECEIVING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def must_be_among_receivers(work: Work, command: CorrelateMessage) -> None:
    """Refuse one of the staff where an agenda of others hears the message, or none does that is theirs."""
    if work.actor.kind not in STAFF or work.actor.groups & RUNNING:
        return
    if command.instance_id:
        must_take_part(work, command.instance_id)
        return
    own = set(work.session.scalars(own_processes(work.tenant, work.actor)))
    hearing = {*_waiting(work, command.name), *_published(work, command.name)}
    if not hearing or not hearing <= own:
        raise AgendaOfOthers("A message may be sent only by those who work in every agenda that receives it.")


def _waiting(work: Work, name: str) -> Iterator[str]:
    yield from work.session.scalars(
        select(InstanceRow.process_key)
        .join(MessageWaitRow, MessageWaitRow.instance_id == InstanceRow.id)
        .where(MessageWaitRow.tenant == work.tenant, MessageWaitRow.kind == "message", MessageWaitRow.name == name)
        .distinct()
    )


def _published(work: Work, name: str) -> Iterator[str]:
    """One process of each agenda whose newest version hears the message: what is kept may reach a case of it later."""
    one_of_each = (
        select(func.min(ProcessDefinitionRow.id))
        .join(DeploymentRow, DeploymentRow.id == ProcessDefinitionRow.deployment_id)
        .where(ProcessDefinitionRow.tenant == work.tenant, is_newest(work.tenant))
        .group_by(DeploymentRow.id)
    )
    for definition_id in work.session.scalars(one_of_each).all():
        definition = work.published.by_id(work.session, work.tenant, definition_id)
        if _hears(definition.model, name):
            yield definition.process_key


def _hears(model: Model, name: str) -> bool:
    return any(
        trigger.kind == "message" and trigger.name == name
        for node in model.nodes.values()
        if node.kind in _RECEIVING
        for trigger in node.triggers
    )
