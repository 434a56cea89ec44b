"""Workload: how much lies on whom, for the head of the office."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.calendar import day_in_prague
from engine.model import ROLE_ADMIN
from engine.queries.substitutions import running
from engine.queries.workload import workload
from web.auth import require_group_or_reading, sign_in_required
from web.here import now, session
from web.tenancy import tenant_key

blueprint = Blueprint("workload", __name__, url_prefix="/prace/vytizeni")


@blueprint.get("")
@sign_in_required
def listed() -> ResponseReturnValue:
    """Everybody with what lies on them, and groups with what nobody has taken."""
    require_group_or_reading(ROLE_ADMIN)
    away = {row.absent: row.ends_on for row in running(session(), tenant_key(), day_in_prague(now()))}
    found = workload(session(), tenant_key(), now())
    return render_template("work/workload.html", load=found, away=away)
