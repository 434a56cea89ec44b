"""Who may do what. Every refusal is NotAllowed, or a Conflict where somebody else was faster."""

from __future__ import annotations

from sqlalchemy import select

from engine.errors import HumanTaskTaken, Invalid, NotAllowed
from engine.handlers.work import Work
from engine.model import ROLE_ADMIN, ROLE_AUTHOR, ROLE_OPERATOR, Actor
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.locking import OpenTask

STAFF = ("person", "api")


def names(actor: Actor) -> set[str]:
    """The person and whom they stand in for."""
    return {name for name in (actor.username, actor.acting_for) if name}


def must_be_able(work: Work, instance: InstanceRow, task: OpenTask) -> None:
    """Refuse an actor who isn't the one, or one of those, for whom the human task is."""
    actor = work.actor
    if actor.kind == "system":
        return
    if task.audience == "applicant":
        return _must_be_applicant(actor, instance)
    if actor.kind not in STAFF or not _is_for(actor, task):
        raise NotAllowed
    return must_differ(work, task, names(actor))


def must_hold(task: OpenTask, actor: Actor) -> None:
    """Refuse to act on a human task that somebody else has claimed."""
    if task.assignee and actor.kind in STAFF and task.assignee not in names(actor):
        raise HumanTaskTaken(task=task.id)


def must_differ(work: Work, task: OpenTask, people: set[str]) -> None:
    """Four eyes: refuse whoever did the activity that this human task checks."""
    if not task.differs_from:
        return
    statement = (
        select(HumanTaskRow.completed_by)
        .where(
            HumanTaskRow.tenant == work.tenant,
            HumanTaskRow.instance_id == task.instance_id,
            HumanTaskRow.node == task.differs_from,
            HumanTaskRow.state == "completed",
        )
        .order_by(HumanTaskRow.completed_at.desc(), HumanTaskRow.opened_at.desc())
        .limit(1)
    )
    if work.session.execute(statement).scalar_one_or_none() in people:
        raise NotAllowed("The same person must not do both: four eyes are asked for.")


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


def _must_be_applicant(actor: Actor, instance: InstanceRow) -> None:
    # An applicant without an account has shown the case's secret to the web before this command.
    stranger = actor.username and instance.applicant_username and actor.username != instance.applicant_username
    if actor.kind != "applicant" or stranger:
        raise NotAllowed


def _is_for(actor: Actor, task: OpenTask) -> bool:
    people = {*(task.candidates or ()), *filter(None, [task.assignee])}
    if not people and not task.candidate_group:
        return True
    return bool(names(actor) & people) or task.candidate_group in actor.groups
