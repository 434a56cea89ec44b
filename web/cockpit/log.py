"""What operators have done, and taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.interventions import UndoOperation
from engine.queries import interventions
from web.auth import actor
from web.cockpit.room import blueprint, execute, reason_of_form
from web.digits import page_number
from web.here import session
from web.i18n import _, local_path
from web.tenancy import tenant_key
from web.ui.operating import KINDS


@blueprint.get("/zasahy")
def log() -> ResponseReturnValue:
    """Interventions, the newest first; those done together on a page of their own."""
    batch = request.args.get("batch", "")[:32]
    found = interventions.operations(session(), tenant_key(), batch=batch or None, page=page_number())

    def address(page: str) -> str:
        return url_for("cockpit.log", batch=batch or None, page=page)

    return render_template("cockpit/log.html", found=found, batch=batch, kinds=KINDS, address=address)


@blueprint.post("/zasahy/<operation_id>/zpet")
def undo(operation_id: str) -> ResponseReturnValue:
    """Take an intervention back."""
    reason, error = reason_of_form()
    back = local_path(request.form.get("next"), url_for("cockpit.log"))
    if error:
        flash(error)
        return redirect(back, 303)
    execute(UndoOperation(tenant=tenant_key(), actor=actor(), operation_id=operation_id, reason=reason))
    flash(_("Taken back: the case stands where it stood before."))
    return redirect(back, 303)
