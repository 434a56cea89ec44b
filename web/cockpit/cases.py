"""Any case is found here, and several are suspended, let go on or ended at once."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands import Intervention, ResumeInstance, SuspendInstance, TerminateInstance
from engine.errors import NotFound
from engine.ids import new_id
from engine.queries import cases, definitions
from web.auth import actor
from web.cockpit.room import MOST_AT_ONCE, blueprint, execute_each, reason_of_form
from web.digits import page_number, whole
from web.here import session
from web.i18n import _
from web.said import said_by
from web.tenancy import tenant_key
from web.workplace.cases import STATUSES

#: Word in the form → command.
TOGETHER: dict[str, type[Intervention]] = {
    "suspend": SuspendInstance,
    "resume": ResumeInstance,
    "terminate": TerminateInstance,
}
FILTERS = ("q", "status", "process", "version", "incident")


def filters() -> dict[str, str]:
    """What the list is narrowed to."""
    return {name: request.args.get(name, "").strip()[:200] for name in FILTERS}


def wanted(kept: dict[str, str], page: int, page_size: int) -> cases.Wanted:
    """The filters as the query takes them."""
    return cases.Wanted(
        q=kept["q"],
        status=kept["status"] if kept["status"] in STATUSES and kept["status"] else None,
        process_key=kept["process"] or None,
        version=whole(kept["version"]),
        with_incident=bool(kept["incident"]),
        page=page,
        page_size=page_size,
    )


@blueprint.get("/pripady")
def find() -> ResponseReturnValue:
    """Cases by everything an operator may know of them."""
    return find_page("", 200)


def find_page(error: str, status: int) -> ResponseReturnValue:
    """The list with what was wrong with the last attempt."""
    kept = filters()
    found = reversed(definitions.definitions(session(), tenant_key()))
    names = {one.process_key: said_by(one.name, one.id) for one in found}

    def address(**changed: Any) -> str:
        said: dict[str, Any] = {**kept, **changed}
        return url_for("cockpit.find", **{name: value for name, value in said.items() if value})

    return (
        render_template(
            "cockpit/cases.html",
            found=cases.cases(session(), tenant_key(), wanted(kept, page_number(), 50), actor()),
            kept=kept,
            statuses=STATUSES,
            processes=names,
            address=address,
            error=error,
            most=MOST_AT_ONCE,
            chosen=set(request.form.getlist("case")),
            reason=request.form.get("reason", ""),
        ),
        status,
    )


@blueprint.post("/pripady")
def together() -> ResponseReturnValue:
    """Do the same with several cases; one that fails doesn't stop the rest."""
    command = TOGETHER.get(request.form.get("action", ""))
    if command is None:
        raise NotFound
    reason, error = reason_of_form()
    ids = chosen_cases()
    if error or not ids:
        return find_page(error or _("Choose at least one case."), 422)
    batch = new_id()
    asked = [command(tenant=tenant_key(), actor=actor(), instance_id=one, reason=reason, batch=batch) for one in ids]
    problems = list(filter(None, execute_each(asked)))
    flash(_("Done: %(done)s. Not possible: %(failed)s.", done=len(asked) - len(problems), failed=len(problems)))
    return redirect(url_for("cockpit.log", batch=batch), 303)


def chosen_cases() -> list[str]:
    """The ticked cases, or all that the filters find."""
    if request.form.get("all"):
        found = cases.cases(session(), tenant_key(), wanted(filters(), 1, MOST_AT_ONCE), actor())
        return [case.id for case in found.items]
    return request.form.getlist("case")[:MOST_AT_ONCE]
