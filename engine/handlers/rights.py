"""Who may do what. Every refusal is NotAllowed, or a Conflict where somebody else was faster."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from engine.entitled import RUNNING, STAFF, acting, is_for, is_for_everybody, is_taken, names
from engine.errors import AgendaOfOthers, HumanTaskTaken, Invalid, NotAllowed, NotFound
from engine.handlers.work import Work
from engine.model import ROLE_ADMIN, ROLE_AUTHOR, ROLE_OPERATOR, Actor
from engine.store.cases import InstanceRow
from engine.store.definitions import ProcessDefinitionRow
from engine.store.doers import last_doers
from engine.store.locking import OpenTask
from engine.store.sight import may_take_part, own_processes


def act(work: Work, instance: InstanceRow, task: OpenTask) -> None:
    """Let the actor act as they may on this task: themselves, or for a colleague who is away."""
    if work.actor.stands_in or task.acting_for:
        personal = work.definition(instance).model.nodes[task.node].is_personal
        work.act_as(acting(task, work.actor, personal=personal, doers=_doers(work, task)))


def must_be_able(work: Work, instance: InstanceRow, task: OpenTask) -> None:
    """Refuse an actor who isn't the one, or one of those, for whom the human task is."""
    if not is_for(task, work.actor, instance.applicant_username):
        raise NotAllowed
    if work.actor.kind in STAFF:
        if is_for_everybody(task):
            must_work_in(work, instance)
        if task.differs_from:
            must_differ(work, task, names(work.actor))


def must_work_in(work: Work, instance: InstanceRow) -> None:
    """Refuse one of the staff who has no part in the case's agenda; one that names no group is everybody's."""
    if work.actor.groups & RUNNING or not work.definition(instance).groups:
        return
    own = (
        own_processes(work.tenant, work.actor).where(ProcessDefinitionRow.process_key == instance.process_key).limit(1)
    )
    if work.session.scalar(own) is None:
        raise AgendaOfOthers


def must_take_part(work: Work, instance_id: str) -> InstanceRow:
    """Give a case into which the actor may write. Refuses one of the staff who may not even read it."""
    of_case = select(InstanceRow).where(InstanceRow.tenant == work.tenant, InstanceRow.id == instance_id)
    instance = work.session.scalar(of_case)
    if instance is None:
        raise NotFound
    if work.actor.kind in STAFF and not _holds(work, instance_id, may_take_part(work.session, work.tenant, work.actor)):
        raise AgendaOfOthers
    return instance


def _holds(work: Work, instance_id: str, condition: ColumnElement[bool]) -> bool:
    return work.session.scalar(select(InstanceRow.id).where(InstanceRow.id == instance_id, condition)) is not None


def must_hold(task: OpenTask, actor: Actor) -> None:
    """Refuse to act on a human task that somebody else has claimed."""
    if is_taken(task, actor):
        raise HumanTaskTaken(task=task.id)


def must_differ(work: Work, task: OpenTask, people: set[str]) -> None:
    """Four eyes: refuse whoever did the activity that this human task checks."""
    if task.differs_from and _doers(work, task) & people:
        raise NotAllowed("The same person must not do both: four eyes are asked for.")


def _doers(work: Work, task: OpenTask) -> set[str]:
    if not task.differs_from:
        return set()
    return last_doers(work.session, work.tenant, task.instance_id, task.differs_from)


def must_operate(actor: Actor) -> None:
    """Refuse whoever is neither an operator nor an administrator."""
    if actor.kind != "system" and not actor.groups & {ROLE_OPERATOR, ROLE_ADMIN}:
        raise NotAllowed


def must_publish(actor: Actor) -> None:
    """Refuse whoever is neither an author nor an administrator."""
    if actor.kind != "system" and not actor.groups & {ROLE_AUTHOR, ROLE_ADMIN}:
        raise NotAllowed


def reason_given(reason: str) -> str:
    """Give the reason of an operation; an empty one is refused."""
    if not reason.strip():
        raise Invalid("An operation needs a reason.")
    return reason.strip()
