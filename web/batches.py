"""The same done with many tasks: each by a command of its own, in the name of whoever asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session

from engine.commands import ClaimTask, Command, CompleteHumanTask, DelegateTask
from engine.desk import BatchPart, ReportBatch, TakeBatch
from engine.errors import EngineError, Invalid, NotAllowed, NotFound
from engine.model import SYSTEM, Actor
from engine.queries.batches import waiting, was_done
from engine.queries.tasks import task as task_of
from engine.store.session import TENANT
from engine.store.wall import EVERY
from web.auth import actor_of, find_person
from web.bootstrap import Parts

log = structlog.get_logger(__name__)

Made = Callable[[Session, Actor, str, str, str], Command[Any]]


class HasForm(Invalid):
    """A task with a form is finished one by one."""


def _finish(session: Session, actor: Actor, tenant: str, task_id: str, _recipient: str) -> Command[Any]:
    """One with a form has to be read first."""
    if task_of(session, tenant, task_id, actor).form is not None:
        raise HasForm
    return CompleteHumanTask(tenant=tenant, actor=actor, task_id=task_id)


def _take(_session: Session, actor: Actor, tenant: str, task_id: str, _recipient: str) -> Command[Any]:
    return ClaimTask(tenant=tenant, actor=actor, task_id=task_id)


def _hand_over(_session: Session, actor: Actor, tenant: str, task_id: str, recipient: str) -> Command[Any]:
    return DelegateTask(tenant=tenant, actor=actor, task_id=task_id, username=recipient)


ACTS: Mapping[str, Made] = {"claim": _take, "delegate": _hand_over, "complete": _finish}


def carry_batches(parts: Parts) -> None:
    """Carry out what waits, a part of each batch in turn, so that a long one keeps nobody from theirs.

    One that fails doesn't keep the others from it either.
    """
    failed: set[str] = set()
    while found := _waiting(parts, failed):
        for tenant, batch_id in found:
            try:
                if not _carry(parts, tenant, batch_id):
                    failed.add(batch_id)
            except Exception as error:
                failed.add(batch_id)
                log.error("a batch stopped and will be taken up again", tenant=tenant, batch=batch_id, exc_info=error)


def _waiting(parts: Parts, without: set[str]) -> list[tuple[str, str]]:
    """What waits by now: somebody may have begun another one."""
    with parts.sessions(info={TENANT: EVERY}) as session:
        return [one for one in waiting(session, parts.clock.now()) if one[1] not in without]


def _carry(parts: Parts, tenant: str, batch_id: str) -> bool:
    """Do the next part of a batch; False where it is gone, has ended, or another worker has it."""
    try:
        part = parts.engine.execute(TakeBatch(tenant=tenant, actor=SYSTEM, batch_id=batch_id))
    except NotFound:
        return False
    if part is None:
        return False
    refused, done = _refusals(parts, tenant, part), len(part.task_ids)
    report = ReportBatch(tenant=tenant, actor=SYSTEM, batch_id=batch_id, begun=part.begun, done=done, refused=refused)
    parts.engine.execute(report)
    return True


def _refusals(parts: Parts, tenant: str, part: BatchPart) -> Mapping[str, int]:
    """Do it with each task of a part; give why some stayed as they were, by the name of the refusal."""
    return Counter(filter(None, (_refusal(parts, tenant, part, task_id) for task_id in part.task_ids)))


def _refusal(parts: Parts, tenant: str, part: BatchPart, task_id: str) -> str:
    try:
        with parts.sessions(info={TENANT: tenant}) as session:
            # Rights as they are now: whoever left meanwhile does nothing more.
            person = find_person(session, tenant, part.username)
            if person is None:
                return NotAllowed.__name__
            if part.since and was_done(session, tenant, part, task_id):
                return ""
            actor = actor_of(session, person, parts.clock.now())
            command = ACTS[part.act](session, actor, tenant, task_id, part.recipient)
        parts.engine.execute(command)
    except EngineError as error:
        return name_of(error)
    except Exception as error:
        log.error("a task of a batch failed", tenant=tenant, task=task_id, exc_info=error)
        return EngineError.__name__
    return ""


#: Refusals that are told apart; others go by the nearest above them.
TOLD = ("HasForm", "HumanTaskTaken", "HumanTaskNotOpen", "InstanceNotRunning", "NotAllowed", "NotFound", "EngineError")


def name_of(error: EngineError) -> str:
    """The name under which a refusal is counted."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in TOLD)
