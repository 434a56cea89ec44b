"""Who may do what. Every refusal is NotAllowed, or a Conflict where somebody else was faster."""

from __future__ import annotations

from engine.entitled import STAFF, acting, is_for, is_taken, names
from engine.errors import HumanTaskTaken, Invalid, NotAllowed
from engine.handlers.work import Work
from engine.model import ROLE_ADMIN, ROLE_AUTHOR, ROLE_OPERATOR, Actor
from engine.store.cases import InstanceRow
from engine.store.doers import last_doers
from engine.store.locking import OpenTask


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
        must_differ(work, task, names(work.actor))


def must_hold(task: OpenTask, actor: Actor) -> None:
    """Refuse to act on a human task that somebody else has claimed."""
    if is_taken(task, actor):
        raise HumanTaskTaken(task=task.id)


def must_differ(work: Work, task: OpenTask, people: set[str]) -> None:
    """Four eyes: refuse whoever did the activity that this human task checks."""
    if _doers(work, task) & people:
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
