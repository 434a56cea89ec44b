"""A task handed over to come back: the colleague's answer waits for whoever asked for it, nothing is decided yet."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, null, select, update

from engine.handlers import drafts
from engine.handlers.notifying import notify
from engine.handlers.work import Work
from engine.model import SubmittedForm
from engine.store.base import table_of
from engine.store.cases import HumanTaskRow, InstanceRow
from engine.store.locking import OpenTask
from engine.store.papers import AttachmentRow, DraftRow
from engine.store.prepared import Prepared

#: For how long the answer waits.
KEPT = timedelta(days=90)
_tasks = table_of(HumanTaskRow)
_GIVE_BACK = Prepared(
    update(_tasks)
    .where(_tasks.c.id == bindparam("task"))
    .values(
        state="claimed",
        assignee=bindparam("owner"),
        answered_by=bindparam("by"),
        claimed_at=bindparam("at"),
        returns_to=null(),
        acting_for=null(),
    )
)


def give_back(work: Work, instance: InstanceRow, task: OpenTask, answer: SubmittedForm | None) -> None:
    """Put the answer before whoever handed the task over, as a draft that they may change."""
    facts = {"task": task.id, "owner": task.returns_to, "by": work.actor.username, "at": work.now}
    work.writes.put(_GIVE_BACK, facts)
    told = {"to": task.returns_to}
    if answer is not None:
        _leave_draft(work, instance, task, answer)
        told |= {"form": answer.form}
    notify(work, str(task.returns_to), "returned", instance, task_id=task.id, text=task.name)
    work.tell(instance, "task-returned", task.node, task.activity, **told)


def _leave_draft(work: Work, instance: InstanceRow, task: OpenTask, answer: SubmittedForm) -> None:
    owner = str(task.returns_to)
    drafts.hand_draft(work, task.id, owner)
    work.session.flush()
    draft = _draft(work, task, owner) or drafts.new_draft(work, task, instance, answer.form)
    draft.owner, draft.data, draft.form = owner, answer.data, answer.form
    draft.revision = (draft.revision or 0) + 1
    draft.saved_at, draft.expires_at = work.now, work.now + KEPT
    work.session.flush()
    _keep_files(work, draft, answer)


def _keep_files(work: Work, draft: DraftRow, answer: SubmittedForm) -> None:
    files = select(AttachmentRow).where(
        AttachmentRow.tenant == work.tenant,
        AttachmentRow.id.in_(answer.attachments),
        AttachmentRow.draft_id.is_(None) & AttachmentRow.instance_id.is_(None),
    )
    for file in work.session.scalars(files):
        file.draft_id = draft.id


def _draft(work: Work, task: OpenTask, owner: str) -> DraftRow | None:
    return work.session.scalar(
        select(DraftRow)
        .where(DraftRow.tenant == work.tenant, DraftRow.task_id == task.id, DraftRow.owner == owner)
        .where(DraftRow.instance_id.is_(None))
        .with_for_update()
    )
