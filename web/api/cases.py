"""Process instances: start, read, operate."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine.commands import Command, ResumeInstance, StartInstance, SuspendInstance, TerminateInstance
from engine.model import ROLE_ADMIN, ROLE_OPERATOR, Started, SubmittedForm
from engine.queries import cases as reads
from engine.queries import definitions
from engine.queries.story import story
from forms.compile import Form
from web.api.answers import refusal, taken
from web.api.paging import listed
from web.api.shapes import Case, CaseQuery, Entry, Reason, StartCase
from web.auth import actor, require_group
from web.db import close_session
from web.here import engine, session
from web.portal.applicant import applicant
from web.published import form_of
from web.tenancy import tenant_key
from web.ui.form_flow import file_ids

blueprint = Blueprint("api_cases", __name__, description="Process instances")


def case(instance_id: str) -> reads.CaseFacts:
    """A case of this tenant."""
    return reads.case(session(), tenant_key(), instance_id=instance_id)


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)


@blueprint.post("/process-instances")
@blueprint.arguments(StartCase)
@blueprint.response(201, Case)
@blueprint.alt_response(
    422, description="The variables don't fit the start form; `errors` lists pointers and sentences."
)
def start(wanted: dict[str, Any]) -> Any:
    """Start a case on the newest version of a process; where it begins with a form, by that form."""
    given: dict[str, Any] = {}
    begins = start_form(wanted["process_key"])
    if begins is not None:
        key, form = begins
        wanted["variables"] = taken(form, wanted["variables"])
        if (refused := refusal(form, wanted["variables"])) is not None:
            return refused
        files = file_ids(form, wanted["variables"])
        given["submission"] = SubmittedForm(form=key, data=wanted["variables"], channel="api", attachments=files)
        given["applicant"] = applicant(form, wanted["variables"])
    command = StartInstance(tenant=tenant_key(), actor=actor(), **wanted, **given)
    started: Started = execute(command)
    return case(started.instance_id)


def start_form(process_key: str) -> tuple[str, Form] | None:
    """The form with which a process begins, and its key."""
    definition = definitions.newest_definition(session(), tenant_key(), process_key)
    model = definitions.model_of(session(), tenant_key(), definition.id)
    starts = (model.nodes[node].start for node in model.nodes[process_key].starts)
    begins = next((start for start in starts if start is not None), None)
    if begins is None:
        return None
    return begins.form, form_of(session(), tenant_key(), definition.deployment_id, begins.form)


@blueprint.get("/process-instances")
@blueprint.arguments(CaseQuery, location="query")
@blueprint.response(200, Case(many=True))
def find(query: dict[str, Any]) -> Any:
    """List cases, the newest first."""
    return listed(reads.cases(session(), tenant_key(), reads.Wanted(**query)))


@blueprint.get("/process-instances/<instance_id>")
@blueprint.response(200, Case)
def one(instance_id: str) -> reads.CaseFacts:
    """Read a case."""
    return case(instance_id)


@blueprint.get("/process-instances/<instance_id>/history")
@blueprint.response(200, Entry(many=True))
def history(instance_id: str) -> Any:
    """Read what happened, the oldest first."""
    return list(reversed(story(session(), tenant_key(), case(instance_id).id, everything=True, limit=1000)))


@blueprint.get("/process-instances/<instance_id>/variables")
@blueprint.response(200)
def variables(instance_id: str) -> Any:
    """Read the variables of a case."""
    return reads.variables(session(), tenant_key(), case(instance_id).id)


def operate(command: type[SuspendInstance | ResumeInstance | TerminateInstance], instance_id: str, reason: str) -> Any:
    """Do what only operators may, and give the case as it is then."""
    require_group(ROLE_OPERATOR, ROLE_ADMIN)
    execute(command(tenant=tenant_key(), actor=actor(), instance_id=instance_id, reason=reason))
    return case(instance_id)


@blueprint.post("/process-instances/<instance_id>/suspend")
@blueprint.arguments(Reason)
@blueprint.response(200, Case)
def suspend(wanted: dict[str, str], instance_id: str) -> Any:
    """Stop a case for a while."""
    return operate(SuspendInstance, instance_id, wanted["reason"])


@blueprint.post("/process-instances/<instance_id>/resume")
@blueprint.arguments(Reason)
@blueprint.response(200, Case)
def resume(wanted: dict[str, str], instance_id: str) -> Any:
    """Let a suspended case go on."""
    return operate(ResumeInstance, instance_id, wanted["reason"])


@blueprint.post("/process-instances/<instance_id>/terminate")
@blueprint.arguments(Reason)
@blueprint.response(200, Case)
def terminate(wanted: dict[str, str], instance_id: str) -> Any:
    """End a case."""
    return operate(TerminateInstance, instance_id, wanted["reason"])
