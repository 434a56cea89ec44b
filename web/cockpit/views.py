"""What needs an operator first: what failed, what is late, what stands still; then every process."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import RetryIncident
from engine.ids import new_id
from engine.interventions import RetryMessage, RetryWatch, TryConnector
from engine.queries import breakers, definitions, load, operations, waiting, watches, workers, workload
from engine.queries.operations import IncidentFacts
from engine.queries.starts import failing_starts
from web.auth import actor
from web.cockpit.room import MOST_AT_ONCE, blueprint, execute, execute_each, reason_of_form
from web.digits import page_number
from web.health import open_wall
from web.here import now, session
from web.i18n import _
from web.tenancy import tenant_key
from web.ui.failing import Failure, connector_at, failure, silence

#: Lines of each list on the first page.
SHOWN = 6
OLDEST = 4


@blueprint.get("")
def overview() -> ResponseReturnValue:
    """What needs me, what runs."""
    facts = (session(), tenant_key(), now(), SHOWN)
    incidents = operations.incidents(session(), tenant_key(), page_size=SHOWN)
    return render_template(
        "cockpit/overview.html",
        unguarded=open_wall(),
        incidents=incidents,
        names={one.id: node_name(one.definition_id, one.node) for one in incidents.items},
        failures={one.id: failure_of(one) for one in incidents.items},
        watches=watches.failing_watches(session(), tenant_key(), actor(), page_size=SHOWN),
        starts=failing_starts(session(), tenant_key()),
        silent=[(one, silence(one)) for one in breakers.silent(session(), tenant_key())],
        late=waiting.late_tasks(*facts),
        still=waiting.still_tasks(*facts),
        in_vain=workload.in_vain(session(), tenant_key(), now()),
        late_jobs=waiting.late_jobs(*facts),
        late_timers=waiting.late_timers(*facts),
        oldest=waiting.oldest_cases(session(), tenant_key(), OLDEST),
        workers=workers.alive(session(), now()),
        messages=operations.kept_messages(session(), tenant_key()),
        numbers=operations.overview(session(), tenant_key(), now()),
        processes=load.processes(session(), tenant_key(), now()),
    )


@blueprint.post("/zpravy/<row_id>/znovu")
def retry_message(row_id: str) -> ResponseReturnValue:
    """Send a message again that was set aside."""
    execute(RetryMessage(tenant=tenant_key(), actor=actor(), row_id=row_id))
    flash(_("It is being tried again."))
    return redirect(url_for("cockpit.overview"), 303)


@blueprint.post("/hlidani/<watch_id>/znovu")
def retry_watch(watch_id: str) -> ResponseReturnValue:
    """Try again what a watched record could not set off."""
    execute(RetryWatch(tenant=tenant_key(), actor=actor(), watch_id=watch_id))
    flash(_("It is being tried again."))
    return redirect(url_for("cockpit.incidents"), 303)


@blueprint.post("/spojeni/<breaker_id>/znovu")
def try_connector(breaker_id: str) -> ResponseReturnValue:
    """Try at once whether another side answers again."""
    execute(TryConnector(tenant=tenant_key(), actor=actor(), breaker_id=breaker_id))
    flash(_("It is being tried again."))
    return redirect(url_for("cockpit.incidents"), 303)


@blueprint.get("/zavady")
def incidents() -> ResponseReturnValue:
    """Everything that failed, to be tried again one by one or together."""
    return incidents_page("", 200)


def incidents_page(error: str, status: int) -> ResponseReturnValue:
    """The list with what was wrong with the last attempt."""
    found = operations.incidents(session(), tenant_key(), page=page_number())
    return (
        render_template(
            "cockpit/incidents.html",
            found=found,
            names={one.id: node_name(one.definition_id, one.node) for one in found.items},
            failures={one.id: failure_of(one) for one in found.items},
            watches=watches.failing_watches(session(), tenant_key(), actor(), page_size=MOST_AT_ONCE),
            starts=failing_starts(session(), tenant_key()),
            silent=[(one, silence(one)) for one in breakers.silent(session(), tenant_key())],
            error=error,
            chosen=set(request.form.getlist("incident")),
            reason=request.form.get("reason", ""),
            address=lambda page: url_for("cockpit.incidents", page=page),
        ),
        status,
    )


@blueprint.post("/zavady")
def retry_many() -> ResponseReturnValue:
    """Try several incidents again, each by itself."""
    reason, error = reason_of_form()
    chosen = request.form.getlist("incident")[:MOST_AT_ONCE]
    if error or not chosen:
        return incidents_page(error or _("Choose at least one incident."), 422)
    batch = new_id()
    tries = [
        RetryIncident(tenant=tenant_key(), actor=actor(), incident_id=one, reason=reason, batch=batch) for one in chosen
    ]
    problems = list(filter(None, execute_each(tries)))
    flash(
        _(
            "Tried again: %(done)s. Could not be tried: %(failed)s.",
            done=len(tries) - len(problems),
            failed=len(problems),
        )
    )
    return redirect(url_for("cockpit.log", batch=batch), 303)


def node_name(definition_id: str, node_id: str) -> str:
    """A step's name in its diagram."""
    node = definitions.model_of(session(), tenant_key(), definition_id).nodes.get(node_id)
    return (node.name if node else "") or node_id


def failure_of(incident: IncidentFacts) -> Failure:
    """Why a step failed."""
    return failure(incident.message, connector_at(incident.definition_id, incident.node))
