"""The cockpit's room: only operators come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request

from engine.commands import Command, Intervention, RetryIncident
from engine.model import ROLE_ADMIN, ROLE_OPERATOR
from engine.queries import cases
from web.auth import let_in_only
from web.db import close_session
from web.here import engine, session
from web.i18n import _
from web.tenancy import tenant_key

blueprint = Blueprint("cockpit", __name__, url_prefix="/velin")
blueprint.before_request(let_in_only(ROLE_OPERATOR, ROLE_ADMIN))

#: The longest reason.
LONGEST = 2_000
#: Cases with which something is done in one request; the rest waits for another one.
MOST_AT_ONCE = 200


def execute(command: Command[Any]) -> Any:
    """Execute with no read transaction open."""
    close_session()
    return engine().execute(command)


def execute_each(commands: Sequence[Intervention | RetryIncident]) -> list[str]:
    """Execute one by one; gives why each could not be done."""
    close_session()
    return engine().execute_each(commands)


def case_by(number: str) -> cases.CaseFacts:
    """A case of this tenant by its number."""
    return cases.case(session(), tenant_key(), number=number)


def reason_of_form() -> tuple[str, str]:
    """The reason as it was written, and what is wrong with it."""
    reason = request.form.get("reason", "").strip()[:LONGEST]
    return reason, "" if reason else _("Write the reason; it stands in the story of the case.")
