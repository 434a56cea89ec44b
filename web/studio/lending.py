"""Registers that an agenda only leans on: while the agenda that owns one is here, it alone says what it is."""

from __future__ import annotations

from forms.edit import document
from forms.errors import FormSchemaError
from processes.agenda import Agenda
from web.here import session
from web.published import newest
from web.tenancy import tenant_key


def lender_of(agenda: str, content: bytes) -> Agenda | None:
    """Give the agenda that owns a register of this one; None where it is its own, or its owner isn't here."""
    try:
        owner = document.read(content).get("owner")
    except FormSchemaError:
        return None
    if owner == agenda:
        return None
    return next((one for one in newest(session(), tenant_key()).values() if one.key == owner), None)
