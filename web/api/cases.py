"""Process instances: start, read, operate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import jsonify

from engine.commands import Command, ResumeInstance, StartInstance, SuspendInstance, TerminateInstance
from engine.model import ROLE_ADMIN, ROLE_OPERATOR, Started, SubmittedForm
from engine.queries import cases as reads
from engine.queries import definitions
from engine.queries.story import history_page
from forms.compile import Form
from web.api.answers import refusal, taken
from web.api.idempotency import current_key
from web.api.paging import listed
from web.api.room import Room
from web.api.shapes import Case, CaseQuery, Entry, Query, Reason, StartCase
from web.auth import actor, require_group
from web.db import close_session
from web.here import engine, session
from web.masking import mask
from web.noting import noted
from web.portal.applicant import applicant
from web.published import form_of
from web.sight import case_seen
from web.tenancy import tenant_key
from web.ui.form_flow import file_ids

room = Room("process-instances", "Cases: start, read, operate.")


def case(instance_id: str) -> reads.CaseFacts:
    """A case of this tenant that this person may read."""
    return case_seen(instance_id=instance_id)


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command, current_key())


@room.post("/process-instances")
@room.arguments(StartCase)
@room.response(201, Case, description="The case began.")
@room.refuses(
    {
        403: "The person may not start this process.",
        404: "There is no such process.",
        409: "There is a case with this number, or a request with the same Idempotency-Key is being answered.",
        422: "The answers don't fit the form with which the process begins; `errors` says where.",
    }
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


@room.get("/process-instances")
@room.arguments(CaseQuery, location="query")
@room.lists(Case, "The newest first.")
def find(query: dict[str, Any]) -> Any:
    """List the cases that the person may read."""
    return listed(reads.cases(session(), tenant_key(), reads.Wanted(**query), actor()))


@room.get("/process-instances/<instance_id>")
@room.response(200, Case, description="The case.")
def one(instance_id: str) -> reads.CaseFacts:
    """Read a case."""
    return case(instance_id)


@room.get("/process-instances/<instance_id>/history")
@room.arguments(Query, location="query")
@room.lists(Entry, "The oldest first.")
def history(query: dict[str, int], instance_id: str) -> Any:
    """Read what happened in a case."""
    found = case(instance_id)
    shown = mask(session(), tenant_key(), found, actor().groups)
    noted("read-history", "case", found.business_key)
    page = history_page(session(), tenant_key(), found.id, **query)
    return listed(replace(page, items=[replace(one, facts=shown.over_facts(one.facts)) for one in page.items]))


@room.get("/process-instances/<instance_id>/variables")
@room.response(200, {"type": "object"}, description="The variables by name.")
def variables(instance_id: str) -> Any:
    """Read the variables of a case; answers that are not for the person's groups come as dots."""
    found = case(instance_id)
    noted("read-variables", "case", found.business_key)
    shown = mask(session(), tenant_key(), found, actor().groups)
    return jsonify(shown.over(reads.variables(session(), tenant_key(), found.id)))


def operate(command: type[SuspendInstance | ResumeInstance | TerminateInstance], instance_id: str, reason: str) -> Any:
    """Do what only operators may, and give the case as it is then."""
    require_group(ROLE_OPERATOR, ROLE_ADMIN)
    execute(command(tenant=tenant_key(), actor=actor(), instance_id=instance_id, reason=reason))
    return case(instance_id)


#: What the calls of operators refuse.
OPERATING = {403: "Only operators and administrators may do this.", 409: "The case is not in a status that allows it."}


@room.post("/process-instances/<instance_id>/suspend")
@room.arguments(Reason)
@room.response(200, Case, description="The case, suspended.")
@room.refuses(OPERATING)
def suspend(wanted: dict[str, str], instance_id: str) -> Any:
    """Stop a case for a while: no task, timer or message moves it."""
    return operate(SuspendInstance, instance_id, wanted["reason"])


@room.post("/process-instances/<instance_id>/resume")
@room.arguments(Reason)
@room.response(200, Case, description="The case, running.")
@room.refuses(OPERATING)
def resume(wanted: dict[str, str], instance_id: str) -> Any:
    """Let a suspended case go on."""
    return operate(ResumeInstance, instance_id, wanted["reason"])


@room.post("/process-instances/<instance_id>/terminate")
@room.arguments(Reason)
@room.response(200, Case, description="The case, terminated.")
@room.refuses(OPERATING)
def terminate(wanted: dict[str, str], instance_id: str) -> Any:
    """End a case with everything that is open in it."""
    return operate(TerminateInstance, instance_id, wanted["reason"])
