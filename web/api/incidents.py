"""Incidents: what failed, and another try."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from engine.commands import RetryIncident
from engine.model import ROLE_ADMIN, ROLE_OPERATOR
from engine.queries import operations
from web.api.cases import execute
from web.api.paging import listed
from web.api.shapes import Incident, Query, RetryReason
from web.auth import actor, require_group
from web.here import session
from web.tenancy import tenant_key

blueprint = Blueprint("api_incidents", __name__, description="Incidents")


@blueprint.get("/incidents")
@blueprint.arguments(Query, location="query")
@blueprint.response(200, Incident(many=True))
def find(query: dict[str, Any]) -> Any:
    """List open incidents, the newest first."""
    require_group(ROLE_OPERATOR, ROLE_ADMIN)
    return listed(operations.incidents(session(), tenant_key(), **query))


@blueprint.post("/incidents/<incident_id>/retry")
@blueprint.arguments(RetryReason)
@blueprint.response(204)
def retry(wanted: dict[str, str], incident_id: str) -> None:
    """Try again what failed."""
    require_group(ROLE_OPERATOR, ROLE_ADMIN)
    execute(RetryIncident(tenant=tenant_key(), actor=actor(), incident_id=incident_id, reason=wanted["reason"]))
