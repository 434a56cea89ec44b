"""Incidents: what failed, and another try."""

from __future__ import annotations

from typing import Any

from engine.commands import RetryIncident
from engine.model import ROLE_ADMIN, ROLE_OPERATOR
from engine.queries import operations
from web.api.cases import OPERATING, execute
from web.api.paging import listed
from web.api.room import Room
from web.api.shapes import Incident, IncidentQuery, RetryReason
from web.auth import actor, require_group_or_reading
from web.here import session
from web.i18n import _
from web.tenancy import tenant_key

room = Room("incidents", "What failed and waits for an operator.")


@room.get("/incidents")
@room.arguments(IncidentQuery, location="query")
@room.lists(Incident, "The newest first.")
@room.refuses({403: OPERATING[403]})
def find(query: dict[str, Any]) -> Any:
    """List incidents."""
    require_group_or_reading(ROLE_OPERATOR, ROLE_ADMIN)
    return listed(operations.incidents(session(), tenant_key(), **query))


@room.post("/incidents/<incident_id>/retry")
@room.arguments(RetryReason, required=False)
@room.response(204, description="It is being tried again.")
@room.refuses({403: OPERATING[403], 409: "The incident is resolved already, or its case doesn't run."})
def retry(wanted: dict[str, str | None], incident_id: str) -> None:
    """Try again what failed; an outside action that has ended is not repeated."""
    require_group_or_reading(ROLE_OPERATOR, ROLE_ADMIN)
    # Every operation stands in the story with a reason; the call may come without a body, so it says who gave none.
    reason = wanted["reason"] or _("Tried again by a program, which gave no reason.")
    execute(RetryIncident(tenant=tenant_key(), actor=actor(), incident_id=incident_id, reason=reason))
