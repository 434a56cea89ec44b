"""Human tasks: the inbox and the verbs."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine.commands import ClaimTask, DelegateTask, ReleaseTask
from engine.queries import inbox as reads
from engine.queries.tasks import TaskFacts
from engine.queries.tasks import task as task_of
from web.answering import Asked, asked_by, completion
from web.api.answers import refusal, taken
from web.api.cases import execute
from web.api.paging import listed
from web.api.shapes import Delegation, Task, TaskData, TaskForm, TaskQuery
from web.auth import actor
from web.here import now, session
from web.tenancy import tenant_key

blueprint = Blueprint("api_tasks", __name__, description="Human tasks")


def task(task_id: str) -> TaskFacts:
    """A human task of this tenant, as this person sees it."""
    return task_of(session(), tenant_key(), task_id, actor())


@blueprint.get("/human-tasks")
@blueprint.arguments(TaskQuery, location="query")
@blueprint.response(200, Task(many=True))
def find(query: dict[str, Any]) -> Any:
    """List open human tasks."""
    view = query.pop("state")
    group = query.pop("candidate_group", None)
    wanted = reads.Wanted(view="all" if view == "open" else view, group=group, **query)
    return listed(reads.inbox(session(), tenant_key(), actor(), wanted, now()).tasks)


@blueprint.get("/human-tasks/<task_id>")
@blueprint.response(200, Task)
def one(task_id: str) -> TaskFacts:
    """Read a human task."""
    return task(task_id)


def asked_for(task_id: str) -> tuple[TaskFacts, Asked | None]:
    """A task with its form."""
    facts = task(task_id)
    return facts, asked_by(session(), tenant_key(), facts, None)


@blueprint.get("/human-tasks/<task_id>/form")
@blueprint.response(200, TaskForm)
def form(task_id: str) -> dict[str, Any]:
    """Read a task's form: its JSON Schema, and what it begins with."""
    _facts, asked = asked_for(task_id)
    if asked is None:
        return {"form": None, "form_schema": None, "data": {}}
    return {"form": asked.form_key, "form_schema": asked.sheet.form.schema, "data": asked.sheet.data}


@blueprint.post("/human-tasks/<task_id>/claim")
@blueprint.response(200, Task)
def claim(task_id: str) -> TaskFacts:
    """Take a task for oneself."""
    execute(ClaimTask(tenant=tenant_key(), actor=actor(), task_id=task_id))
    return task(task_id)


@blueprint.post("/human-tasks/<task_id>/release")
@blueprint.response(200, Task)
def release(task_id: str) -> TaskFacts:
    """Give a task back to its group."""
    execute(ReleaseTask(tenant=tenant_key(), actor=actor(), task_id=task_id))
    return task(task_id)


@blueprint.post("/human-tasks/<task_id>/delegate")
@blueprint.arguments(Delegation)
@blueprint.response(200, Task)
def delegate(wanted: dict[str, str], task_id: str) -> TaskFacts:
    """Hand a task to another person."""
    execute(DelegateTask(tenant=tenant_key(), actor=actor(), task_id=task_id, username=wanted["username"]))
    return task(task_id)


@blueprint.post("/human-tasks/<task_id>/complete")
@blueprint.arguments(TaskData)
@blueprint.response(200, Task)
@blueprint.alt_response(409, description="The task is not open.")
@blueprint.alt_response(422, description="The answer doesn't fit the form; `errors` lists pointers and sentences.")
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
