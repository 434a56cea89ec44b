"""Human tasks: the inbox and the verbs."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine.commands import ClaimTask, CompleteHumanTask, DelegateTask, ReleaseTask
from engine.model import SubmittedForm
from engine.queries import inbox as reads
from engine.queries.tasks import TaskFacts
from engine.queries.tasks import task as task_of
from web.api.cases import execute
from web.api.paging import listed
from web.api.shapes import Delegation, Task, TaskData, TaskForm, TaskQuery
from web.auth import actor
from web.errors import FormRefused
from web.here import now, session
from web.tenancy import tenant_key
from web.ui.task_forms import checked, form_of, prefilled, schema_of

blueprint = Blueprint("api_tasks", __name__, description="Human tasks")


def task(task_id: str) -> TaskFacts:
    """A human task of this tenant."""
    return task_of(session(), tenant_key(), task_id, actor())


@blueprint.get("/human-tasks")
@blueprint.arguments(TaskQuery, location="query")
@blueprint.response(200, Task(many=True))
def find(query: dict[str, Any]) -> Any:
    """List open human tasks."""
    view = {"open": "all"}.get(query.pop("state"), "") or query.get("state", "all")
    group = query.pop("candidate_group", None)
    wanted = reads.Wanted(view=view, group=group, **query)
    return listed(reads.inbox(session(), tenant_key(), actor(), wanted, now()).tasks)
