"""Human tasks: taken, given back, handed on, answered."""

from __future__ import annotations

from sqlalchemy import bindparam, null, select, update

from engine.commands import ClaimTask, CompleteHumanTask, DelegateTask, ReleaseTask
from engine.diagram import Node
from engine.entitled import names
from engine.errors import HumanTaskNotOpen, InstanceNotRunning, NotAllowed, NotFound
from engine.handlers import drafts, papers
from engine.handlers.movement import advance
from engine.handlers.notifying import notify
from engine.handlers.registry import handles
from engine.handlers.returning import give_back
from engine.handlers.rights import act, must_be_able, must_differ, must_hold
from engine.handlers.work import Work
from engine.lifecycle import HUMAN_TASK, OPEN_TASK, step
from engine.model import SubmittedForm
from engine.store.base import table_of
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.locking import OpenTask
from engine.store.people import PersonRow
from engine.store.prepared import Prepared

_tasks = table_of(HumanTaskRow)
_COMPLETE = Prepared(
    update(_tasks)
    .where(_tasks.c.id == bindparam("task"))
    .values(state="completed", completed_at=bindparam("at"), completed_by=bindparam("by"), acting_for=bindparam("away"))
)
_HAND = Prepared(
    update(_tasks)
    .where(_tasks.c.id == bindparam("task"))
    .values(
        state=bindparam("to"),
        assignee=bindparam("person"),
        claimed_at=bindparam("at"),
        acting_for=bindparam("away"),
        returns_to=bindparam("back"),
    )
)

_KEEP_FOR_GOOD = Prepared(update(_tasks).where(_tasks.c.id == bindparam("task")).values(returns_to=null()))


@handles(ClaimTask)
def claim_task(work: Work, command: ClaimTask) -> None:
    """Make the actor the assignee; claiming one's own task again changes nothing."""
    instance, task = _open(work, command.task_id)
    act(work, instance, task)
    must_hold(task, work.actor)
    must_be_able(work, instance, task)
    if task.state == "claimed":
        return
    _hand(work, task, "claimed", work.actor.username, away=work.actor.acting_for, back=task.returns_to)
    work.tell(instance, "task-claimed", task.node, task.activity)


@handles(ReleaseTask)
def release_task(work: Work, command: ReleaseTask) -> None:
    """Give a claimed task back to those who may do it."""
    instance, task = _open(work, command.task_id)
    act(work, instance, task)
    must_hold(task, work.actor)
    must_be_able(work, instance, task)
    theirs = task.acting_for or task.assignee
    _hand(work, task, "open", theirs if _only_theirs(work, instance, task) else None)
    work.tell(instance, "task-released", task.node, task.activity)


@handles(DelegateTask)
def delegate_task(work: Work, command: DelegateTask) -> None:
    """Make another person the assignee; they may do the task even if their groups may not.

    Handed on again, it still comes back to the first who wanted it back.
    """
    instance, task = _open(work, command.task_id)
    act(work, instance, task)
    must_hold(task, work.actor)
    must_be_able(work, instance, task)
    if _node_of(work, instance, task).is_personal:
        raise NotAllowed("This task is its person's own, as a vote is: nobody else may do it.")
    _must_work_here(work, command.username)
    must_differ(work, task, {command.username})
    back = task.returns_to or (work.actor.username if command.returns else None)
    back = None if back == command.username else back
    _hand(work, task, "claimed", command.username, back=back)
    if command.with_draft:
        drafts.hand_draft(work, task.id, command.username)
    facts = {"to": command.username} | ({"returns": True} if back else {})
    notify(work, command.username, "delegated", instance, task_id=task.id, text=task.name)
    work.tell(instance, "task-delegated", task.node, task.activity, **facts)


@handles(CompleteHumanTask)
def complete_human_task(work: Work, command: CompleteHumanTask) -> None:
    """Write the answer down and let the case go on; a task that is to come back goes back with the answer."""
    instance, task = _open(work, command.task_id)
    act(work, instance, task)
    must_hold(task, work.actor)
    must_be_able(work, instance, task)
    if task.returns_to and task.returns_to not in names(work.actor):
        give_back(work, instance, task, command.submission)
        return
    _close(work, task)
    facts = {"name": task.name}
    if command.submission:
        facts |= _keep(work, instance, task, command.submission, command.draft_id)
    work.tell(instance, "task-completed", task.node, task.activity, **facts)
    advance(work, instance, {"do": "complete", "activity": task.activity, "data": command.data})


def take_from(work: Work, task_id: str, username: str) -> bool:
    """Take an open task from somebody who left; False where nobody else may do it, and it stays theirs.

    What should have come back to them is decided by whoever holds it.
    """
    instance, task = work.lock_task(task_id)
    if task.state not in OPEN_TASK:
        return True
    if task.assignee != username:
        work.writes.put(_KEEP_FOR_GOOD, {"task": task.id})
        return True
    theirs = _only_theirs(work, instance, task)
    if task.acting_for is None and theirs:
        return False
    if task.state == "claimed":
        _hand(work, task, "open", task.acting_for if theirs else None)
        work.tell(instance, "task-released", task.node, task.activity)
    return True


def _open(work: Work, task_id: str) -> tuple[InstanceRow, OpenTask]:
    instance, task = work.lock_task(task_id)
    if task.state not in OPEN_TASK:
        raise HumanTaskNotOpen(task=task.id, state=task.state)
    if instance.status != "running":
        raise InstanceNotRunning(instance=instance.id, status=instance.status)
    return instance, task


def _node_of(work: Work, instance: InstanceRow, task: OpenTask) -> Node:
    return work.definition(instance).model.nodes[task.node]


def _only_theirs(work: Work, instance: InstanceRow, task: OpenTask) -> bool:
    """Whether the diagram names the person, and nobody else may take the task when they give it back."""
    node = _node_of(work, instance, task)
    named = node.human is not None and node.human.assignee is not None
    return node.is_personal or (named and not task.candidate_group and not task.candidates)


def _close(work: Work, task: OpenTask) -> None:
    step(HUMAN_TASK, task.state, "completed", HumanTaskNotOpen)
    away = work.actor.acting_for
    work.writes.put(_COMPLETE, {"task": task.id, "at": work.now, "by": work.actor.username, "away": away})


def _hand(
    work: Work, task: OpenTask, state: str, username: str | None, *, away: str | None = None, back: str | None = None
) -> None:
    step(HUMAN_TASK, task.state, state, HumanTaskNotOpen)
    since = work.now if username else None
    facts = {"task": task.id, "to": state, "person": username, "at": since, "away": away, "back": back}
    work.writes.put(_HAND, facts)


def _must_work_here(work: Work, username: str) -> None:
    statement = select(PersonRow.id).where(
        PersonRow.tenant == work.tenant, PersonRow.username == username, PersonRow.active
    )
    if work.session.execute(statement).first() is None:
        raise NotFound(f"There is nobody called {username!r} here.", username=username)


def _keep(
    work: Work, instance: InstanceRow, task: OpenTask, submission: SubmittedForm, draft_id: str | None
) -> dict[str, str]:
    papers.adopt_attachments(work, instance, submission.attachments, draft_id)
    row = papers.record_submission(work, instance, submission, node=task.node)
    row.task_id = task.id
    if draft_id:
        drafts.end_draft(work, draft_id, instance)
    return {"form": submission.form, "submission": row.id}
