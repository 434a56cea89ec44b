"""What needs an operator first, then what runs; every intervention with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Command, ResumeInstance, RetryIncident, SuspendInstance, TerminateInstance
from engine.errors import NotFound
from engine.model import ROLE_ADMIN, ROLE_OPERATOR
from engine.queries import cases, definitions, operations
from web.auth import actor, require_group, sign_in_required
from web.db import close_session
from web.here import engine, now, session
from web.i18n import _
from web.tenancy import tenant_key

blueprint = Blueprint("cockpit", __name__, url_prefix="/velin")

#: Word in the address → command.
INTERVENTIONS: dict[str, type[SuspendInstance | ResumeInstance | TerminateInstance]] = {
    "pozastavit": SuspendInstance,
    "pokracovat": ResumeInstance,
    "ukoncit": TerminateInstance,
}


#: Lines of each list on the first page.
SHOWN = 15


def require_operator() -> None:
    """The cockpit is the operators'."""
    require_group(ROLE_OPERATOR, ROLE_ADMIN)


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)


@blueprint.get("")
@sign_in_required
def overview() -> ResponseReturnValue:
    """What needs me, what runs."""
    require_operator()
    incidents = operations.incidents(session(), tenant_key())
    timers = operations.timers(session(), tenant_key(), page_size=SHOWN)
    return render_template(
        "cockpit/overview.html",
        numbers=operations.overview(session(), tenant_key(), now()),
        incidents=incidents,
        names={one.id: node_name(one) for one in incidents.items},
        jobs=operations.jobs(session(), tenant_key(), states=("ready", "running", "failed")),
        timers=timers,
        steps={one.id: step_name(one) for one in timers.items},
        messages=operations.kept_messages(session(), tenant_key()),
    )


def step_name(timer: operations.TimerFacts) -> str:
    """The timer's name in the diagram."""
    node = definitions.model_of(session(), tenant_key(), timer.definition_id).nodes.get(timer.node)
    return (node.name if node else "") or timer.node


def node_name(incident: operations.IncidentFacts) -> str:
    """The step's name in the diagram."""
    node = definitions.model_of(session(), tenant_key(), incident.definition_id).nodes.get(incident.node)
    return (node.name if node else "") or incident.node


@blueprint.post("/zavady/<incident_id>/znovu")
@sign_in_required
def retry(incident_id: str) -> ResponseReturnValue:
    """Try again what failed."""
    require_operator()
    reason = request.form.get("reason", "").strip()[:2000]
    execute(RetryIncident(tenant=tenant_key(), actor=actor(), incident_id=incident_id, reason=reason))
    flash(_("It is being tried again."))
    return redirect(url_for("cockpit.overview"), 303)


@blueprint.get("/pripady/<number>/<intervention>")
@sign_in_required
def ask(number: str, intervention: str) -> ResponseReturnValue:
    """Ask for the reason."""
    require_operator()
    if intervention not in INTERVENTIONS:
        raise NotFound
    case = cases.case(session(), tenant_key(), number=number)
    return render_template("cockpit/intervene.html", case=case, intervention=intervention, error="")


@blueprint.post("/pripady/<number>/<intervention>")
@sign_in_required
def intervene(number: str, intervention: str) -> ResponseReturnValue:
    """Suspend, let go on, or end a case; the reason stands in its story."""
    require_operator()
    if intervention not in INTERVENTIONS:
        raise NotFound
    case = cases.case(session(), tenant_key(), number=number)
    reason = request.form.get("reason", "").strip()[:2000]
    if not reason:
        error = _("Write the reason; it stands in the story of the case.")
        return render_template("cockpit/intervene.html", case=case, intervention=intervention, error=error), 422
    execute(INTERVENTIONS[intervention](tenant=tenant_key(), actor=actor(), instance_id=case.id, reason=reason))
    flash(_("Done. It stands in the story of the case."))
    return redirect(url_for("cases.story", number=number), 303)
