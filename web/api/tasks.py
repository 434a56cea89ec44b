"""Human tasks: the inbox and the verbs."""

from __future__ import annotations

from typing import Any

from engine.commands import ClaimTask, DelegateTask, ReleaseTask
from engine.queries import inbox as reads
from engine.queries.tasks import TaskFacts
from web.answering import Asked, asked_by, completion
from web.api.answers import refusal, taken
from web.api.cases import execute
from web.api.paging import listed
from web.api.room import Room
from web.api.shapes import Delegation, Task, TaskData, TaskForm, TaskQuery
from web.auth import actor
from web.here import now, session
from web.noting import noted
from web.sight import task_seen
from web.tenancy import tenant_key

room = Room("human-tasks", "Work for people: the inbox and the verbs.")

#: What the verbs refuse.
NOT_YOURS = "The task is for somebody else, or four eyes are asked for."
NOT_OPEN = "The task is not open any more, somebody else has claimed it, or its case is suspended."
WORKING = {403: NOT_YOURS, 409: NOT_OPEN}


def task(task_id: str) -> TaskFacts:
    """A human task of this tenant, as this person sees it."""
    return task_seen(task_id)


@room.get("/human-tasks")
@room.arguments(TaskQuery, location="query")
@room.lists(Task, "In the order asked for.")
def find(query: dict[str, Any]) -> Any:
    """List the human tasks of the cases that the person may read."""
    wanted = reads.Wanted(group=query.pop("candidate_group", None), **query)
    return listed(reads.tasks(session(), tenant_key(), actor(), wanted, now()))


@room.get("/human-tasks/<task_id>")
@room.response(200, Task, description="The task, open or done.")
def one(task_id: str) -> TaskFacts:
    """Read a human task."""
    return task(task_id)


def asked_for(task_id: str) -> tuple[TaskFacts, Asked | None]:
    """A task with its form."""
    facts = task(task_id)
    return facts, asked_by(session(), tenant_key(), facts, None)


@room.get("/human-tasks/<task_id>/form")
@room.response(200, TaskForm, description="The form; all null where the task has none.")
def form(task_id: str) -> dict[str, Any]:
    """Read a task's form: its JSON Schema, and what it begins with."""
    _facts, asked = asked_for(task_id)
    if asked is None:
        return {"form": None, "form_schema": None, "data": {}}
    noted("read-form", "task", task_id, form=asked.form_key)
    return {"form": asked.form_key, "form_schema": asked.sheet.form.schema, "data": asked.sheet.data}


@room.post("/human-tasks/<task_id>/claim")
@room.response(200, Task, description="The task, claimed.")
@room.refuses(WORKING)
def claim(task_id: str) -> TaskFacts:
    """Take a task for oneself."""
    execute(ClaimTask(tenant=tenant_key(), actor=actor(), task_id=task_id))
    return task(task_id)


@room.post("/human-tasks/<task_id>/release")
@room.response(200, Task, description="The task, open to its group.")
@room.refuses(WORKING)
def release(task_id: str) -> TaskFacts:
    """Give a task back to its group."""
    execute(ReleaseTask(tenant=tenant_key(), actor=actor(), task_id=task_id))
    return task(task_id)


@room.post("/human-tasks/<task_id>/delegate")
@room.arguments(Delegation)
@room.response(200, Task, description="The task, claimed for the other person.")
@room.refuses({**WORKING, 404: "There is no such task, or nobody with this username."})
def delegate(wanted: dict[str, Any], task_id: str) -> TaskFacts:
    """Hand a task to another person."""
    execute(DelegateTask(tenant=tenant_key(), actor=actor(), task_id=task_id, **wanted))
    return task(task_id)


@room.post("/human-tasks/<task_id>/complete")
@room.arguments(TaskData, required=False)
@room.response(200, Task, description="The task, completed; the case has moved on.")
@room.refuses({**WORKING, 422: "The answer doesn't fit the form; `errors` says where. Nothing was written."})
def complete(wanted: dict[str, Any], task_id: str) -> Any:
    """Answer a task. The answer is checked by its form, as a person's would be."""
    facts, asked = asked_for(task_id)
    data = wanted["data"]
    if asked is not None:
        data = taken(asked.sheet.form, data, asked.sheet.data)
        if (refused := refusal(asked.sheet.form, data)) is not None:
            return refused
    execute(completion(facts, asked, data, tenant=tenant_key(), actor=actor(), channel="api"))
    return task(task_id)
